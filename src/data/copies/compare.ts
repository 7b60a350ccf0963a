/** Whether two samples are near copies of each other: looked at in full, not by their signatures. */
import { valuesOf, type SampleForm, type Shift } from './signature.ts';

/**
 * Images: least correlation of the grey pictures and of their slopes, at the best move by at most one pixel. Slopes
 * tell two shirts of one cut apart, which look alike as a whole. Signals: least correlation of the windows.
 *
 * Measured on real data (test/bench/cases/copies.ts).
 */
export const LEAST_LIKENESS = { image: 0.99, slope: 0.98, signal: 0.99 } as const;

/** Pixels along a side that are looked at: larger pictures are read at even distances. */
const MOST_POSITIONS = 48;

/** One sample as numbers: the grey picture, a little smoothed, row by row, or the window with its channels interleaved. */
export type Plane = Float64Array;

/** Makes planes of one size of samples of one form. */
export type Planer = (bytes: Uint8Array) => Plane;

/** @param side [height, width] that pictures are brought to, where others of another size are compared with them */
export function createPlaner({ modality, shape, dtype }: SampleForm, side?: readonly number[]): Planer {
  const [height = 0, width = 0, channels = 1] = shape;
  if (modality === 'signal') return (bytes) => withoutMeans(valuesOf(bytes, dtype), width);
  return (bytes) => {
    const values = valuesOf(bytes, dtype);
    const grey = new Float64Array(height * width);
    for (let at = 0; at < grey.length; at++)
      for (let channel = 0; channel < channels; channel++) grey[at]! += values[at * channels + channel]!;
    const [rows = height, columns = width] = side ?? [];
    if (rows === height && columns === width) return smoothed(grey, height, width);
    return smoothed(shrunk(grey, [height, width], [rows, columns]), rows, columns);
  };
}

/**
 * The likeness from 0 to 1 of two planes of one size, or null when they are no copies.
 *
 * @param side [height, width] of pictures
 */
export function likeness(
  modality: SampleForm['modality'],
  side: readonly number[],
  shifts: readonly Shift[],
  one: Plane,
  other: Plane,
): number | null {
  if (modality === 'signal') {
    const found = correlation(one, other);
    return found >= LEAST_LIKENESS.signal ? found : null;
  }
  let best: number | null = null;
  for (const shift of shifts) {
    const { picture, slope } = imageCorrelation(side, one, other, shift);
    if (picture < LEAST_LIKENESS.image || slope < LEAST_LIKENESS.slope) continue;
    if (best === null || picture > best) best = picture;
  }
  return best;
}

/** Correlation of windows whose channels have mean 0. */
function correlation(one: Plane, other: Plane): number {
  let [own, others, both] = [0, 0, 0];
  for (let at = 0; at < one.length; at++) {
    own += one[at]! ** 2;
    others += other[at]! ** 2;
    both += one[at]! * other[at]!;
  }
  return own > 0 && others > 0 ? both / Math.sqrt(own * others) : 0;
}

function imageCorrelation(
  [height = 0, width = 0]: readonly number[],
  one: Plane,
  other: Plane,
  [down, right]: readonly [number, number],
): { picture: number; slope: number } {
  const step = Math.max(1, Math.ceil(Math.max(height, width) / MOST_POSITIONS));
  const move = down * width + right;
  let [count, sumA, sumB, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
  let [slopeA, slopeB, slopes] = [0, 0, 0];
  for (let y = 1; y < height - 2; y += step)
    for (let x = 1; x < width - 2; x += step) {
      const at = y * width + x;
      // `one` is the moved one, as in its signature.
      const [a, b] = [one[at + move]!, other[at]!];
      count++;
      sumA += a;
      sumB += b;
      aa += a * a;
      bb += b * b;
      ab += a * b;
      const [ax, ay] = [one[at + move + 1]! - a, one[at + move + width]! - a];
      const [bx, by] = [other[at + 1]! - b, other[at + width]! - b];
      slopeA += ax * ax + ay * ay;
      slopeB += bx * bx + by * by;
      slopes += ax * bx + ay * by;
    }
  const [varianceA, varianceB] = [aa - sumA ** 2 / count, bb - sumB ** 2 / count];
  return {
    picture:
      varianceA > 0 && varianceB > 0 ? (ab - (sumA * sumB) / count) / Math.sqrt(varianceA * varianceB) : 0,
    slope: slopeA > 0 && slopeB > 0 ? slopes / Math.sqrt(slopeA * slopeB) : 0,
  };
}

/** Means of three by three pixels: what a lossy format changes most are single pixels. */
function smoothed(grey: Float64Array, height: number, width: number): Float64Array {
  const rows = new Float64Array(grey.length);
  const result = new Float64Array(grey.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      rows[at] = grey[x > 0 ? at - 1 : at]! + grey[at]! + grey[x < width - 1 ? at + 1 : at]!;
    }
  for (let at = 0; at < grey.length; at++)
    result[at] =
      rows[at >= width ? at - width : at]! + rows[at]! + rows[at + width < grey.length ? at + width : at]!;
  return result;
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

function withoutMeans(values: ArrayLike<number>, channels: number): Float64Array {
  const result = Float64Array.from(values);
  const length = result.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    for (let at = channel; at < result.length; at += channels) sum += result[at]!;
    for (let at = channel; at < result.length; at += channels) result[at]! -= sum / length;
  }
  return result;
}
