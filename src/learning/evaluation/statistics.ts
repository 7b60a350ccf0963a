/** Statistics over seeds: spread of one arm, paired difference of two, overfit gap. */
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { overfitGapOf, type MetricName } from '../../contract/metric.ts';

export interface Spread {
  mean: number;
  /** Sample standard deviation (n − 1); 0 for a single value. */
  sd: number;
  n: number;
}

export interface PairedDifference {
  mean: number;
  /** Ends of the confidence interval. */
  low: number;
  high: number;
  /** Two-sided 95 % unless told otherwise. */
  confidence: number;
  n: number;
}

/** Mean and sample standard deviation of at least one value. */
export function spread(values: readonly number[]): Spread {
  const n = values.length;
  if (n === 0) throw new RangeError('a spread needs at least one value');
  const mean = values.reduce((total, value) => total + value, 0) / n;
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
  return { mean, sd: n > 1 ? Math.sqrt(squares / (n - 1)) : 0, n };
}

/**
 * Difference `first − second`, paired by position (the same seed in both), with Student's t interval.
 *
 * Returns null with fewer than two pairs: one pair says nothing about the spread.
 */
export function pairedDifference(
  first: readonly number[],
  second: readonly number[],
  confidence = 0.95,
): PairedDifference | null {
  if (first.length !== second.length)
    throw new RangeError(`pairs need equally many values, not ${first.length} and ${second.length}`);
  if (first.length < 2) return null;
  const { mean, sd, n } = spread(first.map((value, i) => value - second[i]!));
  const half = (tQuantile(0.5 + confidence / 2, n - 1) * sd) / Math.sqrt(n);
  return { mean, low: mean - half, high: mean + half, confidence, n };
}

/** Mean over runs of how much better a model is on what it has seen: larger is worse, whatever the metric. */
export function overfitGap(runs: readonly { metric: MetricName; train: number; test: number }[]): number {
  return spread(runs.map((run) => overfitGapOf(run.metric, run))).mean;
}
