import { expect, it } from 'vitest';
import { isGrey, repeatGrey, reshapePixels } from '../../../../../src/data/images/formats/reshape.ts';

const shape = (height: number, width: number, channels: number, bits: 8 | 16 = 8) => ({
  height,
  width,
  channels,
  bits,
});

it('leaves pixels of the right shape as they are', async () => {
  const pixels = Uint8Array.of(1, 2, 3, 4);
  expect(await reshapePixels(pixels, shape(2, 2, 1), shape(2, 2, 1))).toBe(pixels);
});

it('repeats grey for color, and weighs color by luminance for grey', async () => {
  expect([...(await reshapePixels(Uint8Array.of(7, 9), shape(1, 2, 1), shape(1, 2, 3)))]).toEqual([
    7, 7, 7, 9, 9, 9,
  ]);
  const deep = new Uint8Array(Uint16Array.of(1000, 2000, 3000).buffer);
  const grey = await reshapePixels(deep, shape(1, 1, 3, 16), shape(1, 1, 1, 16));
  // 0.299 · 1000 + 0.587 · 2000 + 0.114 · 3000
  expect([...new Uint16Array(grey.slice().buffer)]).toEqual([1815]);
});

it('spreads values of 8 bits over 16: white stays white', async () => {
  const deep = await reshapePixels(Uint8Array.of(0, 1, 255), shape(1, 3, 1), shape(1, 3, 1, 16));
  expect([...new Uint16Array(deep.slice().buffer)]).toEqual([0, 257, 65535]);
});

it('cuts at the centre where the proportions differ', async () => {
  const wide = await reshapePixels(Uint8Array.of(0, 50, 60, 255), shape(1, 4, 1), shape(1, 2, 1));
  expect(wide).toHaveLength(2);
});

it('knows whether a picture of three channels is grey', () => {
  expect(isGrey(repeatGrey(Uint8Array.of(1, 2)))).toBe(true);
  expect(isGrey(Uint8Array.of(1, 1, 1, 2, 2, 3))).toBe(false);
});
