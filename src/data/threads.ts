/**
 * Threads that answer requests side by side. A thread that fails, or a wish to stop, ends all of them: every request
 * that still waits is refused with that reason.
 */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parentPort, Worker, type Transferable } from 'node:worker_threads';
import { PretextError, type Failure } from '../contract/errors.ts';

const MOST_THREADS = 16;

/** As many as there are cores. */
export const threadCount = (): number => Math.min(MOST_THREADS, availableParallelism());

export interface Threads {
  /** Has the request answered by the thread with the least to do. */
  ask<Answer>(request: unknown, transfer?: readonly Transferable[]): Promise<Answer>;
  /** Ends all threads, whatever they do. */
  close(): Promise<void>;
}

interface ThreadStart {
  /** The module that asks, beside which `worker.ts` lies, and the name of its bundle. */
  beside: string;
  bundle: string;
  count: number;
  /** What each thread begins with, by its number. */
  dataOf(number: number): unknown;
  signal?: AbortSignal | undefined;
}

type Reply = { value: unknown } | { failure: Failure | null; stack: string };

interface Waiting {
  resolve(value: never): void;
  reject(reason: unknown): void;
}

export function startThreads({ signal, ...start }: ThreadStart): Threads {
  signal?.throwIfAborted();
  return usedUntil(startCrew(start), signal, (crew) => crew.end());
}

/** Threads wait so long for their next use before they end. */
const IDLE_MS = 2000;

/**
 * Threads that are taken by one use after the other: starting them takes longer than decoding some hundred small
 * pictures, and whoever reads one part of a folder soon reads the next. Idle ones keep no process alive.
 */
export function reusedThreads(start: Omit<ThreadStart, 'signal'>): (signal: AbortSignal) => Threads {
  let idle: { crew: Crew; timer: NodeJS.Timeout } | null = null;
  const keep = async (crew: Crew) => {
    // Two uses at once had two crews; and one that failed or was stopped in its work is of no use.
    if (idle || !crew.isAtRest()) return crew.end();
    crew.holdProcess(false);
    const timer = setTimeout(() => {
      idle = null;
      void crew.end();
    }, IDLE_MS);
    timer.unref();
    idle = { crew, timer };
  };
  const takeIdle = () => {
    const taken = idle;
    clearTimeout(taken?.timer);
    idle = null;
    if (!taken?.crew.isAtRest()) return null;
    taken.crew.holdProcess(true);
    return taken.crew;
  };
  return (signal) => {
    signal.throwIfAborted();
    return usedUntil(takeIdle() ?? startCrew(start), signal, keep);
  };
}

/** Whoever uses them may be stopped; what becomes of them then is the giver's business. */
function usedUntil(
  crew: Crew,
  signal: AbortSignal | undefined,
  whenDone: (crew: Crew) => Promise<void>,
): Threads {
  const onAbort = () => crew.stop(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    ask: crew.ask,
    close() {
      signal?.removeEventListener('abort', onAbort);
      return whenDone(crew);
    },
  };
}

interface Crew {
  ask: Threads['ask'];
  /** Refuses all that waits and all that comes. */
  stop(reason: unknown): void;
  end(): Promise<void>;
  /** Nothing waits, and nothing failed. */
  isAtRest(): boolean;
  /** Whether the process waits for them at its end. */
  holdProcess(holds: boolean): void;
}

function startCrew({ beside, bundle, count, dataOf }: Omit<ThreadStart, 'signal'>): Crew {
  const file = fileOf(beside, bundle);
  const threads = Array.from({ length: count }, (_, number) => ({
    worker: new Worker(file, { workerData: dataOf(number) }),
    waiting: [] as Waiting[],
  }));
  let stopped: { reason: unknown } | null = null;
  const stop = (reason: unknown) => {
    stopped ??= { reason };
    for (const { waiting } of threads) for (const one of waiting.splice(0)) one.reject(stopped.reason);
  };
  for (const { worker, waiting } of threads) {
    worker.on('message', (reply: Reply) => settle(waiting.shift(), reply));
    worker.on('error', stop);
    worker.on('exit', (code) => stop(new Error(`A thread of “${bundle}” ended with status ${code}.`)));
  }
  return {
    ask(request, transfer = []) {
      if (stopped) return Promise.reject(stopped.reason);
      const thread = threads.reduce((best, one) => (one.waiting.length < best.waiting.length ? one : best));
      return new Promise((resolve, reject) => {
        thread.waiting.push({ resolve, reject });
        thread.worker.postMessage(request, transfer);
      });
    },
    stop,
    async end() {
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
    isAtRest: () => !stopped && threads.every(({ waiting }) => waiting.length === 0),
    holdProcess(holds) {
      for (const { worker } of threads) {
        if (holds) worker.ref();
        else worker.unref();
      }
    },
  };
}

function settle(one: Waiting | undefined, reply: Reply): void {
  if ('value' in reply) one?.resolve(reply.value as never);
  else one?.reject(reply.failure ? new PretextError(reply.failure) : new Error(reply.stack));
}

/** `worker.ts` while run from the sources, beside the bundle otherwise. */
function fileOf(beside: string, bundle: string): string {
  const fromSources = beside.endsWith('.ts');
  return fileURLToPath(new URL(fromSources ? './worker.ts' : `./${bundle}.mjs`, beside));
}

/** In a thread: answers one request after the other, in the order they came. */
export function answerRequests<Request>(
  perform: (request: Request) => Promise<{ value: unknown; transfer?: readonly Transferable[] }>,
): void {
  const port = parentPort;
  if (!port) throw new Error('This file is a thread, and is started by its program.');
  let before: Promise<void> = Promise.resolve();
  port.on('message', (request: Request) => {
    before = before.then(async () => {
      try {
        const { value, transfer } = await perform(request);
        port.postMessage({ value } satisfies Reply, transfer);
      } catch (error) {
        port.postMessage(replyOf(error));
      }
    });
  });
}

function replyOf(error: unknown): Reply {
  const failure = error instanceof PretextError ? error.failure : null;
  return { failure, stack: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
