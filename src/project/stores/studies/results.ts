/** Results: one row for each seed of a fine-tuning run, and for each dataset that it measures. */
import { asc, eq } from 'drizzle-orm';
import { PretextError } from '../../../contract/errors.ts';
import { resultRowSchema, type ResultRow } from '../../../contract/results/result.ts';
import type { ReadableProject, WritableProject } from '../../database.ts';
import { resultTable } from '../../schema.ts';

/** @param head the place of its dataset among those of the run */
export function saveResult(project: WritableProject, runId: string, result: ResultRow, head = 0): void {
  project.database
    .insert(resultTable)
    .values({ runId, head, seed: result.seed, result })
    .onConflictDoUpdate({
      target: [resultTable.runId, resultTable.head, resultTable.seed],
      set: { result },
    })
    .run();
}

/** Seeds whose result is known, of all datasets at once: a restarted run leaves them out. */
export function finishedSeeds(project: ReadableProject, runId: string): number[] {
  const rows = project.database
    .selectDistinct({ seed: resultTable.seed })
    .from(resultTable)
    .where(eq(resultTable.runId, runId))
    .orderBy(asc(resultTable.seed))
    .all();
  return rows.map(({ seed }) => seed);
}

/** A result, and the place of its dataset among those of the run. */
export interface HeadResult {
  head: number;
  row: ResultRow;
}

/** Results of a run, by dataset in the order of their seeds. */
export function listResultsOfRun(project: ReadableProject, runId: string): HeadResult[] {
  const rows = project.database
    .select({ head: resultTable.head, result: resultTable.result })
    .from(resultTable)
    .where(eq(resultTable.runId, runId))
    .orderBy(asc(resultTable.head), asc(resultTable.seed))
    .all();
  return rows.map(({ head, result }) => ({ head, row: whole(result, runId) }));
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
