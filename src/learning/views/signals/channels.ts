/**
 * Changes of signals over their channels, and noise at a ratio to each.
 *
 * All take and give [N, L, C], whole batches at once; what is random comes in as arguments. As selfEEG's.
 */
import { tf, type Tensor } from '../../../tensor/index.ts';
import { perSample } from '../chance.ts';

/** @param order int32 [N, C]: which channel comes to each place */
export function permuteChannels(x: Tensor, order: Tensor): Tensor {
  const channels = x.shape[2]!;
  const moves = tf.cast(tf.oneHot(order as never, channels), 'float32');
  return tf.matMul(x, moves, false, true);
}

/** Every channel relative to the mean of all others than the old reference, which is channel `reference`. */
export function averageReference(x: Tensor, reference: number): Tensor {
  const channels = x.shape[2]!;
  const weights = Array.from({ length: channels }, (_, at) => (at === reference ? 0 : 1 / (channels - 1)));
  return tf.sub(x, tf.sum(tf.mul(x, weights), 2, true));
}

/** @param references int32 [N]: the channel to which all others become relative */
export function channelReference(x: Tensor, references: Tensor): Tensor {
  const chosen = tf.cast(tf.oneHot(references as never, x.shape[2]!), 'float32');
  return tf.sub(x, tf.sum(tf.mul(x, tf.expandDims(chosen, 1)), 2, true));
}

/**
 * The same noise on all channels, on each at that ratio to its own power.
 *
 * @param noise [N, L, 1] of deviation 1
 * @param decibels [N]: signal to noise
 */
export function noiseAtRatio(x: Tensor, noise: Tensor, decibels: Tensor): Tensor {
  const power = tf.sqrt(tf.mean(tf.square(x), 1, true));
  const factor = tf.exp(tf.mul(decibels, -Math.LN10 / 20));
  return tf.add(x, tf.mul(tf.mul(power, perSample(factor, 3)), noise));
}

/** A drift from 0 to `ends` over the window: [N, L, 1]. */
export function drift(length: number, ends: Tensor): Tensor {
  const share = tf.reshape(tf.div(tf.range(0, length, 1, 'float32'), length - 1), [1, length, 1]);
  return tf.mul(perSample(ends, 3), share);
}
