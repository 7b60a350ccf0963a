/**
 * What changed in a project, in the order of changes, whoever changed it: triggers of the database write it down. It
 * costs what is new, however many datasets, studies and runs there are.
 */
import type { ReadableProject } from '../database.ts';

export interface Change {
  revision: number;
  kind: 'dataset' | 'study' | 'run';
  id: string;
}

export const CHANGES_SQL = 'SELECT revision, kind, id FROM changes WHERE revision > ? ORDER BY revision';

/** The latest change of everything that changed after a revision. */
export function listChangesAfter(project: ReadableProject, revision: number): Change[] {
  return project.prepare(CHANGES_SQL).all(revision) as Change[];
}

export function latestRevision(project: ReadableProject): number {
  return project.prepare('SELECT coalesce(max(revision), 0) FROM changes').pluck().get() as number;
}
