/** Whether several processes can compute the steps of a pretext run together, each on a part of every batch. */
import { PretextError } from '../../contract/errors.ts';
import type { PretextConfig } from '../../contract/recipe/recipe.ts';
import { findPretextTask, pretextOptions } from './registry.ts';
import type { DataContext } from './task.ts';

/** Fewer samples have no statistics. */
const FEWEST_SAMPLES = 2;

type Shared = Pick<PretextConfig, 'task' | 'options' | 'batchSize' | 'accumulation'>;

/** @throws PretextError `processes.batch` or `processes.task` where a run cannot be computed by so many processes */
export function requireShareable(pretext: Shared, processes: number, context: DataContext): void {
  const { batchSize, accumulation } = pretext;
  const samples = batchSize / accumulation / processes;
  if (!Number.isInteger(samples) || samples < FEWEST_SAMPLES)
    throw new PretextError({
      code: 'processes.batch',
      message: `A batch of ${batchSize}${accumulation > 1 ? ` in ${accumulation} parts` : ''} cannot be shared by ${processes} processes: each computes as many samples as the others, ${FEWEST_SAMPLES} at least.`,
      place: 'pretext.batchSize',
      remedy: `Choose a multiple of ${FEWEST_SAMPLES * processes * accumulation}, or fewer processes.`,
    });
  const { title, alone } = findPretextTask(pretext.task, context.modality);
  const reason = alone?.(pretextOptions(pretext.task, pretext.options, context));
  if (!reason) return;
  throw new PretextError({
    code: 'processes.task',
    message: `“${title}” cannot be computed by several processes together: it ${reason}.`,
    place: 'device.processes',
    remedy: 'Leave out `device.processes`, or choose another pretext task.',
  });
}
