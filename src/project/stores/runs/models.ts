/** Kept models: what can answer, of which run. Their folders are the caller's. */
import { asc, desc, eq, inArray, sql } from 'drizzle-orm';
import { PretextError } from '../../../contract/errors.ts';
import { modelSchema, type Model, type ModelNote } from '../../../contract/model/model.ts';
import { inTransaction, type ReadableProject, type WritableProject } from '../../database.ts';
import { modelTable, runTable, studyTable } from '../../schema.ts';

export interface StoredModel {
  model: Model;
  /** Of all files in its folder. */
  bytes: number;
}

/**
 * A model of one seed takes the place of the run's earlier one. Returns the ids of models that are no longer kept, whose
 * folders the caller deletes after the commit.
 */
export function registerModel(
  project: WritableProject,
  runId: string,
  { model, bytes }: ModelNote,
): string[] {
  return inTransaction(project, () => {
    const isOfSeed = (id: string) => /-\d+$/.test(id);
    const superfluous = isOfSeed(model.id)
      ? listModelIdsOf(project, [runId]).filter((id) => isOfSeed(id) && id !== model.id)
      : [];
    const values = { runId, bytes, model, createdAt: model.createdAt };
    project.database
      .insert(modelTable)
      .values({ id: model.id, ...values })
      .onConflictDoUpdate({ target: modelTable.id, set: values })
      .run();
    for (const id of superfluous) forgetModel(project, id);
    return superfluous;
  });
}

/** Its folder is the caller's. */
export function forgetModel(project: WritableProject, id: string): void {
  project.database.delete(modelTable).where(eq(modelTable.id, id)).run();
}

/** The latest first; those of studies that are being removed are left out. */
export function listModels(project: ReadableProject): StoredModel[] {
  return project.database
    .select({ bytes: modelTable.bytes, model: modelTable.model, id: modelTable.id })
    .from(modelTable)
    .innerJoin(runTable, eq(runTable.id, modelTable.runId))
    .innerJoin(studyTable, eq(studyTable.id, runTable.studyId))
    .where(sql`${studyTable.removedAt} IS NULL`)
    .orderBy(desc(modelTable.createdAt), desc(sql`${modelTable}.rowid`))
    .all()
    .map(({ id, model, bytes }) => ({ model: whole(model, id), bytes }));
}

/** By its id, or by its name: the latest of that name. Throws `model.missing`. */
export function findModel(project: ReadableProject, idOrName: string): StoredModel {
  const models = listModels(project);
  const found =
    models.find(({ model }) => model.id === idOrName) ?? models.find(({ model }) => model.name === idOrName);
  if (found) return found;
  throw new PretextError({
    code: 'model.missing',
    message: `There is no model “${idOrName}” in this project.`,
    place: idOrName,
    remedy:
      models.length > 0
        ? `Choose one of: ${models
            .slice(0, 8)
            .map(({ model }) => model.name)
            .join(', ')}.`
        : 'Run a study with fine-tuning: each of its fine-tuning runs keeps a model.',
  });
}

export function listModelsOfRun(project: ReadableProject, runId: string): StoredModel[] {
  return project.database
    .select()
    .from(modelTable)
    .where(eq(modelTable.runId, runId))
    .orderBy(asc(modelTable.id))
    .all()
    .map(({ id, model, bytes }) => ({ model: whole(model, id), bytes }));
}

export function listModelIdsOf(project: ReadableProject, runIds: readonly string[]): string[] {
  return project.database
    .select({ id: modelTable.id })
    .from(modelTable)
    .where(inArray(modelTable.runId, [...runIds]))
    .all()
    .map(({ id }) => id);
}

/** All names in the models folder that the database refers to. */
export function referencedModels(project: ReadableProject): Set<string> {
  return new Set(
    project.database
      .select({ id: modelTable.id })
      .from(modelTable)
      .all()
      .map(({ id }) => id),
  );
}

/** A damaged file may hold a document that is none of ours any more, and a changed one another name than its folder's. */
function whole(model: Model, id: string): Model {
  const read = modelSchema.safeParse(model);
  if (read.success && read.data.id === id) return read.data;
  const [issue] = read.error?.issues ?? [];
  const how = issue ? `${issue.path.map(String).join('.')}: ${issue.message}` : 'it has another id';
  throw new PretextError({
    code: 'project.broken',
    message: `project.db is damaged: the description of the model ${id} is not as it was written (${how}).`,
    place: id,
    remedy: 'Let the project be checked and repaired, or put it back from a backup.',
  });
}
