/** Mean and deviation of several datasets taken as one. */
import type { ChannelStatistics } from '../../learning/channels.ts';

/**
 * Statistics of a mixture in which every dataset has its share, as batches are drawn: the mean of the means, and the
 * variance within plus the variance between.
 *
 * @param shares left out: all alike
 * @param mayMiss a channel that is 0 throughout a dataset is missing there, and says nothing of those that have it
 */
export function mixedStatistics(
  parts: readonly ChannelStatistics[],
  shares?: readonly number[],
  mayMiss = false,
): ChannelStatistics {
  const channels = parts[0]!.mean.length;
  const average = (channel: number, value: (part: ChannelStatistics) => number) => {
    const having = parts.flatMap((part, at) =>
      mayMiss && isMissing(part, channel) ? [] : [{ part, share: shares?.[at] ?? 1 / parts.length }],
    );
    if (having.length === 0) return 0;
    const total = having.length === parts.length ? 1 : having.reduce((sum, { share }) => sum + share, 0);
    if (!shares) return having.reduce((sum, { part }) => sum + value(part), 0) / having.length;
    return having.reduce((sum, { part, share }) => sum + value(part) * share, 0) / total;
  };
  const mean = Array.from({ length: channels }, (_, c) => average(c, (part) => part.mean[c]!));
  const standardDeviation = mean.map((center, c) =>
    Math.sqrt(average(c, (part) => part.standardDeviation[c]! ** 2 + (part.mean[c]! - center) ** 2)),
  );
  return { mean, standardDeviation };
}

const isMissing = ({ mean, standardDeviation }: ChannelStatistics, channel: number): boolean =>
  mean[channel] === 0 && standardDeviation[channel] === 0;
