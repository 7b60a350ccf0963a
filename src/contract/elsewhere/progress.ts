/** How the jobs of a bundle stand, in numbers and words. */
import type { AwayJob, MergeReport } from './away.ts';

/** Nothing more comes of these jobs unless somebody acts. */
export const areOver = ({ jobs }: Pick<MergeReport, 'jobs'>): boolean =>
  jobs.every(({ merged, state }) => merged === 'all' || state === 'failed' || state === 'left');

export const areAllBack = ({ jobs }: Pick<MergeReport, 'jobs'>): boolean =>
  jobs.every(({ merged }) => merged === 'all');

/** Those that are still to come back. */
export const jobsOut = ({ jobs }: Pick<MergeReport, 'jobs'>): AwayJob[] =>
  jobs.filter(({ state, merged }) => merged !== 'all' && state !== 'left');

const GROUPS: readonly (readonly [string, (job: AwayJob) => boolean])[] = [
  ['back', ({ merged }) => merged === 'all'],
  ['done', ({ state, merged }) => state === 'done' && merged !== 'all'],
  ['running', ({ state }) => state === 'running'],
  ['waiting', ({ state }) => state === 'waiting'],
  ['paused', ({ state }) => state === 'paused'],
  ['lost', ({ state }) => state === 'lost'],
  ['failed', ({ state }) => state === 'failed'],
  ['taken back', ({ state }) => state === 'left'],
];

/** “12 jobs: 3 back, 2 running, 7 waiting” */
export function jobsInWords({ jobs }: Pick<MergeReport, 'jobs'>): string {
  const told = GROUPS.map(([word, isOne]) => [jobs.filter(isOne).length, word] as const)
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`);
  return `${jobs.length} ${jobs.length === 1 ? 'job' : 'jobs'}: ${told.join(', ')}`;
}

/** Those that somebody has to submit again. */
export const failedJobs = ({ jobs }: Pick<MergeReport, 'jobs'>): AwayJob[] =>
  jobs.filter(({ state, merged }) => state === 'failed' && merged !== 'all');

/** Those of which something is to be told, the failed first. */
export const troubledJobs = (report: Pick<MergeReport, 'jobs'>): AwayJob[] => [
  ...failedJobs(report),
  ...report.jobs.filter(({ state }) => state === 'lost'),
];
