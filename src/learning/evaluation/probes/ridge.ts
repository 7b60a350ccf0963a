/** Ridge regression: least squares with an L2 penalty, solved exactly. */
import type { FeatureMatrix } from './features.ts';
import type { LinearModel } from './logistic-regression.ts';

/**
 * Minimises Σ weight · (y − x·kernel − bias)² + strength · ‖kernel‖²; the bias is not penalised (scikit-learn's
 * Ridge, whose `alpha` is the strength).
 *
 * @param strength above 0
 * @param weights of the rows; left out: 1 each
 */
export function fitRidge(
  features: FeatureMatrix,
  targets: ArrayLike<number>,
  strength: number,
  weights?: ArrayLike<number>,
): LinearModel {
  const { rows, columns, values } = features;
  const counts = Float64Array.from({ length: rows }, (_, row) => weights?.[row] ?? 1);
  const all = counts.reduce((sum, count) => sum + count, 0);
  const means = new Float64Array(columns);
  for (let i = 0; i < values.length; i++)
    means[i % columns]! += (counts[Math.floor(i / columns)]! * values[i]!) / all;
  const targetMean = counts.reduce((total, count, row) => total + count * targets[row]!, 0) / all;
  const gram = new Float64Array(columns * columns);
  const right = new Float64Array(columns);
  const row = new Float64Array(columns);
  for (let sample = 0; sample < rows; sample++) {
    for (let a = 0; a < columns; a++) row[a] = values[sample * columns + a]! - means[a]!;
    for (let a = 0; a < columns; a++) {
      const counted = counts[sample]! * row[a]!;
      right[a]! += counted * (targets[sample]! - targetMean);
      for (let b = 0; b <= a; b++) gram[a * columns + b]! += counted * row[b]!;
    }
  }
  for (let a = 0; a < columns; a++) gram[a * columns + a]! += strength;
  const kernel = solvePositive(gram, right);
  const shift = kernel.reduce((total, weight, a) => total + weight * means[a]!, 0);
  return { kernel, bias: Float64Array.of(targetMean - shift), outputs: 1 };
}

/** Solves A·x = b for a symmetric positive definite A, of which the lower triangle is read (Cholesky). */
function solvePositive(matrix: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  const lower = matrix.slice();
  const x = right.slice();
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = lower[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!;
      lower[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-300)) : sum / lower[j * n + j]!;
    }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= lower[i * n + k]! * x[k]!;
    x[i]! /= lower[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= lower[k * n + i]! * x[k]!;
    x[i]! /= lower[i * n + i]!;
  }
  return x;
}
