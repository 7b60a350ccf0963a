/** Studies: a recipe and what became of it. */
import { and, asc, desc, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import type { Study } from '../../../contract/entities.ts';
import { PretextError, type Failure } from '../../../contract/errors.ts';
import { knownFields } from '../../../contract/known-fields.ts';
import { recipeSchema, type Recipe } from '../../../contract/recipe/recipe.ts';
import type { ReadableProject, WritableProject } from '../../database.ts';
import { newId, timestamp } from '../../identity.ts';
import { runTable, studyTable } from '../../schema.ts';
import { STUDY_GROUPS, studyIs } from '../../../contract/status.ts';
import { ERASING } from '../data/datasets.ts';
import { deleteInStretches } from '../data/stretches.ts';

type Row = typeof studyTable.$inferSelect;

/** A study with what only the service needs. */
export interface StoredStudy {
  study: Study;
  recipeHash: string;
  /** Folder that relative import paths start from. */
  baseFolder: string | null;
  importSeconds: number;
  removedAt: string | null;
}

export interface NewStudy {
  recipe: Recipe;
  recipeHash: string;
  baseFolder: string | null;
  status: Study['status'];
}

export function insertStudy(project: WritableProject, study: NewStudy): string {
  const id = newId();
  project.database
    .insert(studyTable)
    .values({ id, name: study.recipe.name, createdAt: timestamp(), ...study })
    .run();
  return id;
}

/** Writes down what a study left open and has found since; its hash stays that of what was asked for. */
export function setRecipe(project: WritableProject, studyId: string, recipe: Recipe): void {
  project.database.update(studyTable).set({ recipe }).where(eq(studyTable.id, studyId)).run();
}

export function listStudies(project: ReadableProject): Study[] {
  const rows = project.database
    .select()
    .from(studyTable)
    .where(isNull(studyTable.removedAt))
    .orderBy(asc(studyTable.createdAt), asc(studyTable.id))
    .all();
  return allStored(project, rows).map(({ study }) => study);
}

/** A study by id, also while it waits to be deleted. Throws `study.missing`. */
export function getStudy(project: ReadableProject, studyId: string): StoredStudy {
  const found = findStudy(project, studyId);
  if (!found) throw missingStudy(studyId);
  return found;
}

/** A study without the list of its runs, which may be very many. Throws `study.missing`. */
export function getStudyAlone(project: ReadableProject, studyId: string): Omit<Study, 'runIds'> {
  const row = rowOf(project, studyId);
  if (!row) throw missingStudy(studyId);
  return aloneOf(row);
}

const rowOf = ({ database }: ReadableProject, studyId: string): Row | undefined =>
  database.select().from(studyTable).where(eq(studyTable.id, studyId)).get();

/** Null when it is gone. */
export function findStudy(project: ReadableProject, studyId: string): StoredStudy | null {
  const row = rowOf(project, studyId);
  return row ? toStored(project, row) : null;
}

/** The latest study of this recipe that is not done or cancelled. */
export function findUnfinishedStudy(project: ReadableProject, recipeHash: string): Study | null {
  const row = project.database
    .select()
    .from(studyTable)
    .where(
      and(
        eq(studyTable.recipeHash, recipeHash),
        inArray(studyTable.status, [...STUDY_GROUPS.unfinished]),
        isNull(studyTable.removedAt),
      ),
    )
    .orderBy(desc(studyTable.createdAt))
    .get();
  return row ? toStored(project, row).study : null;
}

export function listStudiesWith(
  project: ReadableProject,
  statuses: readonly Study['status'][],
): StoredStudy[] {
  const rows = project.database
    .select()
    .from(studyTable)
    .where(and(inArray(studyTable.status, statuses), isNull(studyTable.removedAt)))
    .orderBy(asc(studyTable.createdAt))
    .all();
  return allStored(project, rows);
}

export function setStudyStatus(
  project: WritableProject,
  studyId: string,
  status: Study['status'],
  failure: Failure | null = null,
): void {
  const finishedAt = studyIs('ended', { status }) ? timestamp() : null;
  project.database
    .update(studyTable)
    .set({ status, failure, finishedAt })
    .where(eq(studyTable.id, studyId))
    .run();
}

export function addImportSeconds(project: WritableProject, studyId: string, seconds: number): void {
  const { importSeconds } = getStudy(project, studyId);
  project.database
    .update(studyTable)
    .set({ importSeconds: importSeconds + seconds })
    .where(eq(studyTable.id, studyId))
    .run();
}

/**
 * Another name for the study. The recipe that it began with stays as it is: starting that again still finds this study.
 */
export function renameStudy(project: WritableProject, studyId: string, name: string): Study {
  project.database.update(studyTable).set({ name }).where(eq(studyTable.id, studyId)).run();
  return getStudy(project, studyId).study;
}

export function hideStudy(project: WritableProject, studyId: string): void {
  project.database.update(studyTable).set({ removedAt: timestamp() }).where(eq(studyTable.id, studyId)).run();
}

/** Throws `study.missing` when it is being deleted. */
export function showStudy(project: WritableProject, studyId: string): Study {
  if (getStudy(project, studyId).removedAt === ERASING) throw missingStudy(studyId);
  project.database.update(studyTable).set({ removedAt: null }).where(eq(studyTable.id, studyId)).run();
  return getStudy(project, studyId).study;
}

export function listHiddenStudies(project: ReadableProject): StoredStudy[] {
  return project.database
    .select()
    .from(studyTable)
    .where(isNotNull(studyTable.removedAt))
    .all()
    .map((row) => toStored(project, row));
}

/**
 * Before a study is deleted: the points of its curves, of which there may be a million. From here on it cannot be brought
 * back; a deletion that is broken off, whoever tidies up next goes on with. False: the project was closed meanwhile.
 */
export async function deleteCurves(project: WritableProject, studyId: string): Promise<boolean> {
  project.database.update(studyTable).set({ removedAt: ERASING }).where(eq(studyTable.id, studyId)).run();
  for (const runId of getStudy(project, studyId).study.runIds) {
    const rows = { table: 'metrics', where: 'run_id = ?', values: [runId], key: ['step'] };
    if (!(await deleteInStretches(project, rows))) return false;
  }
  return true;
}

/** Deletes a study with its runs, metrics, checkpoints' rows and results. Checkpoint files are the caller's. */
export function deleteStudy(project: WritableProject, studyId: string): void {
  project.database.delete(studyTable).where(eq(studyTable.id, studyId)).run();
}

/** Above so many studies the runs of all are read. */
const MOST_NAMED = 100;

const toStored = (project: ReadableProject, row: Row): StoredStudy => allStored(project, [row])[0]!;

/** Their runs are read at once, however many studies there are. */
function allStored(project: ReadableProject, rows: readonly Row[]): StoredStudy[] {
  if (rows.length === 0) return [];
  const few = rows.length <= MOST_NAMED ? rows.map(({ id }) => id) : null;
  const runs = project.database
    .select({ id: runTable.id, studyId: runTable.studyId })
    .from(runTable)
    .where(few ? inArray(runTable.studyId, few) : undefined)
    .orderBy(asc(runTable.position))
    .all();
  const idsOf = new Map<string, string[]>();
  for (const { id, studyId } of runs) {
    const ids = idsOf.get(studyId);
    if (ids) ids.push(id);
    else idsOf.set(studyId, [id]);
  }
  return rows.map((row) => {
    const { recipeHash, baseFolder, importSeconds, removedAt } = row;
    const study = { ...aloneOf(row), runIds: idsOf.get(row.id) ?? [] };
    return { study, recipeHash, baseFolder, importSeconds, removedAt };
  });
}

function aloneOf(row: Row): Omit<Study, 'runIds'> {
  const {
    recipeHash: _hash,
    baseFolder: _base,
    importSeconds: _seconds,
    removedAt: _removed,
    facts: _facts,
    labelVersions: _labels,
    recipe,
    ...rest
  } = row;
  return { ...rest, recipe: knownFields(recipeSchema, recipe) as Recipe };
}

function missingStudy(studyId: string): PretextError {
  return new PretextError({
    code: 'study.missing',
    message: `There is no study “${studyId}” in this project.`,
    place: studyId,
    remedy: 'Name it by the id that the list of studies shows, or that was told when it was removed.',
  });
}
