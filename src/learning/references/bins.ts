/** Values of table rows as bins: what histogram-based trees are grown on (LightGBM, Ke et al. 2017). */
import type { FeatureMatrix } from '../evaluation/probes/features.ts';

/** The bin of unknown values, whatever the column. */
export const UNKNOWN_BIN = 255;
/** Most bins of a column beside that of unknown values. */
export const MOST_BINS = 255;

/** How one column becomes bins. */
export type ColumnBins =
  /** A number is in the first bin whose upper bound is not below it; the last bin has none. */
  | { kind: 'number'; bounds: Float64Array }
  /** A code is its own bin; codes from `count` on are unknown. */
  | { kind: 'category'; count: number };

/** Rows as bins, column by column. */
export interface BinnedRows {
  rows: number;
  /** One byte a row for each column. */
  columns: Uint8Array[];
  bins: readonly ColumnBins[];
}

/**
 * Bounds between values: in the middle of neighbours where there are few enough distinct ones, else at percentiles, so
 * that bins hold about the same number of rows each.
 *
 * @param categories number of categories of each column, 0 for numbers
 */
export function findBins(
  { values, rows, columns }: FeatureMatrix,
  categories: readonly number[],
): ColumnBins[] {
  return Array.from({ length: columns }, (_, column) => {
    const count = categories[column]!;
    if (count > 0) return { kind: 'category', count: Math.min(count, MOST_BINS) };
    const known: number[] = [];
    for (let row = 0; row < rows; row++) {
      const value = values[row * columns + column]!;
      if (!Number.isNaN(value)) known.push(value);
    }
    return { kind: 'number', bounds: boundsOf(Float64Array.from(known).sort()) };
  });
}

function boundsOf(sorted: Float64Array): Float64Array {
  const distinct = sorted.filter((value, place) => place === 0 || value !== sorted[place - 1]);
  if (distinct.length <= MOST_BINS)
    return Float64Array.from({ length: Math.max(0, distinct.length - 1) }, (_, place) => {
      const [low, high] = [distinct[place]!, distinct[place + 1]!];
      return low + (high - low) / 2;
    });
  const last = sorted.length - 1;
  const bounds = Array.from({ length: MOST_BINS - 1 }, (_, place) => {
    const at = ((place + 1) / MOST_BINS) * last;
    const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
    return low + (high - low) / 2;
  });
  return Float64Array.from(new Set(bounds));
}

/** The bin of one value. */
export function binOf(bins: ColumnBins, value: number): number {
  if (Number.isNaN(value)) return UNKNOWN_BIN;
  if (bins.kind === 'category') {
    const code = Math.round(value);
    return code >= 0 && code < bins.count ? code : UNKNOWN_BIN;
  }
  const { bounds } = bins;
  let [low, high] = [0, bounds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= bounds[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function binRows({ values, rows, columns }: FeatureMatrix, bins: readonly ColumnBins[]): BinnedRows {
  return {
    rows,
    bins,
    columns: bins.map((own, column) =>
      Uint8Array.from({ length: rows }, (_, row) => binOf(own, values[row * columns + column]!)),
    ),
  };
}

/** How many bins hold known values. */
export const knownBins = (bins: ColumnBins): number =>
  bins.kind === 'category' ? bins.count : bins.bounds.length + 1;
