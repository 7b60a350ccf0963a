/**
 * From the coefficients of JPEG blocks to pixels, to the bit as libjpeg does it by default: its exact integer
 * transform (jidctint.c), its smooth enlargement of halved colors (jdsample.c) and its conversion to red, green and
 * blue (jdcolor.c).
 */

export interface Plane {
  samples: Uint8Array;
  /** Samples from one row to the next; rows and columns are filled up to whole blocks. */
  stride: number;
  /** Of the samples that count. */
  width: number;
  height: number;
}

/** Fractions of 2^13. */
const C0298 = 2446;
const C0390 = 3196;
const C0541 = 4433;
const C0765 = 6270;
const C0899 = 7373;
const C1175 = 9633;
const C1501 = 12299;
const C1847 = 15137;
const C1961 = 16069;
const C2053 = 16819;
const C2562 = 20995;
const C3072 = 25172;

const work = new Int32Array(64);

/**
 * The inverse cosine transform of one block into a plane; `block` holds zeros afterwards.
 * @returns false where numbers became larger than libjpeg's fast ways hold, which are then not the same
 */
export function inverseTransform(block: Int32Array, plane: Uint8Array, at: number, stride: number): boolean {
  let beyond = 0;
  for (let column = 0; column < 8; column += 1) beyond |= transformColumn(block, column);
  for (let row = 0; row < 8; row += 1) transformRow(row * 8, plane, at + row * stride);
  block.fill(0);
  return beyond === 0;
}

/** @returns 0 where all numbers have 16 bits */
function transformColumn(block: Int32Array, at: number): number {
  const [b0, b1, b2, b3] = [block[at]!, block[at + 8]!, block[at + 16]!, block[at + 24]!];
  const [b4, b5, b6, b7] = [block[at + 32]!, block[at + 40]!, block[at + 48]!, block[at + 56]!];
  if ((b1 | b2 | b3 | b4 | b5 | b6 | b7) === 0) {
    const value = b0 << 2;
    for (let row = 0; row < 64; row += 8) work[at + row] = value;
    return (value + 0x8000) & ~0xffff;
  }
  const shared = Math.imul(b2 + b6, C0541);
  const even2 = shared - Math.imul(b6, C1847);
  const even3 = shared + Math.imul(b2, C0765);
  const even0 = (b0 + b4) << 13;
  const even1 = (b0 - b4) << 13;
  const z5 = Math.imul(b7 + b3 + b5 + b1, C1175);
  const z1 = -Math.imul(b7 + b1, C0899);
  const z2 = -Math.imul(b5 + b3, C2562);
  const z3 = z5 - Math.imul(b7 + b3, C1961);
  const z4 = z5 - Math.imul(b5 + b1, C0390);
  const odd0 = (Math.imul(b7, C0298) + z1 + z3) | 0;
  const odd1 = (Math.imul(b5, C2053) + z2 + z4) | 0;
  const odd2 = (Math.imul(b3, C3072) + z2 + z3) | 0;
  const odd3 = (Math.imul(b1, C1501) + z1 + z4) | 0;
  const [sum0, sum3] = [(even0 + even3 + 1024) | 0, (even0 - even3 + 1024) | 0];
  const [sum1, sum2] = [(even1 + even2 + 1024) | 0, (even1 - even2 + 1024) | 0];
  const w0 = (sum0 + odd3) >> 11;
  const w7 = (sum0 - odd3) >> 11;
  const w1 = (sum1 + odd2) >> 11;
  const w6 = (sum1 - odd2) >> 11;
  const w2 = (sum2 + odd1) >> 11;
  const w5 = (sum2 - odd1) >> 11;
  const w3 = (sum3 + odd0) >> 11;
  const w4 = (sum3 - odd0) >> 11;
  work[at] = w0;
  work[at + 8] = w1;
  work[at + 16] = w2;
  work[at + 24] = w3;
  work[at + 32] = w4;
  work[at + 40] = w5;
  work[at + 48] = w6;
  work[at + 56] = w7;
  const high = (value: number) => (value + 0x8000) & ~0xffff;
  return high(w0) | high(w1) | high(w2) | high(w3) | high(w4) | high(w5) | high(w6) | high(w7);
}

/** 128 in the middle, and half for rounding. */
const ROW_OFFSET = (128 << 18) + (1 << 17);

