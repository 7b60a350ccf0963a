/** What of a sample is compared: a grey picture, a little smoothed, or a window without the means of its channels. */
import { isPicture, valuesOf, type SampleForm } from './signature.ts';

/** One sample as numbers: a picture row by row, or a window with its channels interleaved. */
export type Plane = Float64Array;

/** Writes planes of one size of samples of one form. */
export type Planer = (bytes: Uint8Array, target: Plane) => void;

/** @param side [height, width] that pictures are brought to, where others of another size are compared with them */
export function createPlaner(form: SampleForm, side: readonly number[]): Planer {
  const { shape, dtype } = form;
  const [height = 0, width = 0, channels = 1] = shape;
  if (!isPicture(form)) return (bytes, target) => withoutMeans(valuesOf(bytes, dtype), width, target);
  const [rows = height, columns = width] = side;
  const grey = new Float64Array(height * width);
  const sums = new Float64Array(rows * columns);
  return (bytes, target) => {
    const values = valuesOf(bytes, dtype);
    for (let at = 0, from = 0; at < grey.length; at++) {
      let sum = 0;
      for (let channel = 0; channel < channels; channel++) sum += values[from++]!;
      grey[at] = sum;
    }
    const same = rows === height && columns === width;
    smoothe(same ? grey : shrunk(grey, [height, width], [rows, columns]), rows, columns, sums, target);
  };
}

/** Means of three by three pixels: what a lossy format changes most are single pixels. */
function smoothe(
  grey: Float64Array,
  height: number,
  width: number,
  rows: Float64Array,
  target: Float64Array,
): void {
  const last = width - 1;
  for (let y = 0; y < height; y++) {
    const first = y * width;
    const end = first + last;
    rows[first] = grey[first]! + grey[first]! + grey[first + Math.min(1, last)]!;
    for (let at = first + 1; at < end; at++) rows[at] = grey[at - 1]! + grey[at]! + grey[at + 1]!;
    if (last > 0) rows[end] = grey[end - 1]! + grey[end]! + grey[end]!;
  }
  for (let y = 0; y < height; y++) {
    const above = y > 0 ? -width : 0;
    const below = y < height - 1 ? width : 0;
    for (let at = y * width; at < (y + 1) * width; at++)
      target[at] = rows[at + above]! + rows[at]! + rows[at + below]!;
  }
}

/** Means of the pixels that fall into each pixel of the smaller picture, parts of pixels by their share. */
function shrunk(
  grey: Float64Array,
  [height, width]: readonly [number, number],
  [rows, columns]: readonly [number, number],
): Float64Array {
  const across = new Float64Array(height * columns);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < columns; x++)
      across[y * columns + x] = meanBetween(
        grey,
        y * width,
        1,
        (x * width) / columns,
        ((x + 1) * width) / columns,
      );
  const result = new Float64Array(rows * columns);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++)
      result[y * columns + x] = meanBetween(
        across,
        x,
        columns,
        (y * height) / rows,
        ((y + 1) * height) / rows,
      );
  return result;
}

/** Mean of values `begin + k * step` for k between two borders, which may lie within a value. */
function meanBetween(values: Float64Array, begin: number, step: number, from: number, to: number): number {
  let sum = 0;
  for (let k = Math.floor(from); k < to - 1e-9; k++)
    sum += values[begin + k * step]! * (Math.min(k + 1, to) - Math.max(k, from));
  return sum / (to - from);
}

function withoutMeans(values: ArrayLike<number>, channels: number, target: Float64Array): void {
  const length = target.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    for (let at = channel; at < target.length; at += channels) sum += values[at]!;
    for (let at = channel; at < target.length; at += channels) target[at] = values[at]! - sum / length;
  }
}
