/** Mean and deviation of several datasets taken as one. */
import type { ChannelStatistics } from '../../learning/channels.ts';

/**
 * Statistics of a mixture in which every dataset has the same share, as batches are drawn: the mean of the
 * means, and the variance within plus the variance between.
 */
export function mixedStatistics(parts: readonly ChannelStatistics[]): ChannelStatistics {
  const channels = parts[0]!.mean.length;
  const average = (value: (part: ChannelStatistics) => number) =>
    parts.reduce((sum, part) => sum + value(part), 0) / parts.length;
  const mean = Array.from({ length: channels }, (_, c) => average((part) => part.mean[c]!));
  const standardDeviation = mean.map((center, c) =>
    Math.sqrt(average((part) => part.standardDeviation[c]! ** 2 + (part.mean[c]! - center) ** 2)),
  );
  return { mean, standardDeviation };
}
