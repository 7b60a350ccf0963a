/** Runs the first steps of a job, as it would be run here, and throws away what they made. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PretextError } from '../../../contract/errors.ts';
import { startTrainer } from '../../trainers/link.ts';
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
  const folder = mkdtempSync(join(tmpdir(), 'pretext-steps-'));
  // What a run makes has its place, though these steps end before most of it.
  for (const name of ['checkpoints', 'answers', 'models']) mkdirSync(join(folder, name));
  const { processes: _processes, ...own } = places;
  const timer = createStepTimer();
  let processor: string | undefined;
  const ended = Promise.withResolvers<void>();
  const link = startTrainer(host, log, {
    onMessage(message) {
      if (message.type === 'ready')
        link.send({ type: 'start', job, places: { ...own, projectFolder: folder, threads } });
      else if (message.type === 'failed') ended.reject(new PretextError(message.failure));
      else timer.hear(message);
      if (message.type === 'environment') processor ??= message.environment.deviceName;
      if (timer.hasEnough()) link.kill();
    },
    onEnd: () => ended.resolve(),
  });
  const looking = setInterval(() => timer.hasEnough() && link.kill(), LOOK_MS);
  const late = setTimeout(() => link.kill(), LONGEST_MS);
  const stop = () => link.kill();
  signal?.addEventListener('abort', stop);
  try {
    await ended.promise;
    const time = timer.time();
    return time && { ...time, ...(processor && { processor }) };
  } finally {
    clearInterval(looking);
    clearTimeout(late);
    signal?.removeEventListener('abort', stop);
    link.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
