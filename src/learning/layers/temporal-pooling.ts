/** Pooling along time, and from maps to features: every place, some of them, or their mean. */
import { averagePool2d, globalAveragePool, maxPool2d, tf, type Tensor } from '../../tensor/index.ts';
import { functionLayer, type Layer } from './layer.ts';

/** The mean of every window along time of [N, E, L, F]; windows that reach over the end are left out. */
export const averageInTime = (size: number, stride = size): Layer =>
  functionLayer((x) => averagePool2d(x, [1, size], [1, stride], 'valid'));

/** The largest value of every window along time of [N, E, L, F]; windows that reach over the end are left out. */
export const largestInTime = (size: number, stride = size): Layer =>
  functionLayer((x) => maxPool2d(x, [1, size], [1, stride], 'valid'));

/**
 * A matrix that averages `from` places to `to`, as PyTorch's adaptive average pooling does: place i of the result is
 * the mean of the places from ⌊i · from / to⌋ to before ⌈(i + 1) · from / to⌉.
 *
 * @returns rows [to][from]; each sums to 1
 */
export function adaptiveAveraging(from: number, to: number): number[][] {
  return Array.from({ length: to }, (_, place) => {
    const start = Math.floor((place * from) / to);
    const end = Math.ceil(((place + 1) * from) / to);
    return Array.from({ length: from }, (__, at) => (at >= start && at < end ? 1 / (end - start) : 0));
  });
}

/**
 * Maps of any length as features of one length: [N, L, F] to [N, places · F], place by place.
 *
 * Maps that are longer or shorter are averaged to so many places; one place is the mean.
 */
export function featuresOfPlaces(maps: Tensor, places: number): Tensor {
  const [count, length, channels] = maps.shape as [number, number, number];
  if (length === places) return tf.reshape(maps, [count, places * channels]);
  if (places === 1) return globalAveragePool(maps);
  const averaging = tf.tensor2d(adaptiveAveraging(length, places), [places, length]);
  const rows = tf.reshape(tf.transpose(maps, [0, 2, 1]), [count * channels, length]);
  const averaged = tf.reshape(tf.matMul(rows, averaging, false, true), [count, channels, places]);
  return tf.reshape(tf.transpose(averaged, [0, 2, 1]), [count, places * channels]);
}
