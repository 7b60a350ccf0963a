/** Models as their folders hold them, beside what the database says: for a thorough check, and for a repair. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { MODEL_FILE, modelSchema, partsOf, type Model } from '../../contract/model/model.ts';
import type { ReadableProject, WritableProject } from '../database.ts';
import { isModelName, modelFolder } from '../files/file-names.ts';
import { modelTable, runTable } from '../schema.ts';

export interface KnownModel {
  folder: string;
  /** Null where the database holds something else. */
  model: Model | null;
}

export function knownModels(project: ReadableProject): KnownModel[] {
  return project.database
    .select({ id: modelTable.id, model: modelTable.model })
    .from(modelTable)
    .all()
    .map(({ id, model }) => {
      const read = modelSchema.safeParse(model);
      return { folder: modelFolder(project.folder, id), model: read.success ? read.data : null };
    });
}

/** What is wrong with the description that lies in the folder; null where it is as the database has it. */
export function descriptionProblem({ folder, model }: KnownModel): string | null {
  if (!model) return 'project.db does not describe it as the program does';
  const found = readModel(folder);
  if (found === null) return `${MODEL_FILE} is not there, or is none of a model`;
  return isDeepStrictEqual(found, model) ? null : `${MODEL_FILE} is not as project.db has it`;
}

/**
 * Takes back models whose entry is lost, or says something else, from their whole folders: of runs that are there.
 * Returns their names.
 */
export function adoptModels(project: WritableProject): string[] {
  const known = new Map(knownModels(project).map(({ folder, model }) => [folder, model]));
  const adopted: string[] = [];
  for (const id of namesIn(join(project.folder, 'models')).filter(isModelName)) {
    const folder = modelFolder(project.folder, id);
    const model = known.get(folder) ? null : readModel(folder);
    const bytes = model && wholeBytes(folder, model);
    const runId = id.slice(0, id.indexOf('-'));
    const run = project.database.select().from(runTable).where(eq(runTable.id, runId)).get();
    if (!model || model.id !== id || bytes === null || !run) continue;
    const values = { runId, bytes, model, createdAt: model.createdAt };
    project.database
      .insert(modelTable)
      .values({ id, ...values })
      .onConflictDoUpdate({ target: modelTable.id, set: values })
      .run();
    adopted.push(model.name);
  }
  return adopted;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Null where there is none, or it is damaged: the caller says so. */
function readModel(folder: string): Model | null {
  try {
    const read = modelSchema.safeParse(JSON.parse(readFileSync(join(folder, MODEL_FILE), 'utf8')));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

/** Of all its files; null where one is missing or cut short. */
function wholeBytes(folder: string, model: Model): number | null {
  let sum = statSync(join(folder, MODEL_FILE)).size;
  for (const { file, bytes } of partsOf(model)) {
    if (statSync(join(folder, file), { throwIfNoEntry: false })?.size !== bytes) return null;
    sum += bytes;
  }
  return sum;
}
