/**
 * Our end of a bench worker: a persistent process that answers one JSON line with one JSON line, as the peers do.
 *
 * Requests: { command: 'start', options } once, then { command: 'run', count } and { command: 'memory' } in any
 * order. Everything else a worker prints goes to stderr.
 */
import { createInterface } from 'node:readline';
import { benchNow } from './clock.ts';
import { peakMiB } from './peak.ts';

export interface BenchWorker<Options> {
  /** Sets everything up; what it returns is told to the bench. */
  start(options: Options): Promise<Record<string, unknown>>;
  /** Does the work `count` times; only the time in here is measured. */
  run(count: number): Promise<void>;
}

interface Request {
  command: 'start' | 'run' | 'memory';
  options?: unknown;
  count?: number;
}

/** Answers requests until stdin ends. */
export async function serve<Options>(worker: BenchWorker<Options>): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request;
    process.stdout.write(`${JSON.stringify(await answer(worker, request))}\n`);
  }
}

async function answer<Options>(
  worker: BenchWorker<Options>,
  request: Request,
): Promise<Record<string, unknown>> {
  if (request.command === 'start') return worker.start(request.options as Options);
  if (request.command === 'memory') return { peakMiB: peakMiB() };
  const start = benchNow();
  await worker.run(request.count ?? 1);
  return { milliseconds: benchNow() - start };
}
