/** Results: one row for each seed of a fine-tuning run. */
import { asc, eq } from 'drizzle-orm';
import { PretextError } from '../../../contract/errors.ts';
import { resultRowSchema, type ResultRow } from '../../../contract/results/result.ts';
import type { ReadableProject, WritableProject } from '../../database.ts';
import { resultTable } from '../../schema.ts';

export function saveResult(project: WritableProject, runId: string, result: ResultRow): void {
  project.database
    .insert(resultTable)
    .values({ runId, seed: result.seed, result })
    .onConflictDoUpdate({ target: [resultTable.runId, resultTable.seed], set: { result } })
    .run();
}

/** Seeds whose result is known: a restarted run leaves them out. */
export function finishedSeeds(project: ReadableProject, runId: string): number[] {
  const rows = project.database
    .select({ seed: resultTable.seed })
    .from(resultTable)
    .where(eq(resultTable.runId, runId))
    .orderBy(asc(resultTable.seed))
    .all();
  return rows.map(({ seed }) => seed);
}

/** Results of a run in the order of their seeds. */
export function listResultsOfRun(project: ReadableProject, runId: string): ResultRow[] {
  const rows = project.database
    .select({ result: resultTable.result })
    .from(resultTable)
    .where(eq(resultTable.runId, runId))
    .orderBy(asc(resultTable.seed))
    .all();
  return rows.map(({ result }) => whole(result, runId));
}

/** A damaged file may hold a document that is none of ours any more. */
function whole(result: ResultRow, runId: string): ResultRow {
  const read = resultRowSchema.safeParse(result);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new PretextError({
    code: 'project.broken',
    message: `project.db is damaged: a result of the run ${runId} is not as it was written (${issue?.path.map(String).join('.')}: ${issue?.message}).`,
    place: runId,
    remedy: 'Let the project be checked and repaired, or put it back from a backup.',
  });
}
