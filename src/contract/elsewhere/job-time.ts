/** How long a job takes by measured steps, and the time limit that follows: on a queue a job says it beforehand. */
import { z } from 'zod';
import { CORES_POWER } from '../machine/time-estimate.ts';
import { formatCount, formatNumber } from '../words.ts';

export const jobTimeSchema = z.object({
  /** The time limit. */
  minutes: z.number().int().positive(),
  /** Of a step with all that is done between steps, as measured. */
  stepMilliseconds: z.number(),
  steps: z.number().int().positive(),
  /** Until the first step is done: a process starts, reads its data, compiles. */
  secondsBefore: z.number(),
  /** `first-steps`: of `run`, as the study was packed; `whole-run`: `run` itself, which is done. */
  measured: z.enum(['first-steps', 'whole-run']),
  run: z.string(),
  /** Where and with how many threads that was. */
  processor: z.string(),
  threads: z.number().int().min(1),
});
export type JobTime = z.infer<typeof jobTimeSchema>;

/** Of the longest of several jobs that one limit is for. */
export const stageTimeSchema = jobTimeSchema.extend({
  /** Jobs among them that nothing like was measured of. */
  unmeasured: z.number().int().min(0),
});
export type StageTime = z.infer<typeof stageTimeSchema>;

/** Other processors are slower, and nodes have other work: twice what was measured. */
const SAFETY = 2;
/** Starting on a node whose disk is busy takes minutes, and no queue minds a limit as short as this. */
const LEAST_MINUTES = 10;

type Measured = Pick<JobTime, 'stepMilliseconds' | 'steps' | 'secondsBefore' | 'threads'>;

/** @param threads of the job */
export function limitMinutes(
  { stepMilliseconds, steps, secondsBefore, threads: measuredWith }: Measured,
  threads: number,
): number {
  const slower = (measuredWith / threads) ** CORES_POWER;
  const seconds = secondsOf({ stepMilliseconds: slower * stepMilliseconds, steps, secondsBefore });
  return Math.max(LEAST_MINUTES, Math.ceil((SAFETY * seconds) / 60));
}

const secondsOf = ({ stepMilliseconds, steps, secondsBefore }: Omit<Measured, 'threads'>) =>
  (stepMilliseconds * steps) / 1000 + secondsBefore;

/** Many have the least limit: among those it is told of the one that takes longest. */
const isLonger = (one: JobTime, other: JobTime): boolean =>
  one.minutes > other.minutes || (one.minutes === other.minutes && secondsOf(one) > secondsOf(other));

/** The longest; of jobs that nothing was measured of it knows nothing. Null where nothing is known of any. */
export function longestOf(times: readonly (JobTime | null)[]): StageTime | null {
  const known = times.flatMap((time) => time ?? []);
  let [longest] = known;
  for (const time of known) if (longest && isLonger(time, longest)) longest = time;
  return longest ? { ...longest, unmeasured: times.length - known.length } : null;
}

/**
 * “26 min: 300 ms a step × 2,560 steps and 6 s before them, doubled. Measured on the first steps of simclr-1 as it was
 * packed, on AMD EPYC with 2 threads.”
 *
 * @param threads of the job
 */
export function timeLimitWords(time: StageTime, threads: number): string {
  const { minutes, stepMilliseconds, steps, secondsBefore, measured, run, processor, unmeasured } = time;
  const before = secondsBefore >= 1 ? ` and ${formatCount(secondsBefore)} s before them` : '';
  const least = minutes === LEAST_MINUTES ? `, and at least ${LEAST_MINUTES} min` : '';
  const withThreads = `${time.threads} ${time.threads === 1 ? 'thread' : 'threads'}`;
  const reckoned = time.threads === threads ? '' : `, reckoned for ${threads}`;
  const origin =
    measured === 'first-steps' ? `on the first steps of ${run} as it was packed` : `on all of ${run}`;
  const others =
    unmeasured > 0
      ? ` Nothing like ${formatCount(unmeasured)} more of them could be measured: they get the same.`
      : '';
  return `${formatCount(minutes)} min: ${formatNumber(stepMilliseconds)} ms a step × ${formatCount(steps)} ${steps === 1 ? 'step' : 'steps'}${before}, doubled${least}. Measured ${origin}, on ${processor} with ${withThreads}${reckoned}.${others}`;
}

/** Said wherever such a limit is. */
export const GOES_ON = 'A job that needs longer writes a checkpoint, is queued again and goes on from there.';
