/** The time limits of a bundle's jobs, and where they come from, in words. */
import type { Bundle } from './bundle.ts';
import { GOES_ON, timeLimitWords } from './job-time.ts';

/** A sentence for all jobs or for each stage; none of bundles that nobody measured. */
export function limitLines({ stages, threads, resources }: Bundle): string[] {
  const { minutes, stageTimes = [] } = resources;
  if (minutes !== null) return [`Time limit: ${minutes} min, as was said.`, GOES_ON];
  if (stageTimes.every((time) => time === null))
    return stageTimes.length > 0
      ? [
          'Time limit: how long a step takes could not be measured here, so that of the queueing system holds.',
        ]
      : [];
  const lines = stageTimes.map((time, at) => {
    const words = time ? timeLimitWords(time, threads) : 'that of the queueing system: nothing was measured.';
    return `Time limit of ${stages[at]!.includes(',') || stages[at]!.includes('-') ? 'jobs' : 'job'} ${stages[at]}: ${words}`;
  });
  return [...lines, GOES_ON];
}
