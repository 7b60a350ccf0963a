/**
 * Marks of runs and studies: short texts that change when a row does, read without taking any JSON apart. Whoever looks
 * on compares them twice a second, and reads only what has changed.
 */
import type { ReadableProject } from '../database.ts';

/** Of all that is not hidden; what a run never changes (its configuration) is left out. */
export const runMarks = (project: ReadableProject): Map<string, string> =>
  marks(
    project,
    `SELECT runs.id, runs.status, progress, runs.failure, environment, checkpoint_id, seconds, findings, reused,
            started_at, runs.finished_at, runs.name, runs.datasets
       FROM runs JOIN studies ON studies.id = runs.study_id
      WHERE studies.removed_at IS NULL
      ORDER BY runs.position`,
  );

export const studyMarks = (project: ReadableProject): Map<string, string> =>
  marks(
    project,
    `SELECT id, name, status, failure, finished_at, (SELECT count(*) FROM runs WHERE study_id = studies.id)
       FROM studies
      WHERE removed_at IS NULL
      ORDER BY created_at, id`,
  );

function marks(project: ReadableProject, sql: string): Map<string, string> {
  const rows = project.prepare(sql).raw().all() as unknown[][];
  return new Map(rows.map(([id, ...values]) => [String(id), values.join('\u0000')]));
}