function transformRow(at: number, plane: Uint8Array, to: number): void {
  const [b0, b1, b2, b3] = [work[at]!, work[at + 1]!, work[at + 2]!, work[at + 3]!];
  const [b4, b5, b6, b7] = [work[at + 4]!, work[at + 5]!, work[at + 6]!, work[at + 7]!];
  if ((b1 | b2 | b3 | b4 | b5 | b6 | b7) === 0) {
    plane.fill(limited(((b0 << 13) + ROW_OFFSET) >> 18), to, to + 8);
    return;
  }
  const shared = Math.imul(b2 + b6, C0541);
  const even2 = shared - Math.imul(b6, C1847);
  const even3 = shared + Math.imul(b2, C0765);
  const even0 = (b0 + b4) << 13;
  const even1 = (b0 - b4) << 13;
  const z5 = Math.imul(b7 + b3 + b5 + b1, C1175);
  const z1 = -Math.imul(b7 + b1, C0899);
  const z2 = -Math.imul(b5 + b3, C2562);
  const z3 = z5 - Math.imul(b7 + b3, C1961);
  const z4 = z5 - Math.imul(b5 + b1, C0390);
  const odd0 = (Math.imul(b7, C0298) + z1 + z3) | 0;
  const odd1 = (Math.imul(b5, C2053) + z2 + z4) | 0;
  const odd2 = (Math.imul(b3, C3072) + z2 + z3) | 0;
  const odd3 = (Math.imul(b1, C1501) + z1 + z4) | 0;
  const [sum0, sum3] = [(even0 + even3 + ROW_OFFSET) | 0, (even0 - even3 + ROW_OFFSET) | 0];
  const [sum1, sum2] = [(even1 + even2 + ROW_OFFSET) | 0, (even1 - even2 + ROW_OFFSET) | 0];
  plane[to] = limited((sum0 + odd3) >> 18);
  plane[to + 1] = limited((sum1 + odd2) >> 18);
  plane[to + 2] = limited((sum2 + odd1) >> 18);
  plane[to + 3] = limited((sum3 + odd0) >> 18);
  plane[to + 4] = limited((sum3 - odd0) >> 18);
  plane[to + 5] = limited((sum2 - odd1) >> 18);
  plane[to + 6] = limited((sum1 - odd2) >> 18);
  plane[to + 7] = limited((sum0 - odd3) >> 18);
}

const limited = (value: number): number => (value < 0 ? 0 : value > 255 ? 255 : value);

/** One row of a plane whose width is halved, doubled: each sample weighs three times its neighbour. */
export function doubleRow(plane: Plane, row: number, to: Uint8Array): void {
  const { samples, stride, width } = plane;
  const at = row * stride;
  for (let column = 0; column < width; column += 1) {
    const here = samples[at + column]!;
    const left = column > 0 ? samples[at + column - 1]! : here;
    const right = column + 1 < width ? samples[at + column + 1]! : here;
    to[2 * column] = column > 0 ? (3 * here + left + 1) >> 2 : here;
    to[2 * column + 1] = column + 1 < width ? (3 * here + right + 2) >> 2 : here;
  }
}

/** One row of the doubled picture, of a plane whose width and height are halved. */
export function doubleBoth(plane: Plane, row: number, to: Uint8Array): void {
  const { samples, stride, width, height } = plane;
  const near = row >> 1;
  const other = row % 2 === 0 ? Math.max(0, near - 1) : Math.min(height - 1, near + 1);
  const [at, beside] = [near * stride, other * stride];
  let here = 3 * samples[at]! + samples[beside]!;
  let left = here;
  for (let column = 0; column < width; column += 1) {
    const last = column + 1 === width;
    const right = last ? here : 3 * samples[at + column + 1]! + samples[beside + column + 1]!;
    to[2 * column] = (3 * here + left + 8) >> 4;
    to[2 * column + 1] = (3 * here + right + 7) >> 4;
    left = here;
    here = right;
  }
}

const HALF = 1 << 15;
const table = (factor: number, offset: number) =>
  Int32Array.from({ length: 256 }, (_, value) => Math.imul(factor, value - 128) + offset);
const redOfCr = table(91881, HALF).map((value) => value >> 16);
const blueOfCb = table(116130, HALF).map((value) => value >> 16);
const greenOfCr = table(-46802, 0);
const greenOfCb = table(-22554, HALF);

/** One row of pixels. */
export function toColors(
  luma: Uint8Array,
  from: number,
  cb: Uint8Array,
  cr: Uint8Array,
  width: number,
  to: Uint8Array,
  at: number,
): void {
  for (let column = 0; column < width; column += 1) {
    const y = luma[from + column]!;
    const blue = cb[column]!;
    const red = cr[column]!;
    const place = at + 3 * column;
    to[place] = limited(y + redOfCr[red]!);
    to[place + 1] = limited(y + ((greenOfCb[blue]! + greenOfCr[red]!) >> 16));
    to[place + 2] = limited(y + blueOfCb[blue]!);
  }
}
