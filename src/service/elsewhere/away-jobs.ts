/** How a job of a bundle stands for the project that packed it. */
import { readStanding, type Lives } from '../../bundle/standing.ts';
import type { AwayJob } from '../../contract/elsewhere/away.ts';
import type { AwayRun } from '../../project/index.ts';

export function describeJob(
  folder: string,
  { runId, job, merged, name, status: run }: AwayRun,
  hasBegun: boolean,
  lives: Lives,
): AwayJob {
  const isLeft = run !== 'away' && run !== 'done';
  const status = hasBegun ? readStanding(folder, job, run === 'away' ? lives : () => 'alive') : null;
  return {
    job,
    runId,
    name,
    state: isLeft ? 'left' : (status?.state ?? 'waiting'),
    merged: run === 'done' ? 'all' : merged > 0 ? 'some' : 'nothing',
    host: status?.host ?? null,
    failure: status?.failure ?? null,
  };
}
