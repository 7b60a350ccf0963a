/** Nearest neighbours in feature space, by the cosine of the angle between features. */
import { l2Normalize, tf } from '../../../tensor/index.ts';
import type { FeatureMatrix } from './features.ts';

export interface NearestOptions {
  /** Neighbours of each query; no more than there are. */
  count: number;
  /** Queries compared at once: bounds the memory. */
  batchSize?: number | undefined;
}

/** Tells each query its nearest rows of the bank with their similarities, the most alike first. */
export function forEachNearest(
  bank: FeatureMatrix,
  queries: FeatureMatrix,
  { count: wanted, batchSize = 1024 }: NearestOptions,
  tell: (query: number, nearest: Int32Array, similarities: Float32Array) => void,
): void {
  const count = Math.min(wanted, bank.rows);
  const unit = (matrix: FeatureMatrix, from: number, rows: number) =>
    tf.tidy(() => {
      const { columns, values } = matrix;
      return l2Normalize(
        tf.tensor2d(values.subarray(from * columns, (from + rows) * columns), [rows, columns]),
      );
    });
  const known = unit(bank, 0, bank.rows);
  for (let from = 0; from < queries.rows; from += batchSize) {
    const rows = Math.min(batchSize, queries.rows - from);
    const nearest = tf.tidy(() =>
      tf.topk(tf.matMul(unit(queries, from, rows), known, false, true), count, true),
    );
    const similarities = nearest.values.dataSync() as Float32Array;
    const indices = nearest.indices.dataSync() as Int32Array;
    tf.dispose([nearest.values, nearest.indices]);
    for (let row = 0; row < rows; row++) {
      const span = [row * count, (row + 1) * count] as const;
      tell(from + row, indices.subarray(...span), similarities.subarray(...span));
    }
  }
  known.dispose();
}
