/** Signs of representation collapse, from features of samples that were not trained on. */
import type { FeatureMatrix } from '../probes/features.ts';
import { symmetricEigenvalues } from './eigenvalues.ts';

/** Deviation of features brought to length 1 over samples, mean over dimensions: 1 / √d where all directions are used alike, far
 * less where they collapse (Chen and He 2021, SimSiam). */
export function embeddingDeviation({ values, rows, columns }: FeatureMatrix): number {
  const sums = new Float64Array(columns);
  const squares = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(row * columns, (row + 1) * columns);
    const length = Math.sqrt(own.reduce((total, value) => total + value * value, 0)) || 1;
    own.forEach((value, column) => {
      sums[column]! += value / length;
      squares[column]! += (value / length) ** 2;
    });
  }
  const deviations = sums.map((sum, column) =>
    Math.sqrt(Math.max(0, squares[column]! / rows - (sum / rows) ** 2)),
  );
  return deviations.reduce((total, value) => total + value, 0) / columns;
}

/**
 * RankMe (Garrido et al. 2023): exp of the entropy of the singular values, taken as shares of their sum.
 *
 * Singular values come from the eigenvalues of XᵀX or XXᵀ, whichever is smaller, in double precision.
 */
export function effectiveRank(features: FeatureMatrix): number {
  const size = Math.min(features.rows, features.columns);
  const singular = symmetricEigenvalues(smallerGram(features), size).map((value) =>
    Math.sqrt(Math.max(0, value)),
  );
  const total = singular.reduce((sum, value) => sum + value, 0);
  if (total === 0) return 0;
  let entropy = 0;
  for (const value of singular) {
    const share = value / total;
    if (share > 0) entropy -= share * Math.log(share);
  }
  return Math.exp(entropy);
}

/** XᵀX [columns, columns], or XXᵀ [rows, rows] where there are fewer rows: both have the same eigenvalues. */
function smallerGram({ values, rows, columns }: FeatureMatrix): Float64Array {
  const wide = rows < columns;
  const size = wide ? rows : columns;
  // Vectors to be multiplied with each other: columns of X, or its rows.
  const vector = wide
    ? (i: number) => values.subarray(i * columns, (i + 1) * columns)
    : (i: number) => Float32Array.from({ length: rows }, (_, row) => values[row * columns + i]!);
  const vectors = Array.from({ length: size }, (_, i) => Float64Array.from(vector(i)));
  const gram = new Float64Array(size * size);
  for (let a = 0; a < size; a++)
    for (let b = 0; b <= a; b++) {
      const [left, right] = [vectors[a]!, vectors[b]!];
      let sum = 0;
      for (let i = 0; i < left.length; i++) sum += left[i]! * right[i]!;
      gram[a * size + b] = gram[b * size + a] = sum;
    }
  return gram;
}
