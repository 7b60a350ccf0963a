/** The bench's end of a worker: a process of ours or of a peer that answers one line with one line. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { trainerEnvironment } from '../../src/host/trainer-environment.ts';

const casesFolder = new URL('cases/', import.meta.url);
const peersFolder = fileURLToPath(new URL('peers/', import.meta.url));
const ran = z.object({ milliseconds: z.number().nonnegative() });
const memory = z.object({ peakMiB: z.number().positive() });
const startedSchema = z.object({
  /** Trainable numbers: both sides must have as many. */
  parameters: z.number().optional(),
  layout: z.string().optional(),
  version: z.string().optional(),
  /** Of readers: how many values, and their largest difference as a share of the largest value. */
  values: z.number().optional(),
  difference: z.number().optional(),
});
export type Started = z.infer<typeof startedSchema>;

export interface Worker {
  started: Started;
  /** Milliseconds that `count` steps took. */
  run(count: number): Promise<number>;
  peakMiB(): Promise<number>;
  end(): Promise<void>;
}

/** How to start a script of cases/: ours with this Node, the peers' with their Python. */
export function commandOf(script: string, python: string): { program: string; file: string } {
  const file = fileURLToPath(new URL(script, casesFolder));
  return { program: script.endsWith('.py') ? python : process.execPath, file };
}

/** Ours begins with what a trainer begins with, the peers with nothing but their modules: large pages make PyTorch no quicker. */
export const workerEnvironment = (script: string) => ({
  ...process.env,
  ...(script.endsWith('.py') ? { PYTHONPATH: peersFolder } : trainerEnvironment()),
});

/** Starts a worker and lets it set itself up. */
export async function startWorker(script: string, options: object, python: string): Promise<Worker> {
  const { program, file } = commandOf(script, python);
  const child = spawn(program, [file], { stdio: ['pipe', 'pipe', 'pipe'], env: workerEnvironment(script) });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-4000)));
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (request: object): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`The worker ${script} ended instead of answering.\n${complaints.trim()}`);
    return JSON.parse(value as string);
  };
  // A write to a worker that has died is told by the missing answer.
  child.stdin.on('error', () => {});
  const started = startedSchema.parse(await ask({ command: 'start', options }));
  return {
    started,
    run: async (count) => ran.parse(await ask({ command: 'run', count })).milliseconds,
    peakMiB: async () => memory.parse(await ask({ command: 'memory' })).peakMiB,
    end: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
