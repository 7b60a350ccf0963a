/**
 * How unlike the training data a sample is: its mean cosine distance to the nearest training samples, as a percentile
 * of the distances among those themselves (kNN distance: Sun et al. 2022, Out-of-Distribution Detection with Deep
 * Nearest Neighbors).
 */
import type { FeatureMatrix } from '../probes/features.ts';
import { forEachNearest } from '../probes/neighbors.ts';

const NEIGHBORS = 10;
const PERCENTS = 100;

export interface Novelty {
  neighbors: number;
  /** Distances among the training samples, each to the others, at 0, 1, …, 100 percent of them. */
  quantiles: number[];
}

/** Null where there are fewer than two training samples. */
export function measureNovelty(training: FeatureMatrix): Novelty | null {
  if (training.rows < 2) return null;
  const neighbors = Math.min(NEIGHBORS, training.rows - 1);
  const distances = new Float64Array(training.rows);
  // One more than is wanted: each is its own nearest, or a copy of it is.
  forEachNearest(training, training, { count: neighbors + 1 }, (row, nearest, similarities) => {
    const own = nearest.indexOf(row);
    const others = similarities.filter((_, place) => place !== (own < 0 ? neighbors : own));
    distances[row] = meanDistance(others);
  });
  return { neighbors, quantiles: quantilesOf(distances) };
}

export interface Nearest {
  /** Percentile from 0 to 100: above 99 it is farther from the training data than 99 of 100 of those are. */
  percentile: number;
  /** Rows of the training samples, the most alike first, with their cosines. */
  rows: Int32Array;
  cosines: Float32Array;
}

export function noveltyOf(training: FeatureMatrix, known: Novelty, queries: FeatureMatrix): Nearest[] {
  const found: Nearest[] = [];
  forEachNearest(training, queries, { count: known.neighbors }, (_, rows, cosines) => {
    const percentile = percentileOf(known.quantiles, meanDistance(cosines));
    found.push({ percentile, rows: rows.slice(), cosines: cosines.slice() });
  });
  return found;
}

function meanDistance(cosines: Float32Array): number {
  let sum = 0;
  for (const cosine of cosines) sum += Math.max(0, 1 - cosine);
  return sum / cosines.length;
}

/** Values at 0, 1, …, 100 percent, linear between neighbours. */
export function quantilesOf(values: Float64Array): number[] {
  const sorted = values.toSorted();
  return Array.from({ length: PERCENTS + 1 }, (_, percent) => {
    const place = (percent / PERCENTS) * (sorted.length - 1);
    const below = Math.floor(place);
    const above = Math.min(sorted.length - 1, below + 1);
    return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
  });
}

/** Where a value stands among quantiles, 0 to 100, linear between them; the upper end of equal ones. */
export function percentileOf(quantiles: readonly number[], value: number): number {
  if (value < quantiles[0]!) return 0;
  const last = quantiles.length - 1;
  if (value >= quantiles[last]!) return PERCENTS;
  let above = 1;
  while (quantiles[above]! <= value) above += 1;
  const [low, high] = [quantiles[above - 1]!, quantiles[above]!];
  return ((above - 1 + (value - low) / (high - low)) / last) * PERCENTS;
}
