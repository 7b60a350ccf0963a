import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeBmp, readBmpHeader } from '../../../../../src/data/images/formats/bmp.ts';

/** Pictures of 5 × 3 pixels that Pillow wrote: make.py beside them says which values. */
const read = (name: string) => readFileSync(new URL(`../../../../fixtures/bmp/${name}.bmp`, import.meta.url));
const places = Array.from({ length: 15 }, (_, at) => ({ x: at % 5, y: Math.floor(at / 5) }));
const colors = places.flatMap(({ x, y }) => [40 * x, 80 * y, 10 * (x + y)]);

describe('a BMP picture', () => {
  it.each([
    ['color-24', 3, colors],
    ['color-32', 3, colors],
    ['grey-8', 1, places.map(({ x, y }) => 16 * (x + 5 * y))],
    ['bits-1', 1, places.map(({ x, y }) => ((x + y) % 2) * 255)],
    [
      'palette-8',
      3,
      places.flatMap(
        ({ x }) =>
          [
            [255, 0, 0],
            [0, 0, 255],
            [0, 255, 0],
            [9, 8, 7],
            [200, 100, 50],
          ][x]!,
      ),
    ],
  ])('%s has the values that were written', (name, channels, values) => {
    const decoded = decodeBmp(read(name));
    expect(decoded).toMatchObject({ width: 5, height: 3, channels, grey: channels === 1 });
    expect([...decoded.pixels]).toEqual(values);
  });

  it('is told to be cut off by its header and length, before it is decoded', () => {
    const whole = read('color-24');
    expect(readBmpHeader(whole, whole.length)).toEqual({ width: 5, height: 3, grey: false });
    expect(() => readBmpHeader(whole, whole.length - 1)).toThrow(/cut off|bytes/);
    expect(() => decodeBmp(whole.subarray(0, 20))).toThrow(/bytes/);
  });

  it('with nonsense in its header is refused with what it says', () => {
    const broken = Buffer.from(read('color-24'));
    broken.writeInt32LE(0, 18);
    expect(() => readBmpHeader(broken, broken.length)).toThrow('a size of 0 × 3');
    const odd = Buffer.from(read('color-24'));
    odd.writeUInt16LE(7, 28);
    expect(() => readBmpHeader(odd, odd.length)).toThrow('7 bits a pixel');
  });
});
