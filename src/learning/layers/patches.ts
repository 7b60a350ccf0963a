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
 * The way back from `toPatches`; what lay beyond the edge is cut off.
 *
 * @param patches [N, P, patch · patch · C] or [N, P, patch · C]
 * @param sides [H, W] or [L]
 */
export function fromPatches(patches: Tensor, sides: readonly number[], patch: number): Tensor {
  const [count, , size] = patches.shape as [number, number, number];
  const channels = size / patch ** sides.length;
  const grid = patchGrid(sides, patch);
  const whole = grid.map((places) => places * patch);
  const [rows, columns] = grid as [number, number];
  const woven =
    sides.length === 1
      ? patches
      : tf.transpose(tf.reshape(patches, [count, rows, columns, patch, patch * channels]), [0, 1, 3, 2, 4]);
  const samples = tf.reshape(woven, [count, ...whole, channels]);
  return tf.slice(samples, new Array<number>(samples.rank).fill(0), [count, ...sides, channels]);
}

/** Places along each side that a fitting patch leaves, by the number of sides. */
const FITTING_PLACES: Readonly<Record<number, number>> = { 1: 32, 2: 8 };

/** The patch that an encoder of tokens takes for samples of these sides unless it is told otherwise. */
export function fittingPatch(sides: readonly number[]): number {
  const places = FITTING_PLACES[sides.length]!;
  return Math.max(2, Math.round(Math.min(...sides) / places));
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
