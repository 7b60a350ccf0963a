/** Which groups train, validate and test in each fold of a study; and what each of its runs saw. */
import { z } from 'zod';
import { seenPartsSchema, type SeenParts } from '../../../contract/data/splits/seen-parts.ts';
import { foldGroupsSchema, type FoldGroups } from '../../../contract/recipe/folds.ts';
import type { ReadableProject, WritableProject } from '../../database.ts';
import { parseDocument } from '../../stored-document.ts';

export function saveFolds(project: WritableProject, studyId: string, folds: readonly FoldGroups[]): void {
  const insert = project.connection.prepare(
    'INSERT INTO folds (study_id, number, sha256, groups) VALUES (?, ?, ?, ?)',
  );
  for (const fold of folds) insert.run(studyId, fold.number, fold.sha256, JSON.stringify(fold));
}

/** In their order; none where a study has none, or they are not dealt yet. */
export function listFolds(project: ReadableProject, studyId: string): FoldGroups[] {
  const rows = project
    .prepare('SELECT groups FROM folds WHERE study_id = ? ORDER BY number')
    .pluck()
    .all(studyId) as string[];
  return rows.map((text) => parseDocument(text, 'groups', foldGroupsSchema));
}

export function findFold(project: ReadableProject, studyId: string, number: number): FoldGroups | null {
  const text = project
    .prepare('SELECT groups FROM folds WHERE study_id = ? AND number = ?')
    .pluck()
    .get(studyId, number) as string | undefined;
  return text === undefined ? null : parseDocument(text, 'groups', foldGroupsSchema);
}

/** What a run sees of each of its datasets, as it begins. */
export function saveSeenParts(project: WritableProject, runId: string, parts: readonly SeenParts[]): void {
  project.connection.prepare('INSERT OR REPLACE INTO run_parts (run_id, parts, parted) VALUES (?, ?, ?)').run(
    runId,
    JSON.stringify(parts),
    parts.reduce((sum, { parted }) => sum + parted, 0),
  );
}

const partsSchema = z.array(seenPartsSchema);

/** By the id of the run; a run of a version before this was counted has none. */
export function readSeenParts(project: ReadableProject, studyId: string): Map<string, SeenParts[]> {
  const rows = project
    .prepare(
      'SELECT run_id AS id, parts FROM run_parts JOIN runs ON runs.id = run_parts.run_id WHERE study_id = ?',
    )
    .all(studyId) as { id: string; parts: string }[];
  return new Map(rows.map(({ id, parts }) => [id, parseDocument(parts, 'parts', partsSchema)]));
}

/** Of one run. */
export function readSeenPartsOf(project: ReadableProject, runId: string): SeenParts[] | null {
  const text = project.prepare('SELECT parts FROM run_parts WHERE run_id = ?').pluck().get(runId) as
    string | undefined;
  return text === undefined ? null : parseDocument(text, 'parts', partsSchema);
}
