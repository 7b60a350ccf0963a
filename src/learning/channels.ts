/** Mean and standard deviation of each channel: what brings raw samples to the scale that encoders expect. */
import { isConstantChannel } from '../contract/data/recordings/channels.ts';
import { scaleChannels, tf, toFloat, type Tensor } from '../tensor/index.ts';

/** In stored units (0 to 255 for images), one number a channel. */
export interface ChannelStatistics {
  mean: readonly number[];
  standardDeviation: readonly number[];
  /** Channels that are 0 throughout a sample are missing there, as in datasets that were put together. */
  mayMiss?: boolean | undefined;
}

/** The statistics with what a description says of channels that may be missing. */
export const statisticsFor = (
  { mean, standardDeviation }: ChannelStatistics,
  about: { mayMiss?: boolean | undefined } | undefined,
): ChannelStatistics => ({ mean, standardDeviation, ...(about?.mayMiss && { mayMiss: true }) });

/**
 * Which channels a sample has: 1, or 0 for those that are 0 throughout.
 *
 * @param samples [N, …, C]
 * @returns float32 [N, 1, …, C]
 */
export const presentChannels = (samples: Tensor): Tensor =>
  tf.tidy(() => {
    const sides = samples.shape.slice(1, -1).map((_, axis) => axis + 1);
    return tf.cast(tf.greater(tf.max(tf.abs(toFloat(samples)), sides, true), 0), 'float32');
  });

/** A channel that never changes is left unscaled. */
export const safeDeviations = ({ mean, standardDeviation }: ChannelStatistics): number[] =>
  standardDeviation.map((value, channel) => (isConstantChannel(mean[channel]!, value) ? 1 : value));

/**
 * Raw samples [N, …, C] (uint8 or float32) to float32 of mean 0 and deviation 1 a channel. A channel that is missing is 0
 * afterwards as well.
 */
export function normalizeChannels(samples: Tensor, statistics: ChannelStatistics): Tensor {
  return tf.tidy(() => {
    const inverse = safeDeviations(statistics).map((value) => 1 / value);
    const normal = scaleChannels(toFloat(samples), tf.tensor1d([...statistics.mean]), tf.tensor1d(inverse));
    return masksMissing(statistics) ? tf.mul(normal, presentChannels(samples)) : normal;
  });
}

/** Where every mean is 0 already, what is missing stays 0 by itself. */
export const masksMissing = ({ mayMiss, mean }: ChannelStatistics): boolean =>
  mayMiss === true && mean.some((value) => value !== 0);

/** The way back: normalised values to stored units, for previews. */
export function restoreChannels(values: Tensor, statistics: ChannelStatistics): Tensor {
  return tf.tidy(() =>
    tf.add(tf.mul(values, tf.tensor1d(safeDeviations(statistics))), tf.tensor1d([...statistics.mean])),
  );
}
