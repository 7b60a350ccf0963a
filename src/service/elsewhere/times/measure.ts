/** Runs the first steps of a job, as it would be run here, and throws away what they made. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PretextError, type Failure } from '../../../contract/errors.ts';
import { runPriority, startTrainer } from '../../trainers/link.ts';
import type { StartMessage } from '../../../host/trainer-helpers.ts';
import type { Log } from '../../workplace/log.ts';
import type { Workplace } from '../../workplace/workplace.ts';
import type { PreparedJob } from '../../runs/jobs.ts';
import { createStepTimer, type Timed } from './step-timer.ts';

/** A job whose steps take long says at least so much within it; else it is given up. */
const LONGEST_MS = 40_000;
const LOOK_MS = 250;

export interface MeasuredSteps extends Timed {
  /** What computed them, as the trainer says: a graphics processor where there is one. */
  processor?: string;
}

/** @param threads of the job; `signal` ends it. Throws what the trainer says where it fails; null where nothing could be timed. */
export async function measureJob(
  { host, log }: Pick<Workplace, 'host' | 'log'>,
  { job, places }: Pick<PreparedJob, 'job' | 'places'>,
  threads: number,
  signal?: AbortSignal,
): Promise<MeasuredSteps | null> {
  // Preparing it took its time: who ended the packing meanwhile waits for no trainer.
  signal?.throwIfAborted();
  const folder = mkdtempSync(join(tmpdir(), 'pretext-steps-'));
  try {
    // What a run makes has its place, though these steps end before most of it.
    for (const name of ['checkpoints', 'answers', 'models']) mkdirSync(join(folder, name));
    const { processes: _processes, ...own } = places;
    const start = { type: 'start' as const, job, places: { ...own, projectFolder: folder, threads } };
    return await firstStepsOf(host, log, start, signal);
  } finally {
    remove(folder, log);
  }
}

/** Its trainer is gone when this ends, however it ends: what it had open can be removed. */
async function firstStepsOf(
  host: Workplace['host'],
  log: Log,
  start: StartMessage,
  signal: AbortSignal | undefined,
): Promise<MeasuredSteps | null> {
  const timer = createStepTimer();
  let processor: string | undefined;
  let failure: Failure | undefined;
  const ended = Promise.withResolvers<void>();
  const link = startTrainer(
    host,
    log,
    {
      onMessage(message) {
        if (message.type === 'ready') link.send(start);
        else if (message.type === 'failed') failure ??= message.failure;
        else timer.hear(message);
        if (message.type === 'environment') processor ??= message.environment.deviceName;
        if (failure || timer.hasEnough()) link.kill();
      },
      onEnd: () => ended.resolve(),
    },
    // Steps that give way to other work take as long as those of runs that do.
    { priority: runPriority(log) },
  );
  const looking = setInterval(() => timer.hasEnough() && link.kill(), LOOK_MS);
  const late = setTimeout(() => link.kill(), LONGEST_MS);
  const stop = () => link.kill();
  signal?.addEventListener('abort', stop);
  try {
    await ended.promise;
  } finally {
    clearInterval(looking);
    clearTimeout(late);
    signal?.removeEventListener('abort', stop);
  }
  if (failure) throw new PretextError(failure);
  const time = timer.time();
  return time && { ...time, ...(processor && { processor }) };
}

/** What stays behind lies among what the system deletes by and by: nothing fails for it. */
function remove(folder: string, log: Log): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  } catch (error) {
    log.warn({ err: error, folder }, 'the folder of a measurement could not be removed');
  }
}
