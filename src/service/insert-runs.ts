/** Writes planned runs into the queue, each after the pretext run that it starts from. */
import { insertRun, type WritableProject } from '../project/index.ts';
import type { PlannedRun } from './recipes/plan.ts';

/** Returns their ids. Call it inside a transaction. */
export function insertRuns(
  project: WritableProject,
  studyId: string,
  planned: readonly PlannedRun[],
): string[] {
  let pretextRunId: string | null = null;
  return planned.map(({ afterPretext, ...plan }) => {
    const needs = afterPretext && pretextRunId ? [pretextRunId] : [];
    const run = insertRun(project, { ...plan, studyId, needs });
    if (run.kind === 'pretext') pretextRunId = run.id;
    return run.id;
  });
}
