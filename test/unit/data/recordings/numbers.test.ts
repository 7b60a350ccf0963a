import { expect, it } from 'vitest';
import { bytesOf, decodeNumbers, int24, type NumberType } from '../../../../src/data/recordings/numbers.ts';

const own = (bytes: ArrayLike<number>) => {
  const buffer = Buffer.from(new ArrayBuffer(bytes.length));
  buffer.set(bytes);
  return buffer;
};
const written = (type: NumberType, put: (view: DataView) => void) => {
  const view = new DataView(new ArrayBuffer(2 * bytesOf(type)));
  put(view);
  return new Uint8Array(view.buffer);
};

it.each<[NumberType, number[], Uint8Array]>([
  ['int16', [-2, 513], written('int16', (view) => (view.setInt16(0, -2), view.setInt16(2, 513)))],
  [
    'uint32',
    [4294967295, 1],
    written('uint32', (view) => (view.setUint32(0, 4294967295), view.setUint32(4, 1))),
  ],
  ['float32', [0.5, -8], written('float32', (view) => (view.setFloat32(0, 0.5), view.setFloat32(4, -8)))],
  [
    'float64',
    [0.1, -1e300],
    written('float64', (view) => (view.setFloat64(0, 0.1), view.setFloat64(8, -1e300))),
  ],
  [
    'int64',
    [-3, 2 ** 40],
    written('int64', (view) => (view.setBigInt64(0, -3n), view.setBigInt64(8, 2n ** 40n))),
  ],
])('decodes %s in either byte order', (type, values, bigEndian) => {
  expect(Array.from(decodeNumbers(own(bigEndian), type, false))).toEqual(values);
  const size = bytesOf(type);
  const turned = Array.from(
    bigEndian,
    (_, i) => bigEndian[Math.floor(i / size) * size + size - 1 - (i % size)]!,
  );
  expect(Array.from(decodeNumbers(own(turned), type, true))).toEqual(values);
});

it('decodes half floats: ordinary, smallest, largest and none', () => {
  const bits = [0x3c00, 0xc000, 0x7bff, 0x0001, 0x7c00, 0xfc00, 0x7e00];
  const bytes = own(bits.flatMap((value) => [value & 255, value >> 8]));
  expect(Array.from(decodeNumbers(bytes, 'float16', true))).toEqual([
    1,
    -2,
    65504,
    2 ** -24,
    Infinity,
    -Infinity,
    NaN,
  ]);
});

it('gives numbers of three bytes their sign', () => {
  const bytes = Uint8Array.of(255, 255, 255, 0, 0, 128, 255, 255, 127, 1, 0, 0);
  expect([0, 3, 6, 9].map((at) => int24(bytes, at))).toEqual([-1, -8388608, 8388607, 1]);
});

it('leaves a part of a number at the end out', () => {
  expect(decodeNumbers(own([1, 0, 2, 0, 3]), 'int16', true)).toHaveLength(2);
});
