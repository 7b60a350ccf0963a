/**
 * A short description of a sample, in which near copies lie close together: brightness, contrast and gain do not
 * change it, and a copy that was stored anew in a lossy format changes it little.
 *
 * Images: low frequencies of the cosine transform of the grey picture. Signals: random projections of the window with
 * each channel's mean taken away. Both have length 1; samples without any variation have none.
 */
import { createRandom } from '../random.ts';

/** Numbers in a signature. */
export const SIGNATURE_SIZE = 35;
/** Cosine frequencies along each side of an image. */
const FREQUENCIES = 6;
const FLAT = 1e-6;

/** One sample as numbers: the grey picture, a little smoothed, row by row, or the window with its channels interleaved. */
export type Plane = Float64Array;

export interface Signer {
  /** A stored sample as comparable numbers. */
  plane(bytes: Uint8Array): Plane;
  /** Writes the signature of a plane, moved by whole pixels for images. False where there is no variation. */
  sign(plane: Plane, target: Float64Array, shift: readonly [number, number]): boolean;
  /** Moves that a copy is looked for under. */
  shifts: readonly (readonly [number, number])[];
}

export interface SampleForm {
  modality: 'image' | 'signal';
  shape: readonly number[];
  dtype: 'uint8' | 'float32';
}

export function createSigner(form: SampleForm): Signer {
  return form.modality === 'image' ? imageSigner(form) : signalSigner(form);
}

const NEIGHBORS = [-1, 0, 1].flatMap((y) => [-1, 0, 1].map((x) => [y, x] as const));

function imageSigner({ shape, dtype }: SampleForm): Signer {
  const [height = 0, width = 0, channels = 1] = shape;
  // A border of one pixel is left out, so that a moved copy is described by the very same pixels.
  const rows = cosines(height - 2);
  const columns = cosines(width - 2);
  const half = new Float64Array(FREQUENCIES * (height - 2));
  return {
    shifts: NEIGHBORS,
    plane(bytes) {
      const values = valuesOf(bytes, dtype);
      const grey = new Float64Array(height * width);
      for (let at = 0; at < grey.length; at++)
        for (let channel = 0; channel < channels; channel++) grey[at]! += values[at * channels + channel]!;
      return smoothed(grey, height, width);
    },
    sign(plane, target, [down, right]) {
      half.fill(0);
      for (let y = 0; y < height - 2; y++)
        for (let x = 0; x < width - 2; x++) {
          const value = plane[(y + 1 + down) * width + x + 1 + right]!;
          for (let k = 0; k < FREQUENCIES; k++)
            half[k * (height - 2) + y]! += value * columns[k * (width - 2) + x]!;
        }
      let at = 0;
      for (let k = 0; k < FREQUENCIES; k++)
        for (let j = 0; j < FREQUENCIES; j++) {
          if (j + k === 0) continue;
          let sum = 0;
          for (let y = 0; y < height - 2; y++)
            sum += half[k * (height - 2) + y]! * rows[j * (height - 2) + y]!;
          target[at++] = sum;
        }
      return normalize(target);
    },
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

/** Cosine basis, row-major [FREQUENCIES, length]. */
function cosines(length: number): Float64Array {
  return Float64Array.from({ length: FREQUENCIES * length }, (_, at) =>
    Math.cos((Math.PI * Math.floor(at / length) * ((at % length) + 0.5)) / length),
  );
}

function signalSigner({ shape, dtype }: SampleForm): Signer {
  const [length = 0, channels = 1] = shape;
  const random = createRandom(20_170, length, channels);
  const signs = Int8Array.from({ length: length * channels * SIGNATURE_SIZE }, () => 2 * random.below(2) - 1);
  return {
    shifts: [[0, 0]],
    plane: (bytes) => withoutMeans(valuesOf(bytes, dtype), channels),
    sign(plane, target) {
      target.fill(0);
      for (let at = 0; at < plane.length; at++)
        for (let k = 0; k < SIGNATURE_SIZE; k++) target[k]! += plane[at]! * signs[at * SIGNATURE_SIZE + k]!;
      return normalize(target);
    },
  };
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

function valuesOf(bytes: Uint8Array, dtype: SampleForm['dtype']): Uint8Array | Float32Array {
  if (dtype === 'uint8') return bytes;
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}

function normalize(values: Float64Array): boolean {
  let squares = 0;
  for (const value of values) squares += value * value;
  const size = Math.sqrt(squares);
  if (!(size > FLAT)) return false;
  for (let at = 0; at < values.length; at++) values[at]! /= size;
  return true;
}
