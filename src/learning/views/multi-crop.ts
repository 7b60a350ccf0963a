/**
 * Multi-crop (Caron et al. 2020, "SwAV"): besides two views of full size a few small ones, which see a part of
 * the sample at a fraction of the cost. What a small view shows must be told from the large ones and back.
 */
import { childSeed, cropAndResize, integers, tf, type Tensor } from '../../tensor/index.ts';
import type { Modality } from '../../contract/recipe.ts';
import type { ChannelStatistics } from '../channels.ts';
import { groupField, integerField, numberField } from '../options.ts';
import { insideImage } from './crop.ts';
import type { ImageViewOptions } from './image.ts';
import type { SignalViewOptions } from './signal.ts';
import { randomView } from './view.ts';

const usual = { count: 4, side: 0.5, cropMinimum: 0.1, cropMaximum: 0.4 };
export type SmallCropOptions = typeof usual;

/** The options of small crops as one field of a pretext task; `defaults` replace the usual ones. */
export function smallCropField(defaults: Partial<SmallCropOptions> = {}) {
  const values = { ...usual, ...defaults };
  return groupField({
    title: 'Small crops',
    help: 'Further views, smaller and cheaper, that each show only a part of the sample.',
    fields: {
      count: integerField({
        title: 'Small crops',
        help: 'How many for each sample; 0 for none.',
        minimum: 0,
        maximum: 12,
        default: values.count,
      }),
      side: numberField({
        title: 'Side',
        help: 'Side of a small crop (of a signal: its length) as a share of the full one.',
        minimum: 0.2,
        maximum: 0.9,
        default: values.side,
      }),
      cropMinimum: numberField({
        title: 'Smallest part',
        help: 'Least share of the image that a small crop shows.',
        minimum: 0.02,
        maximum: 1,
        default: values.cropMinimum,
        modality: 'image',
      }),
      cropMaximum: numberField({
        title: 'Largest part',
        help: 'Largest share of the image that a small crop shows.',
        minimum: 0.02,
        maximum: 1,
        default: values.cropMaximum,
        modality: 'image',
      }),
    },
  });
}

export interface SmallCropRequest {
  /** Raw: uint8 or float32 [N, H, W, C] from 0 to 255, or float32 [N, L, C]. */
  samples: Tensor;
  /** int32 [2] */
  seed: Tensor;
  modality: Modality;
  options: {
    smallCrops: SmallCropOptions;
    /** As for the large views; only the share of the image that is kept differs. */
    imageViews: ImageViewOptions;
    signalViews: SignalViewOptions;
  };
  channelStatistics: ChannelStatistics;
}

/** No side below this: nothing would be left of it in the deeper stages of an encoder. */
const SMALLEST_SIDE = 8;

/** Sides of the small crops, [H', W'] or [L']. */
export function smallSides(inputShape: readonly number[], { side }: SmallCropOptions): number[] {
  return inputShape
    .slice(0, -1)
    .map((full) => Math.min(full, Math.max(SMALLEST_SIDE, Math.round(side * full))));
}

/**
 * Draws and makes the small crops of a batch, all in one go.
 *
 * Images: a part of them, resized. Signals: a shorter window at full resolution, so that its frequencies stay
 * what they are; then the usual changes.
 *
 * @returns float32 in stored units, [count · N, H', W', C] or [count · N, L', C]: first the first crop of every
 *   sample, then the second of every sample, and so on; null where there are to be none
 */
export function smallCrops(request: SmallCropRequest): Tensor | null {
  const { samples, modality, options, channelStatistics } = request;
  const { count } = options.smallCrops;
  if (count === 0) return null;
  return tf.tidy(() => {
    const seed = childSeed(request.seed, 'small-crops');
    const copies = count === 1 ? samples : tf.concat(new Array<Tensor>(count).fill(samples), 0);
    const sides = smallSides(samples.shape.slice(1), options.smallCrops);
    if (modality === 'signal') {
      const windows = shortWindows(copies, seed, sides[0]!);
      const view = { modality, options: options.signalViews };
      return randomView(windows, seed, view, channelStatistics);
    }
    const { cropMinimum, cropMaximum } = options.smallCrops;
    const view = {
      modality,
      options: { ...options.imageViews, cropMinimum: Math.min(cropMinimum, cropMaximum), cropMaximum },
      size: sides as [number, number],
    };
    return randomView(copies, seed, view, channelStatistics);
  });
}

/** A window of that many points from each signal, from a random place: float32 [N, length, C]. */
export function shortWindows(signals: Tensor, seed: Tensor, length: number): Tensor {
  return tf.tidy(() => {
    const [count, full, channels] = signals.shape as [number, number, number];
    const start = tf.cast(integers([count], childSeed(seed, 'window'), 0, full - length + 1), 'float32');
    const last = Math.max(1, full - 1);
    const zero = tf.zerosLike(start);
    const ends = tf.div(tf.add(start, length - 1), last);
    const boxes = tf.stack([zero, insideImage(tf.div(start, last)), zero, insideImage(ends)], 1);
    const pictures = tf.reshape(signals, [count, 1, full, channels]);
    const indices = tf.range(0, count, 1, 'int32');
    return tf.reshape(cropAndResize(pictures, boxes, indices, [1, length]), [count, length, channels]);
  });
}
