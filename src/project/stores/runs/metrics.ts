/** Points of a run's curves. */
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { MetricPoint } from '../../../contract/entities.ts';
import { inTransaction, type ReadableProject, type WritableProject } from '../../database.ts';
import { metricTable } from '../../schema.ts';

/** Adds points; a second point at the same step adds its values to the first (a resumed run writes some again). */
export function insertMetrics(project: WritableProject, runId: string, points: readonly MetricPoint[]): void {
  inTransaction(project, () => {
    for (const point of points)
      project.database
        .insert(metricTable)
        .values({ runId, ...point })
        .onConflictDoUpdate({
          target: [metricTable.runId, metricTable.step],
          set: { values: sql`json_patch(${metricTable.values}, excluded."values")` },
        })
        .run();
  });
}

export function readMetrics(project: ReadableProject, runId: string): MetricPoint[] {
  return project.database
    .select({ step: metricTable.step, epoch: metricTable.epoch, values: metricTable.values })
    .from(metricTable)
    .where(eq(metricTable.runId, runId))
    .orderBy(asc(metricTable.step))
    .all();
}

/** Points after a step. */
export function listMetricsAfter(project: ReadableProject, runId: string, step: number): MetricPoint[] {
  return project.database
    .select({ step: metricTable.step, epoch: metricTable.epoch, values: metricTable.values })
    .from(metricTable)
    .where(and(eq(metricTable.runId, runId), gt(metricTable.step, step)))
    .orderBy(asc(metricTable.step))
    .all();
}

/** Drops what was recorded after the step that a run continues from. */
export function deleteMetricsAfter(project: WritableProject, runId: string, step: number): void {
  project.database
    .delete(metricTable)
    .where(and(eq(metricTable.runId, runId), gt(metricTable.step, step)))
    .run();
}
