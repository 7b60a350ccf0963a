/** Defaults that contrastive tasks share, from the size of the data. */
import type { ViewTraining } from './proposed-training.ts';
import { learningModality } from '../../modalities/registry.ts';
import type { DataContext } from '../task.ts';

/** At least ten steps an epoch: a contrast needs many others, but also many steps. */
export const contrastiveBatch = (sampleCount: number): number =>
  sampleCount >= 2560 ? 256 : sampleCount >= 1280 ? 128 : 64;

/**
 * For tasks that compare with a queue of earlier embeddings: the others come from there, so that of large batches only
 * the want of steps is left. On 4,000 images of clothing, batches of 128 instead of 256 gave MoCo v2 and NNCLR two to
 * three points more with all labels on validation images after four epochs.
 */
const queuedBatch = (sampleCount: number): number =>
  sampleCount >= 10_240 ? 256 : sampleCount >= 1280 ? 128 : 64;

export function contrastiveTraining({ modality, sampleCount }: DataContext): ViewTraining {
  return {
    batchSize: contrastiveBatch(sampleCount),
    ...learningModality(modality).training.contrast,
    warmupEpochs: 1,
  };
}

/** As `contrastiveTraining`, for tasks that have a queue. */
export const queuedTraining = (context: DataContext): ViewTraining => ({
  ...contrastiveTraining(context),
  batchSize: queuedBatch(context.sampleCount),
});

/**
 * A power of two near that share of the samples, between 4 batches and a limit: so long a queue holds
 * embeddings that are fresh, and hardly any of the sample that asks.
 */
export function queueLength(sampleCount: number, share: number, longest: number): number {
  const least = 4 * queuedBatch(sampleCount);
  const wanted = 2 ** Math.round(Math.log2(Math.max(1, share * sampleCount)));
  return Math.min(longest, Math.max(least, wanted));
}
