/** Mean and standard deviation of each channel: what brings raw samples to the scale that encoders expect. */
import { isConstantChannel } from '../contract/data/recordings/channels.ts';
import { tf, toFloat, type Tensor } from '../tensor/index.ts';

/** In stored units (0 to 255 for images), one number a channel. */
export interface ChannelStatistics {
  mean: readonly number[];
  standardDeviation: readonly number[];
  /** Channels that are 0 throughout a sample are missing there, as in datasets that were put together. */
  mayMiss?: boolean | undefined;
}

/**
 * Which channels a sample has: 1, or 0 for those that are 0 throughout.
 *
 * @param samples [N, L, C]
 * @returns float32 [N, 1, C]
 */
export const presentChannels = (samples: Tensor): Tensor =>
  tf.tidy(() => tf.cast(tf.greater(tf.max(tf.abs(toFloat(samples)), 1, true), 0), 'float32'));

/** A channel that never changes is left unscaled. */
export const safeDeviations = ({ mean, standardDeviation }: ChannelStatistics): number[] =>
  standardDeviation.map((value, channel) => (isConstantChannel(mean[channel]!, value) ? 1 : value));

/** Raw samples [N, …, C] (uint8 or float32) to float32 of mean 0 and deviation 1 a channel. */
export function normalizeChannels(samples: Tensor, statistics: ChannelStatistics): Tensor {
  return tf.tidy(() => {
    const inverse = safeDeviations(statistics).map((value) => 1 / value);
    return tf.mul(tf.sub(toFloat(samples), tf.tensor1d([...statistics.mean])), tf.tensor1d(inverse));
  });
}

/** The way back: normalised values to stored units, for previews. */
export function restoreChannels(values: Tensor, statistics: ChannelStatistics): Tensor {
  return tf.tidy(() =>
    tf.add(tf.mul(values, tf.tensor1d(safeDeviations(statistics))), tf.tensor1d([...statistics.mean])),
  );
}
