/**
 * Alignment and uniformity of features on the unit sphere (Wang and Isola 2020, "Understanding Contrastive
 * Representation Learning through Alignment and Uniformity on the Hypersphere").
 *
 * Lower is better for both: views of one sample lie close together, and samples spread over the whole sphere.
 */
import type { FeatureMatrix } from '../probes/features.ts';

/** Rows brought to length 1, in double precision; a row of zeros stays as it is. */
function unitRows({ values, rows, columns }: FeatureMatrix): Float64Array {
  const unit = Float64Array.from(values);
  for (let row = 0; row < rows; row++) {
    const own = unit.subarray(row * columns, (row + 1) * columns);
    const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0)) || 1;
    for (let column = 0; column < columns; column++) own[column]! /= length;
  }
  return unit;
}

/**
 * Mean squared distance between the two views of each sample, from 0 to 4.
 *
 * @param first row i holds one view of sample i
 * @param second row i holds another one
 */
export function alignment(first: FeatureMatrix, second: FeatureMatrix): number {
  const [a, b] = [unitRows(first), unitRows(second)];
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum / first.rows;
}

/**
 * Logarithm of the mean of exp(−2 |x − y|²) over all pairs of samples: from 0 (all alike) down to about −4
 * (spread evenly over a sphere of many dimensions).
 */
export function uniformity(features: FeatureMatrix): number {
  const { rows, columns } = features;
  const unit = unitRows(features);
  let sum = 0;
  for (let a = 1; a < rows; a++)
    for (let b = 0; b < a; b++) {
      let distance = 0;
      for (let column = 0; column < columns; column++)
        distance += (unit[a * columns + column]! - unit[b * columns + column]!) ** 2;
      sum += Math.exp(-2 * distance);
    }
  return Math.log(sum / ((rows * (rows - 1)) / 2));
}
