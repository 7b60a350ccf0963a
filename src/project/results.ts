/** Results: one row for each seed of a fine-tuning run. */
import { asc, eq } from 'drizzle-orm';
import type { ResultRow } from '../contract/result.ts';
import type { ReadableProject, WritableProject } from './database.ts';
import { resultTable, runTable } from './schema.ts';

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

/** All results of a study, in the order of its runs and their seeds. */
export function listResults(project: ReadableProject, studyId: string): ResultRow[] {
  const rows = project.database
    .select({ result: resultTable.result })
    .from(resultTable)
    .innerJoin(runTable, eq(runTable.id, resultTable.runId))
    .where(eq(runTable.studyId, studyId))
    .orderBy(asc(runTable.position), asc(resultTable.seed))
    .all();
  return rows.map(({ result }) => result);
}
