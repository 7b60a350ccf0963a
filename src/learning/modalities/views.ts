/** Random views of samples of any kind: what pretext tasks, fine-tuning and the look at a run's health call. */
import type { Modality } from '../../contract/data/modality.ts';
import type { FinetuneConfig } from '../../contract/recipe/recipe.ts';
import { childSeed, tf, type Tensor } from '../../tensor/index.ts';
import type { ChannelStatistics } from '../channels.ts';
import { smallSides, type SmallCropOptions } from '../views/multi-crop.ts';
import { learningModality } from './registry.ts';

export type Augmentation = FinetuneConfig['augmentation'];

/** Options of the views of one kind of data. */
export interface ViewOptions {
  modality: Modality;
  options: object;
  /** Sides of the view, where they are to be others than the samples'. */
  size?: readonly number[];
}

/** Options of the views of every kind, as tasks have them: under `imageViews` and its likes. */
export type ViewChoices = Readonly<Record<`${string}Views`, object>>;

/**
 * Draws and applies one random view of each sample.
 *
 * @param samples raw, in stored units: [N, …, C]
 * @param seed int32 [2]; the same seed gives the same view
 * @returns float32 in stored units, of the samples' shape (or of the size asked for)
 */
export function randomView(
  samples: Tensor,
  seed: Tensor,
  { modality, options, size }: ViewOptions,
  statistics: ChannelStatistics,
): Tensor {
  const { views } = learningModality(modality);
  return tf.tidy(() => views.random({ samples, seed, options, statistics, ...(size && { sides: size }) }));
}

/** Those of a task's options that are for this kind of data. */
export function chosenViews(options: ViewChoices, modality: Modality): ViewOptions {
  return { modality, options: options[learningModality(modality).views.field]! };
}

/** The usual views of a kind of data: the same for every task, so that tasks can be compared. */
export const usualViews = (modality: Modality): ViewOptions => ({
  modality,
  options: learningModality(modality).views.options(),
});

/** The views of that name, used alike by the pretrained model and the baseline; null for none. */
export function augmentationViews(name: Augmentation, modality: Modality): ViewOptions | null {
  if (name === 'none') return null;
  return { modality, options: learningModality(modality).views.presets[name] };
}

export interface SmallCropRequest {
  /** Raw, in stored units: [N, …, C]. */
  samples: Tensor;
  /** int32 [2] */
  seed: Tensor;
  modality: Modality;
  /** Views are as the large ones; only the part of the sample that they show differs. */
  options: ViewChoices & { smallCrops: SmallCropOptions };
  channelStatistics: ChannelStatistics;
}

/**
 * Draws and makes the small crops of a batch, all in one go.
 *
 * @returns float32 in stored units, [count · N, …sides, C]: first the first crop of every sample, then the second of
 *   every sample, and so on; null where there are to be none
 */
export function smallCrops(request: SmallCropRequest): Tensor | null {
  const { samples, modality, channelStatistics: statistics } = request;
  const crops = request.options.smallCrops;
  if (crops.count === 0) return null;
  return tf.tidy(() => {
    const copies = crops.count === 1 ? samples : tf.concat(new Array<Tensor>(crops.count).fill(samples), 0);
    const { options } = chosenViews(request.options, modality);
    return learningModality(modality).views.part({
      samples: copies,
      seed: childSeed(request.seed, 'small-crops'),
      sides: smallSides(samples.shape.slice(1), crops),
      options,
      crops,
      statistics,
    });
  });
}

/** How many times pieces of samples of that side should be enlarged, so that an encoder sees enough. */
export const fittingEnlargement = (side: number, modality: Modality): number =>
  Math.max(1, Math.min(4, Math.round(learningModality(modality).leastSide / side)));
