/** Models of the project: kept, listed, and taken out again. */
import type { KeptModel, ModelNote } from '../../contract/model/model.ts';
import {
  deleteOwnFile,
  findModel,
  forgetModel,
  listModels,
  modelFolder,
  moveToTrash,
  registerModel,
  type ReadableProject,
  type StoredModel,
} from '../../project/index.ts';
import type { Workplace } from '../workplace/workplace.ts';

/** A model whose folder stands; that of an earlier seed goes. */
export function keep({ project, log, events }: Workplace, runId: string, note: ModelNote): void {
  for (const id of registerModel(project, runId, note)) {
    events.publish({ type: 'model-removed', modelId: id });
    try {
      deleteOwnFile(project.folder, 'models', id);
    } catch (error) {
      log.warn({ err: error, id }, 'a superseded model could not be deleted');
    }
  }
  events.publish({ type: 'model', model: described(project, note) });
}

export const listKept = (project: ReadableProject): KeptModel[] =>
  listModels(project).map((stored) => described(project, stored));

/** By id or name. Throws `model.missing`. */
export const findKept = (project: ReadableProject, idOrName: string): KeptModel =>
  described(project, findModel(project, idOrName));

/** Its folder stays in the trash for a month. */
export function removeKept({ project, log, events }: Workplace, modelId: string): void {
  const { model } = findModel(project, modelId);
  forgetModel(project, model.id);
  moveToTrash(project.folder, 'models', [model.id]);
  events.publish({ type: 'model-removed', modelId: model.id });
  log.info({ model: model.name, id: model.id }, 'model removed');
}

function described({ folder }: ReadableProject, { model, bytes }: StoredModel): KeptModel {
  return { model, bytes, folder: modelFolder(folder, model.id) };
}
