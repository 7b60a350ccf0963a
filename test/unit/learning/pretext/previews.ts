/** Previews of a task on samples as they are: in stored units, channels are normalised already. */
import { previewItems } from '../../../../src/learning/pretext/preview.ts';
import { findPretextTask, pretextOptions } from '../../../../src/learning/pretext/registry.ts';
import type { Tensor } from '../../../../src/tensor/index.ts';
import { seed } from '../helpers.ts';

/** One item for each sample; `changes` are options of the task. */
export const preview = (task: string, samples: Tensor, changes = {}) => {
  const [, ...inputShape] = samples.shape;
  const modality = inputShape.length === 3 ? ('image' as const) : ('signal' as const);
  const channels = inputShape.at(-1)!;
  const options = pretextOptions(task, changes, { modality, inputShape, sampleCount: 100 });
  const channelStatistics = {
    mean: new Array(channels).fill(0),
    standardDeviation: new Array(channels).fill(1),
  };
  return previewItems(
    findPretextTask(task, modality),
    { modality, options, channelStatistics, samples, seed: seed(2) },
    Array.from({ length: samples.shape[0]! }, (_, i) => i),
  );
};
