/** Statistics over seeds: spread of one arm, overfit gap. */
import { overfitGapOf, type MetricName } from '../../../contract/results/metric.ts';

export interface Spread {
  mean: number;
  /** Sample standard deviation (n − 1); 0 for a single value. */
  sd: number;
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

/** Of an even number of values the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const inOrder = values.toSorted((a, b) => a - b);
  const half = inOrder.length / 2;
  return Number.isInteger(half) ? (inOrder[half - 1]! + inOrder[half]!) / 2 : inOrder[Math.floor(half)]!;
}

/** Mean over runs of how much better a model is on what it has seen: larger is worse, whatever the metric. */
export function overfitGap(runs: readonly { metric: MetricName; train: number; test: number }[]): number {
  return spread(runs.map((run) => overfitGapOf(run.metric, run))).mean;
}
