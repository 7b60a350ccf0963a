/** How many samples pretraining sees, as far as is known before it is planned. */
import type { Recipe } from '../../contract/recipe/recipe.ts';
import type { ReadableProject } from '../../project/index.ts';
import { requireDataset } from './selection.ts';

/** Of all datasets together; copies that are left out, and what folds take out, are counted in. */
export const trainedSamples = (project: ReadableProject, data: Recipe['data']): number =>
  data.pretrain.reduce((sum, name) => {
    const { sampleCount, split } = requireDataset(project, name).dataset;
    return sum + (data.includeHeldOut ? sampleCount : sampleCount - split.validation - split.test);
  }, 0);
