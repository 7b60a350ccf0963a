/**
 * A short description of a sample, in which near copies lie close together: brightness, contrast and gain do not
 * change it, and a copy that was stored anew in a lossy format or at another size changes it little.
 *
 * Images: low frequencies of the cosine transform of the grey picture, pooled to eight by eight cells first. Signals:
 * a count sketch (Charikar, Chen and Farach-Colton 2002) of the window with each channel's mean taken away, which
 * keeps angles as random projections do and costs two additions a value. Both have length 1; samples without any
 * variation have none.
 */
import { describeModality, type Modality } from '../../contract/data/modality.ts';
import { valuesToCompute, type SampleType } from '../../contract/data/sample-values.ts';
import { createRandom } from '../shards/random.ts';

/** Numbers in a signature. */
export const SIGNATURE_SIZE = 35;
/** Numbers from one packed signature to the next: the rest is 0, so that a kernel takes eight at a time. */
export const SIGNATURE_STRIDE = 40;
/** Pixels are stored from 0 to this. */
const LARGEST_PIXEL = 255;
/** Cosine frequencies along each side of an image, and cells that it is pooled to. */
const FREQUENCIES = 6;
const CELLS = 8;
/** Places of the sketch that each value of a signal is added to. */
const SKETCHES = 2;
/** Below this share of a sample's largest value its variation is rounding: whatever the unit of a signal. */
const FLAT = 2 ** -24;

/** What of a sample its signatures are made of: valid until the next sample is read. */
export interface Signer {
  /** Takes a stored sample in. */
  read(bytes: Uint8Array): void;
  /** Writes the signature of what was read, moved by whole pixels for images. False where there is no variation. */
  sign(target: Float64Array, shift: Shift): boolean;
  /** Moves that a copy is looked for under; the first is none. */
  shifts: readonly Shift[];
}

/** Pixels down and to the right. */
export type Shift = readonly [number, number];

export interface SampleForm {
  modality: Modality;
  shape: readonly number[];
  dtype: SampleType;
}

/** Whether samples are compared as pictures, not by their values alone. */
export const isPicture = ({ modality }: SampleForm): boolean =>
  describeModality(modality).likeness === 'picture';

/** Whether samples are rows, compared cell by cell: they have no signature. */
export const isRow = ({ modality }: SampleForm): boolean => describeModality(modality).likeness === 'cells';

const UNMOVED: Shift = [0, 0];
const SHIFTS: readonly Shift[] = [
  UNMOVED,
  ...[-1, 0, 1]
    .flatMap((down) => [-1, 0, 1].map((right) => [down, right] as const))
    .filter(([y, x]) => y || x),
];

export function createSigner(form: SampleForm): Signer {
  return isPicture(form) ? imageSigner(form) : signalSigner(form);
}

function imageSigner({ shape, dtype }: SampleForm): Signer {
  const [height = 0, width = 0, channels = 1] = shape;
  const stride = width + 1;
  // Sums of all pixels above and to the left: a cell's sum is four look-ups, whatever its size.
  const sums = new Float64Array((height + 1) * stride);
  // A border of one pixel is left out, so that a moved copy is described by the very same pixels.
  const rows = cellsOf(height - 2);
  const columns = cellsOf(width - 2);
  const cells = new Float64Array(CELLS * CELLS);
  const half = new Float64Array(FREQUENCIES * CELLS);
  return {
    shifts: SHIFTS,
    read(bytes) {
      addUp(sums, valuesOf(bytes, dtype), channels, stride);
    },
    sign(target, [down, right]) {
      for (let i = 0; i < CELLS; i++) {
        const row = rows[i]!;
        const top = (row.from + 1 + down) * stride;
        const bottom = (row.to + 1 + down) * stride;
        for (let j = 0; j < CELLS; j++) {
          const column = columns[j]!;
          const left = column.from + 1 + right;
          const end = column.to + 1 + right;
          const sum = sums[bottom + end]! - sums[top + end]! - sums[bottom + left]! + sums[top + left]!;
          cells[i * CELLS + j] = sum / ((row.to - row.from) * (column.to - column.from));
        }
      }
      transform(cells, half, target);
      return normalize(target, LARGEST_PIXEL);
    },
  };
}

