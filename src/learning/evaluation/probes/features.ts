/** Features of many samples, as the probes take them. */

/** Row-major [rows, columns]: one row a sample. */
export interface FeatureMatrix {
  values: Float32Array;
  rows: number;
  columns: number;
}

/** Rows in the order given; a row may come twice. */
export function selectRows(features: FeatureMatrix, rows: readonly number[]): FeatureMatrix {
  const { columns } = features;
  const values = new Float32Array(rows.length * columns);
  rows.forEach((row, place) =>
    values.set(features.values.subarray(row * columns, (row + 1) * columns), place * columns),
  );
  return { values, rows: rows.length, columns };
}

/** Brings features to mean 0 and deviation 1 by the statistics of the training features. */
export interface Standardizer {
  mean: Float64Array;
  deviation: Float64Array;
}

/** Mean and (population) standard deviation of each column; a constant column has deviation 1. */
export function fitStandardizer({ values, rows, columns }: FeatureMatrix): Standardizer {
  const mean = new Float64Array(columns);
  const deviation = new Float64Array(columns);
  for (let i = 0; i < values.length; i++) mean[i % columns]! += values[i]! / rows;
  for (let i = 0; i < values.length; i++)
    deviation[i % columns]! += (values[i]! - mean[i % columns]!) ** 2 / rows;
  return { mean, deviation: deviation.map((variance) => (variance > 1e-16 ? Math.sqrt(variance) : 1)) };
}

export function standardize(features: FeatureMatrix, { mean, deviation }: Standardizer): FeatureMatrix {
  const { columns } = features;
  const values = features.values.map((value, i) => (value - mean[i % columns]!) / deviation[i % columns]!);
  return { ...features, values };
}

/** Weights on the scale on which the mean is 1, so that a penalty keeps its strength. */
export function ofMeanOne(weights: ArrayLike<number>): Float64Array {
  const own = Float64Array.from(weights);
  const mean = own.reduce((sum, weight) => sum + weight, 0) / own.length;
  return own.map((weight) => weight / mean);
}
