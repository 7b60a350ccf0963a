/** The distribution of a column as bars: its most frequent categories, or stretches of its numbers. */
import {
  endsOfStretches,
  isCategory,
  valueWords,
  type StoredColumn,
} from '../../../src/contract/data/columns.ts';

export interface Bar {
  title: string;
  /** Of the training rows in which the column is known. */
  share: number;
}

const MOST_BARS = 10;

/** @param counted training rows in each stretch of a column of numbers; null as long as they are not counted: shares are then interpolated */
export function barsOf(column: StoredColumn, counted: readonly number[] | null = null): Bar[] {
  if (isCategory(column)) {
    const bars = sharesOf(column.counts).map((share, code) => ({ title: column.categories[code]!, share }));
    if (column.kind === 'category') bars.sort((one, other) => other.share - one.share);
    if (bars.length <= MOST_BARS) return bars;
    const rest = bars.slice(MOST_BARS - 1);
    const share = rest.reduce((sum, one) => sum + one.share, 0);
    return [...bars.slice(0, MOST_BARS - 1), { title: `${rest.length} more`, share }];
  }
  const ends = endsOfStretches(column.quantiles);
  const shares = counted ? sharesOf(counted) : interpolated(column.quantiles, ends);
  return shares.map((share, at) => ({
    title: `${valueWords(column, ends[at]!)} to ${valueWords(column, ends[at + 1]!)}`,
    share,
  }));
}

function sharesOf(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, one) => sum + one, 0) || 1;
  return counts.map((count) => count / total);
}

function interpolated(quantiles: readonly number[], ends: readonly number[]): number[] {
  const last = ends.length - 2;
  return ends.slice(1).map((to, at) => {
    const below = at === 0 ? 0 : shareBelow(quantiles, ends[at]!);
    return (at === last ? 1 : shareBelow(quantiles, to)) - below;
  });
}

function shareBelow(quantiles: readonly number[], value: number): number {
  const steps = quantiles.length - 1;
  const next = quantiles.findIndex((quantile) => quantile > value);
  if (next <= 0) return next < 0 ? 1 : 0;
  const [low, high] = [quantiles[next - 1]!, quantiles[next]!];
  return (next - 1 + (value - low) / (high - low)) / steps;
}
