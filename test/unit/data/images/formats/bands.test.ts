import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeBands, decodePages, resizePlane } from '../../../../../src/data/images/formats/bands.ts';
import type { ImageHeader } from '../../../../../src/data/images/formats/file-kind.ts';
import { tiffPicture } from '../../../../fixtures/made-tiff.ts';

const SIDE = 12;
const header = (more: Partial<ImageHeader> = {}): ImageHeader => ({
  kind: 'tiff',
  width: SIDE,
  height: SIDE,
  grey: true,
  alpha: false,
  frames: 1,
  cmyk: false,
  bits: 8,
  bands: 5,
  ...more,
});
/** Five bands, each a slope of its own. */
const valueAt = (pixel: number, band: number) => (pixel * (band + 1) + 40 * band) % 256;
const pixels = Uint8Array.from({ length: SIDE * SIDE * 5 }, (_, at) => valueAt(Math.floor(at / 5), at % 5));
const file = tiffPicture({ width: SIDE, height: SIDE, bands: 5, extra: [0, 0, 0, 0] }, pixels);
const five = () => sharp(file, { limitInputChannels: false } as object);
const stored = { width: SIDE, height: SIDE, channels: 5 };

describe('bands', () => {
  it('are kept as they are', async () => {
    const decoded = await decodeBands(five, header(), stored);
    expect([...decoded]).toEqual([...pixels]);
  });

  it('of 8 bits are spread over 16 where others have them', async () => {
    const decoded = await decodeBands(five, header(), { ...stored, bits: 16 });
    const values = new Uint16Array(decoded.buffer, decoded.byteOffset, decoded.length / 2);
    expect([...values.subarray(0, 10)]).toEqual([...pixels.subarray(0, 10)].map((value) => value * 257));
  });

  it('are refused where there are fewer than the header says', async () => {
    const three = () =>
      sharp(new Uint8Array(SIDE * SIDE * 3), { raw: { width: SIDE, height: SIDE, channels: 3 as const } });
    await expect(decodeBands(three, header({ grey: false }), stored)).rejects.toMatchObject({
      reason: 'broken',
      message:
        'The picture decodes to 12 × 12 pixels of 3 bands, though its header says otherwise. Save it anew.',
    });
  });
});

describe('pages', () => {
  const page = (number: number, side = SIDE) =>
    sharp(
      Uint8Array.from({ length: side * side }, (_, at) => (at + 50 * number) % 256),
      { raw: { width: side, height: side, channels: 1 as const } },
    );
  it('become channels, one beside the other', async () => {
    const decoded = await decodePages((number) => page(number), header({ grey: true }), {
      ...stored,
      channels: 3,
    });
    expect([...decoded.subarray(0, 6)]).toEqual([0, 50, 100, 1, 51, 101]);
    expect(decoded).toHaveLength(3 * SIDE * SIDE);
  });

  it('have to be alike', async () => {
    const odd = decodePages((number) => page(number, number === 1 ? 10 : SIDE), header({ grey: true }), {
      ...stored,
      channels: 2,
    });
    await expect(odd).rejects.toMatchObject({
      reason: 'other-pages',
      message:
        'Page 2 has 10 × 10 pixels of 1 bands, the first 12 × 12 of 1: channels of one picture must be alike. Save them alike, or take the first page.',
    });
  });
});

describe('a plane', () => {
  it('stays what it is at its own size', async () => {
    const plane = Uint8Array.of(1, 2, 3, 4);
    expect(await resizePlane(plane, 2, 2, { width: 2, height: 2, channels: 1 })).toBe(plane);
  });

  it('that is even stays even, of 8 and of 16 bits', async () => {
    const half = { width: 8, height: 8, channels: 1 };
    expect([...new Set(await resizePlane(new Uint8Array(256).fill(77), 16, 16, half))]).toEqual([77]);
    expect([...new Set(await resizePlane(new Uint16Array(256).fill(40_000), 16, 16, half))]).toEqual([
      40_000,
    ]);
  });

  it('is cut at its centre where its sides are of another kind', async () => {
    // Dark at the ends of its long side.
    const plane = Uint8Array.from({ length: 32 * 8 }, (_, at) => (at % 32 < 8 || at % 32 >= 24 ? 0 : 200));
    const cut = await resizePlane(plane, 32, 8, { width: 8, height: 8, channels: 1 });
    expect([...cut].every((value) => value === 200)).toBe(true);
  });
});
