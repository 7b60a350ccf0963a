/** Where a token stands: position embeddings for any grid, built for one. */
import { tf, type Tensor } from '../../tensor/index.ts';

/**
 * Coordinates of a grid's places on the grid that a network was built for: the same for the same grid, else
 * stretched so that the edges meet.
 */
const coordinates = (places: number, builtFor: number): number[] =>
  Array.from({ length: places }, (_, at) => ((at + 0.5) * builtFor) / places - 0.5);

/**
 * Sines and cosines of the places of a grid, of wavelengths from 2π to 10000 · 2π (Vaswani et al. 2017). On a
 * grid of two sides the first half of the numbers tells the row and the second the column (He et al. 2022).
 *
 * @param width a multiple of 2, of 4 for two sides
 * @returns float32 [P, width], in the order of `toPatches`
 */
export function waves(grid: readonly number[], builtFor: readonly number[], width: number): Tensor {
  const share = width / grid.length;
  const codes = grid.map((places, axis) =>
    coordinates(places, builtFor[axis]!).map((at) => waveCode(at, share)),
  );
  const rows =
    codes.length === 1
      ? codes[0]!
      : codes[0]!.flatMap((row) => codes[1]!.map((column) => [...row, ...column]));
  return tf.tensor2d(rows, [rows.length, width]);
}

function waveCode(at: number, width: number): number[] {
  const half = width / 2;
  const angles = Array.from({ length: half }, (_, i) => at / 10_000 ** (i / half));
  return [...angles.map(Math.sin), ...angles.map(Math.cos)];
}

/**
 * A matrix that stretches values on one grid to another, linearly.
 *
 * @returns float32 [P of grid, P of builtFor]; every row sums to 1
 */
export function stretching(grid: readonly number[], builtFor: readonly number[]): Tensor {
  const sides = grid.map((places, axis) => sideStretching(places, builtFor[axis]!));
  const rows =
    sides.length === 1
      ? sides[0]!
      : sides[0]!.flatMap((row) => sides[1]!.map((column) => row.flatMap((a) => column.map((b) => a * b))));
  return tf.tensor2d(rows);
}

function sideStretching(places: number, builtFor: number): number[][] {
  return coordinates(places, builtFor).map((at) => {
    const inside = Math.max(0, Math.min(builtFor - 1, at));
    return Array.from({ length: builtFor }, (_, place) => Math.max(0, 1 - Math.abs(inside - place)));
  });
}
