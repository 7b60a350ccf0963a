/** Samples as lists of patches: what a transformer's tokens are made of, and what masked ones must be again. */
import { tf, type Tensor } from '../../tensor/index.ts';

/** Patches along each side; those at the far ends may reach over the edge. */
export const patchGrid = (sides: readonly number[], patch: number): number[] =>
  sides.map((side) => Math.ceil(side / patch));

/**
 * Cuts samples into patches that do not overlap, row by row. What lies beyond the edge is 0.
 *
 * @param x [N, H, W, C] or [N, L, C]
 * @returns [N, P, patch · patch · C] or [N, P, patch · C]
 */
export function toPatches(x: Tensor, patch: number): Tensor {
  const [count, ...shape] = x.shape as [number, ...number[]];
  const channels = shape.at(-1)!;
  const sides = shape.slice(0, -1);
  const grid = patchGrid(sides, patch);
  const missing = grid.map((places, axis) => places * patch - sides[axis]!);
  const whole = missing.some((length) => length > 0)
    ? tf.pad(x, [[0, 0], ...missing.map((length): [number, number] => [0, length]), [0, 0]])
    : x;
  const places = grid.reduce((product, length) => product * length, 1);
  const size = channels * patch ** sides.length;
  if (sides.length === 1) return tf.reshape(whole, [count, places, size]);
  const [rows, columns] = grid as [number, number];
  const apart = tf.reshape(whole, [count, rows, patch, columns, patch * channels]);
  return tf.reshape(tf.transpose(apart, [0, 1, 3, 2, 4]), [count, places, size]);
}

/**
 * Picks rows of each sample's own list.
 *
 * @param rows [N, P, D]
 * @param indices int32 [N, K], from 0 to P − 1
 * @returns [N, K, D]
 */
export function pickRows(rows: Tensor, indices: Tensor): Tensor {
  const [count, places, size] = rows.shape as [number, number, number];
  const first = tf.mul(tf.range(0, count, 1, 'int32'), tf.scalar(places, 'int32'));
  const flat = tf.add(indices, tf.expandDims(first, 1));
  const picked = tf.gather(tf.reshape(rows, [count * places, size]), tf.reshape(flat, [-1]) as never);
  return tf.reshape(picked, [count, indices.shape[1]!, size]);
}
