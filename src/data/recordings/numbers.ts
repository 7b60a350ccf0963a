/** Numbers of a binary file, whatever their type and byte order. */

const decoders = {
  int8: { bytes: 1, view: (b: ArrayBuffer, count: number) => new Int8Array(b, 0, count) },
  uint8: { bytes: 1, view: (b: ArrayBuffer, count: number) => new Uint8Array(b, 0, count) },
  int16: { bytes: 2, view: (b: ArrayBuffer, count: number) => new Int16Array(b, 0, count) },
  uint16: { bytes: 2, view: (b: ArrayBuffer, count: number) => new Uint16Array(b, 0, count) },
  float16: {
    bytes: 2,
    view: (b: ArrayBuffer, count: number) => Float64Array.from(new Uint16Array(b, 0, count), halfFloat),
  },
  int32: { bytes: 4, view: (b: ArrayBuffer, count: number) => new Int32Array(b, 0, count) },
  uint32: { bytes: 4, view: (b: ArrayBuffer, count: number) => new Uint32Array(b, 0, count) },
  float32: { bytes: 4, view: (b: ArrayBuffer, count: number) => new Float32Array(b, 0, count) },
  float64: { bytes: 8, view: (b: ArrayBuffer, count: number) => new Float64Array(b, 0, count) },
  int64: {
    bytes: 8,
    view: (b: ArrayBuffer, count: number) => Float64Array.from(new BigInt64Array(b, 0, count), Number),
  },
  uint64: {
    bytes: 8,
    view: (b: ArrayBuffer, count: number) => Float64Array.from(new BigUint64Array(b, 0, count), Number),
  },
} as const;

export type NumberType = keyof typeof decoders;

export const bytesOf = (type: NumberType): number => decoders[type].bytes;

/**
 * The numbers in `buffer`, which may be turned round in place.
 * @param buffer as a `ByteSource` gives it: its memory is its own and begins with it
 */
export function decodeNumbers(
  buffer: Buffer<ArrayBuffer>,
  type: NumberType,
  isLittleEndian: boolean,
): ArrayLike<number> {
  const { bytes, view } = decoders[type];
  if (!isLittleEndian) {
    if (bytes === 2) buffer.swap16();
    else if (bytes === 4) buffer.swap32();
    else if (bytes === 8) buffer.swap64();
  }
  return view(buffer.buffer, Math.floor(buffer.length / bytes));
}

/** Of three bytes, the lowest first, with a sign. */
export const int24 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 8) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 24)) >> 8;

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
