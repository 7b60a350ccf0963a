/** kNN probe: each sample is answered by its nearest neighbours in feature space (Wu et al. 2018). */
import type { FeatureMatrix } from './features.ts';
import { largestClass } from './logistic-regression.ts';
import { forEachNearest } from './neighbors.ts';

/** What may vote. */
interface Bank {
  features: FeatureMatrix;
  /** How much each counts; left out: all alike. */
  weights?: ArrayLike<number> | undefined;
}

export interface KnnOptions {
  /** Neighbours; no more than there are. */
  neighbors?: number;
  /** A neighbour's vote weighs exp(cosine similarity / temperature). */
  temperature?: number;
  /** Queries compared at once: bounds the memory. */
  batchSize?: number;
}

const NEIGHBORS = 20;
const TEMPERATURE = 0.07;

/** Class ids: the class with the heaviest votes, the lower id of equals. */
export function knnClasses(
  bank: Bank & { classIds: ArrayLike<number> },
  queries: FeatureMatrix,
  classCount: number,
  options: KnnOptions = {},
): Int32Array {
  return largestClass(knnShares(bank, queries, classCount, options), classCount);
}

/** Share of the votes that each class gets, row-major [queries, classCount]. */
export function knnShares(
  bank: Bank & { classIds: ArrayLike<number> },
  queries: FeatureMatrix,
  classCount: number,
  options: KnnOptions = {},
): Float64Array {
  const shares = new Float64Array(queries.rows * classCount);
  forEachQuery(bank, queries, options, (query, neighbors, weights) => {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const votes = shares.subarray(query * classCount, (query + 1) * classCount);
    neighbors.forEach((neighbor, i) => (votes[bank.classIds[neighbor]!]! += weights[i]! / total));
  });
  return shares;
}

/** Numbers: the weighted mean of the neighbours' numbers. */
export function knnNumbers(
  bank: Bank & { targets: ArrayLike<number> },
  queries: FeatureMatrix,
  options: KnnOptions = {},
): Float64Array {
  const answers = new Float64Array(queries.rows);
  forEachQuery(bank, queries, options, (query, neighbors, weights) => {
    let sum = 0;
    let total = 0;
    neighbors.forEach((neighbor, i) => {
      sum += weights[i]! * bank.targets[neighbor]!;
      total += weights[i]!;
    });
    answers[query] = sum / total;
  });
  return answers;
}

function forEachQuery(
  { features, weights: counts }: Bank,
  queries: FeatureMatrix,
  { neighbors = NEIGHBORS, temperature = TEMPERATURE, batchSize }: KnnOptions,
  answer: (query: number, neighbors: Int32Array, weights: Float64Array) => void,
): void {
  forEachNearest(features, queries, { count: neighbors, batchSize }, (query, nearest, similarities) => {
    // Relative to the nearest, so that a low temperature cannot overflow.
    const weights = Float64Array.from(
      similarities,
      (value, i) => Math.exp((value - similarities[0]!) / temperature) * (counts?.[nearest[i]!] ?? 1),
    );
    answer(query, nearest, weights);
  });
}
