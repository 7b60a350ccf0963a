/**
 * Hands that share the work of a search: threads, one a core, or for a small search this thread alone, which breathes
 * between parts. A thread that fails, or a wish to stop, ends all of them.
 */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { PretextError, type Failure } from '../../contract/errors.ts';
import { breathe } from '../breathe.ts';
import { sampleBytesOf } from './chunks.ts';
import type { Cutting } from './cuts.ts';
import {
  createHand,
  type Catalogue,
  type Hand,
  type Part,
  type PairColumns,
  type SearchJob,
} from './hand.ts';

/** What a thread begins with. */
export interface HandStart {
  job: SearchJob;
  number: number;
}

/** What a thread is asked for. */
export type HandRequest =
  | { kind: 'describe'; part: Part }
  | { kind: 'code'; part: Part; cutting: Cutting }
  | { kind: 'search'; part: Part; catalogue: Catalogue };

interface Answers {
  describe: { sums: Float64Array; present: number };
  code: null;
  search: PairColumns;
}
export type HandAnswer = { value: unknown } | { failure: Failure | null; stack: string };

export interface Crew {
  /** Has every part done, several at a time, and tells each answer. */
  share<K extends HandRequest['kind']>(
    requests: readonly (HandRequest & { kind: K })[],
    onAnswer: (answer: Answers[K], part: Part) => void,
  ): Promise<void>;
  close(): Promise<void>;
}

/** Less than this is done sooner than threads have started. */
const FEWEST_SAMPLES = 6000;
const FEWEST_BYTES = 64 * 1024 * 1024;
export const MOST_HANDS = 16;

export async function createCrew(job: SearchJob, signal: AbortSignal | undefined): Promise<Crew> {
  const samples = job.known.offsets.length + job.asked.offsets.length;
  const isSmall = samples < FEWEST_SAMPLES && samples * sampleBytesOf(job.known) < FEWEST_BYTES;
  return isSmall ? createLoneHand(job, signal) : createThreads(job, signal);
}

/** Does what it is asked for, in whichever thread. */
export async function perform(hand: Hand, request: HandRequest): Promise<Answers[HandRequest['kind']]> {
  if (request.kind === 'describe') return hand.describe(request.part);
  if (request.kind === 'search') return hand.search(request.part, request.catalogue);
  hand.code(request.part, request.cutting);
  return null;
}

async function createLoneHand(job: SearchJob, signal: AbortSignal | undefined): Promise<Crew> {
  const hand = await createHand(job, 0);
  return {
    async share(requests, onAnswer) {
      for (const request of requests) {
        signal?.throwIfAborted();
        onAnswer((await perform(hand, request)) as never, request.part);
        await breathe();
      }
    },
    close: () => hand.close(),
  };
}

async function createThreads(job: SearchJob, signal: AbortSignal | undefined): Promise<Crew> {
  signal?.throwIfAborted();
  const count = Math.min(MOST_HANDS, availableParallelism());
  const threads = Array.from({ length: count }, (_, number) => {
    const data: HandStart = { job, number };
    return new Worker(workerFile(), { workerData: data });
  });
  let stop!: (reason: unknown) => void;
  /** Rejects when the search is to stop, for whatever reason; each thread's trouble is everybody's. */
  const stopped = new Promise<never>((_, reject) => (stop = reject));
  stopped.catch(() => undefined);
  for (const thread of threads) {
    thread.on('error', stop);
    thread.on('exit', (code) => stop(new Error(`A thread of the copy search ended with status ${code}.`)));
  }
  const onAbort = () => stop(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    async share(requests, onAnswer) {
      let next = 0;
      const drive = async (thread: Worker) => {
        for (let request = requests[next++]; request; request = requests[next++]) {
          const answer = await Promise.race([ask(thread, request), stopped]);
          onAnswer(answer as never, request.part);
        }
      };
      await Promise.all(threads.map(drive));
    },
    async close() {
      signal?.removeEventListener('abort', onAbort);
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}

function ask(thread: Worker, request: HandRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    thread.once('message', (answer: HandAnswer) => {
      if ('value' in answer) resolve(answer.value);
      else reject(answer.failure ? new PretextError(answer.failure) : new Error(answer.stack));
    });
    thread.postMessage(request);
  });
}

/** Beside this file while run from the sources, beside the bundle otherwise. */
function workerFile(): string {
  const fromSources = import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(fromSources ? './worker.ts' : './copies.mjs', import.meta.url));
}
