/** All pretext tasks. Adding one is adding its file and its line. */
import { PretextError } from '../../contract/errors.ts';
import type { Modality } from '../../contract/recipe.ts';
import { parseOptions } from '../options.ts';
import { byol } from './byol.ts';
import { maskedReconstruction } from './masked-reconstruction.ts';
import { rotation } from './rotation.ts';
import { simclr } from './simclr.ts';
import { simsiam } from './simsiam.ts';
import type { DataContext, PretextBuild, PretextModel, PretextTask } from './task.ts';

export const pretextTasks: readonly PretextTask[] = [simclr, byol, simsiam, rotation, maskedReconstruction];

/** @throws PretextError where there is no task of that name for this kind of data */
export function findPretextTask(id: string, modality: Modality): PretextTask {
  const fitting = pretextTasks.filter((task) => task.modalities.includes(modality));
  const found = fitting.find((task) => task.id === id);
  if (found) return found;
  throw new PretextError({
    code: 'task.unknown',
    message: `There is no pretext task "${id}" for data of kind ${modality}.`,
    place: 'pretext.task',
    remedy: `Choose one of: ${fitting.map((task) => task.id).join(', ')}.`,
  });
}

/** Options with the task's defaults for this data filled in where the recipe says nothing. */
export function pretextOptions(id: string, options: Record<string, unknown>, context: DataContext): unknown {
  const task = findPretextTask(id, context.modality);
  const proposed = task.defaults(context).options as Record<string, unknown>;
  return parseOptions(task.options, { ...proposed, ...options }, 'pretext.options');
}

/** Checks the options and builds the model of a task. */
export function buildPretextModel(
  choice: { task: string; options: Record<string, unknown>; sampleCount: number },
  input: Omit<PretextBuild<unknown>, 'options'>,
): PretextModel {
  const { modality, inputShape } = input;
  const context = { modality, inputShape, sampleCount: choice.sampleCount };
  const options = pretextOptions(choice.task, choice.options, context);
  return findPretextTask(choice.task, modality).build({ ...input, options });
}
