/**
 * Multi-crop (Caron et al. 2020, "SwAV"): besides two views of full size a few small ones, which see a part of
 * the sample at a fraction of the cost. What a small view shows must be told from the large ones and back.
 */
import { childSeed, cropAndResize, integers, tf, type Tensor } from '../../tensor/index.ts';
import { fieldsFor, groupField, integerField, numberField } from '../../contract/fields.ts';
import { insideImage } from './crop.ts';

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
      ...fieldsFor({
        image: {
          cropMinimum: numberField({
            title: 'Smallest part',
            help: 'Least share of the image that a small crop shows.',
            minimum: 0.02,
            maximum: 1,
            default: values.cropMinimum,
          }),
          cropMaximum: numberField({
            title: 'Largest part',
            help: 'Largest share of the image that a small crop shows.',
            minimum: 0.02,
            maximum: 1,
            default: values.cropMaximum,
          }),
        },
      }),
    },
  });
}

/** No side below this: nothing would be left of it in the deeper stages of an encoder. */
const SMALLEST_SIDE = 8;

/** Sides of the small crops, [H', W'] or [L']. */
export function smallSides(inputShape: readonly number[], { side }: SmallCropOptions): number[] {
  return inputShape
    .slice(0, -1)
    .map((full) => Math.min(full, Math.max(SMALLEST_SIDE, Math.round(side * full))));
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
