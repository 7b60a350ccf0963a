/** Runs that other machines compute: which job of which bundle they are, and how much of what it said has come back. */
import { and, asc, eq } from 'drizzle-orm';
import { inTransaction, type ReadableProject, type WritableProject } from '../../database.ts';
import { timestamp } from '../../identity.ts';
import { awayRunTable, runTable } from '../../schema.ts';
import type { RunStatus } from '../../../contract/status.ts';

export interface AwayRun {
  runId: string;
  /** The bundle's id. */
  bundle: string;
  /** From 1. */
  job: number;
  /** Lines of its journal that have come back. */
  merged: number;
  /** Of the run. */
  name: string;
  status: RunStatus;
}

/** A run that was packed before is now a job of this bundle alone. */
export function sendAway(
  project: WritableProject,
  bundle: string,
  jobs: readonly { runId: string; job: number }[],
): void {
  inTransaction(project, () => {
    for (const { runId, job } of jobs) {
      const values = { bundle, job, merged: 0, packedAt: timestamp() };
      project.database
        .insert(awayRunTable)
        .values({ runId, ...values })
        .onConflictDoUpdate({ target: awayRunTable.runId, set: values })
        .run();
    }
  });
}

export function findAway(project: ReadableProject, bundle: string, runId: string): AwayRun | null {
  return (
    awayRuns(project)
      .where(and(eq(awayRunTable.bundle, bundle), eq(awayRunTable.runId, runId)))
      .get() ?? null
  );
}

/** In the order of the jobs. */
export const listAway = (project: ReadableProject, bundle: string): AwayRun[] =>
  awayRuns(project).where(eq(awayRunTable.bundle, bundle)).orderBy(asc(awayRunTable.job)).all();

const awayRuns = ({ database }: ReadableProject) =>
  database
    .select({
      runId: awayRunTable.runId,
      bundle: awayRunTable.bundle,
      job: awayRunTable.job,
      merged: awayRunTable.merged,
      name: runTable.name,
      status: runTable.status,
    })
    .from(awayRunTable)
    .innerJoin(runTable, eq(runTable.id, awayRunTable.runId));

/** So many lines of its journal have come back. */
export function setMerged(project: WritableProject, runId: string, merged: number): void {
  project.database.update(awayRunTable).set({ merged }).where(eq(awayRunTable.runId, runId)).run();
}