/** Sums of all values above and to the left. Loops of their own for one and three channels take a third of the time. */
function addUp(sums: Float64Array, values: ArrayLike<number>, channels: number, stride: number): void {
  let at = 0;
  for (let begin = stride; begin < sums.length; begin += stride) {
    const end = begin + stride;
    let row = 0;
    if (channels === 1)
      for (let place = begin + 1; place < end; place++) {
        row += values[at++]!;
        sums[place] = sums[place - stride]! + row;
      }
    else if (channels === 3)
      for (let place = begin + 1; place < end; place++, at += 3) {
        row = row + values[at]! + values[at + 1]! + values[at + 2]!;
        sums[place] = sums[place - stride]! + row;
      }
    else
      for (let place = begin + 1; place < end; place++) {
        for (let channel = 0; channel < channels; channel++) row += values[at++]!;
        sums[place] = sums[place - stride]! + row;
      }
  }
}

/** Where each cell along a side of `length` pixels begins and ends; on short sides cells share pixels. */
function cellsOf(length: number): readonly { from: number; to: number }[] {
  return Array.from({ length: CELLS }, (_, i) => {
    const from = Math.floor((i * length) / CELLS);
    return { from, to: Math.max(from + 1, Math.floor(((i + 1) * length) / CELLS)) };
  });
}

/** Cosine basis of the cells, row-major [FREQUENCIES, CELLS]. */
const COSINES = Float64Array.from({ length: FREQUENCIES * CELLS }, (_, at) =>
  Math.cos((Math.PI * Math.floor(at / CELLS) * ((at % CELLS) + 0.5)) / CELLS),
);

/** The cosine transform of the cells without its mean, in the order of columns, then rows. */
function transform(cells: Float64Array, half: Float64Array, target: Float64Array): void {
  for (let k = 0; k < FREQUENCIES; k++)
    for (let i = 0; i < CELLS; i++) {
      let sum = 0;
      for (let j = 0; j < CELLS; j++) sum += cells[i * CELLS + j]! * COSINES[k * CELLS + j]!;
      half[k * CELLS + i] = sum;
    }
  let at = 0;
  for (let k = 0; k < FREQUENCIES; k++)
    for (let j = 0; j < FREQUENCIES; j++) {
      if (j + k === 0) continue;
      let sum = 0;
      for (let i = 0; i < CELLS; i++) sum += half[k * CELLS + i]! * COSINES[j * CELLS + i]!;
      target[at++] = sum;
    }
}

function signalSigner({ shape, dtype }: SampleForm): Signer {
  const [length = 0, channels = 1] = shape;
  const random = createRandom(20_170, length, channels);
  const places = Uint8Array.from({ length: length * channels * SKETCHES }, () =>
    random.below(SIGNATURE_SIZE),
  );
  const signs = Int8Array.from({ length: places.length }, () => 2 * random.below(2) - 1);
  let values: ArrayLike<number> = [];
  let largest = 0;
  const means = new Float64Array(channels);
  return {
    shifts: [UNMOVED],
    read(bytes) {
      values = valuesOf(bytes, dtype);
      means.fill(0);
      largest = 0;
      for (let at = 0; at < values.length;)
        for (let channel = 0; channel < channels; channel++) {
          const value = values[at++]!;
          means[channel]! += value / length;
          if (Math.abs(value) > largest) largest = Math.abs(value);
        }
    },
    sign(target) {
      target.fill(0);
      for (let at = 0; at < values.length;)
        for (let channel = 0; channel < channels; channel++, at++) {
          const value = values[at]! - means[channel]!;
          for (let k = SKETCHES * at; k < SKETCHES * (at + 1); k++) target[places[k]!]! += value * signs[k]!;
        }
      return normalize(target, largest);
    },
  };
}

/** Signatures in the form that a million of them are kept in: whole numbers from -127 to 127. */
export const SCALE = 127;

export function pack(signature: Float64Array, target: Int8Array, place: number): void {
  for (let k = 0; k < SIGNATURE_SIZE; k++)
    target[place * SIGNATURE_STRIDE + k] = Math.round(signature[k]! * SCALE);
}

export function valuesOf(bytes: Uint8Array, dtype: SampleForm['dtype']): Uint8Array | Float32Array {
  return valuesToCompute(bytes.byteOffset % 4 === 0 ? bytes : bytes.slice(), dtype);
}

/** @param largest value of the sample, to tell its variation from rounding */
function normalize(values: Float64Array, largest: number): boolean {
  let squares = 0;
  for (const value of values) squares += value * value;
  const size = Math.sqrt(squares);
  if (!(size > FLAT * largest)) return false;
  for (let at = 0; at < values.length; at++) values[at]! /= size;
  return true;
}
