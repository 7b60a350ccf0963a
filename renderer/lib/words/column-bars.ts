/** The distribution of a column as bars: its most frequent categories, or stretches of its numbers. */
import { isCategory, valueWords, type StoredColumn } from '../../../src/contract/data/columns.ts';

export interface Bar {
  title: string;
  /** Of the training rows in which the column is known. */
  share: number;
}

const MOST_BARS = 10;

export function barsOf(column: StoredColumn): Bar[] {
  if (isCategory(column)) {
    const total = column.counts.reduce((sum, one) => sum + one, 0) || 1;
    const bars = column.categories.map((title, code) => ({ title, share: column.counts[code]! / total }));
    if (column.kind === 'category') bars.sort((one, other) => other.share - one.share);
    if (bars.length <= MOST_BARS) return bars;
    const rest = bars.slice(MOST_BARS - 1);
    const share = rest.reduce((sum, one) => sum + one.share, 0);
    return [...bars.slice(0, MOST_BARS - 1), { title: `${rest.length} more`, share }];
  }
  return stretches(column.quantiles).map(([from, to, share]) => ({
    title: `${valueWords(column, from)} to ${valueWords(column, to)}`,
    share,
  }));
}

/** Ten stretches of one length between the least and the greatest value; how much lies below each end is interpolated. */
function stretches(quantiles: readonly number[]): [from: number, to: number, share: number][] {
  const [least, greatest] = [quantiles[0]!, quantiles.at(-1)!];
  if (least === greatest) return [[least, greatest, 1]];
  const ends = Array.from(
    { length: MOST_BARS + 1 },
    (_, at) => least + ((greatest - least) * at) / MOST_BARS,
  );
  return ends.slice(1).map((to, at) => {
    const from = ends[at]!;
    const below = at === 0 ? 0 : shareBelow(quantiles, from);
    return [from, to, (at === MOST_BARS - 1 ? 1 : shareBelow(quantiles, to)) - below];
  });
}

function shareBelow(quantiles: readonly number[], value: number): number {
  const steps = quantiles.length - 1;
  const next = quantiles.findIndex((quantile) => quantile > value);
  if (next <= 0) return next < 0 ? 1 : 0;
  const [low, high] = [quantiles[next - 1]!, quantiles[next]!];
  return (next - 1 + (value - low) / (high - low)) / steps;
}
