/** Results: one row for each seed of a fine-tuning run. */
import { asc, eq } from 'drizzle-orm';
import type { ResultRow } from '../contract/result.ts';
import type { ReadableProject, WritableProject } from './database.ts';
import { resultTable } from './schema.ts';

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
  return rows.map(({ result }) => result);
}
