/** Mean and deviation of several datasets taken as one. */
import type { ChannelStatistics } from '../../learning/channels.ts';

/**
 * Statistics of a mixture in which every dataset has its share, as batches are drawn: the mean of the means, and the
 * variance within plus the variance between.
 *
 * @param shares left out: all alike
 */
export function mixedStatistics(
  parts: readonly ChannelStatistics[],
  shares?: readonly number[],
): ChannelStatistics {
  const channels = parts[0]!.mean.length;
  const average = (value: (part: ChannelStatistics) => number) =>
    shares
      ? parts.reduce((sum, part, at) => sum + value(part) * shares[at]!, 0)
      : parts.reduce((sum, part) => sum + value(part), 0) / parts.length;
  const mean = Array.from({ length: channels }, (_, c) => average((part) => part.mean[c]!));
  const standardDeviation = mean.map((center, c) =>
    Math.sqrt(average((part) => part.standardDeviation[c]! ** 2 + (part.mean[c]! - center) ** 2)),
  );
  return { mean, standardDeviation };
}
