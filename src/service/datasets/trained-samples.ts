/** How many samples pretraining sees, as far as is known before it is planned. */
import type { Dataset } from '../../contract/entities.ts';
import type { FoldGroups } from '../../contract/recipe/folds.ts';
import { finetuneDatasetOf, type Recipe } from '../../contract/recipe/recipe.ts';
import type { ReadableProject } from '../../project/index.ts';
import { requireDataset } from './selection.ts';

/**
 * Of all datasets together. Copies of what other datasets hold out, groups that a recipe leaves out without folds, and
 * the few samples that health is looked at are counted in: they are known once the run begins.
 *
 * @param fold what a run sees in place of the split of the import; null: no fold
 */
export const trainedSamples = (
  project: ReadableProject,
  data: Recipe['data'],
  fold: FoldGroups | null = null,
): number =>
  data.pretrain.reduce((sum, name) => {
    const { dataset } = requireDataset(project, name);
    return sum + trainedOf(dataset, data, name === finetuneDatasetOf({ data }) ? fold : null);
  }, 0);

function trainedOf({ sampleCount, split }: Dataset, data: Recipe['data'], fold: FoldGroups | null): number {
  if (data.includeHeldOut) return sampleCount;
  if (fold) return fold.trainingSamples ?? shareOf(fold, sampleCount);
  return sampleCount - split.validation - split.test;
}

/** Of folds that earlier versions dealt, as many as if all groups were alike. */
const shareOf = ({ train, validation, test }: FoldGroups, sampleCount: number): number =>
  Math.round((sampleCount * train.length) / (train.length + validation.length + test.length));
