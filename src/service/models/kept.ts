/** Models of the project: kept, listed, and taken out again. */
import { withHead } from '../../contract/model/heads.ts';
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

/**
 * By one of its heads, as if it had that one alone.
 *
 * @param head the name of its dataset; left out: the only one there is
 * @throws PretextError `model.missing`, `model.which-head`, `model.no-head`
 */
export function findAnswering(project: ReadableProject, idOrName: string, head?: string): KeptModel {
  const kept = findKept(project, idOrName);
  return { ...kept, model: withHead(kept.model, head) };
}

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
