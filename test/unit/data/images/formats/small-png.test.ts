import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { quickHeader } from '../../../../../src/data/images/formats/quick-header.ts';
import { decodeSmallPng } from '../../../../../src/data/images/formats/small-png.ts';
import { createRandom } from '../../../../../src/data/shards/random.ts';

const random = createRandom(11);
/** Slopes with noise, so that the encoder picks every filter somewhere. */
const pixelsOf = (width: number, height: number, channels: number) =>
  Uint8Array.from({ length: width * height * channels }, (_, at) => {
    const row = Math.floor(at / (width * channels));
    const slope = row % 3 === 0 ? at * 3 : row % 3 === 1 ? row * 9 : (at % (width * channels)) * 2 + row;
    return (slope + random.below(row % 5 === 0 ? 200 : 3)) % 256;
  });

describe('the direct way through small PNG files', () => {
  it.each([1, 3] as const)('gives the pixels of the file (%i channels, all filters)', async (channels) => {
    for (const [width, height] of [
      [8, 8],
      [31, 47],
      [128, 128],
    ] as const) {
      const pixels = pixelsOf(width, height, channels);
      const image = sharp(pixels, { raw: { width, height, channels } });
      const file = await image
        .toColourspace(channels === 1 ? 'b-w' : 'srgb')
        .png({ adaptiveFiltering: true })
        .toBuffer();
      expect(quickHeader(file, 'png')).toMatchObject({
        width,
        height,
        grey: channels === 1,
        alpha: false,
        bits: 8,
      });
      const decoded = decodeSmallPng(file, { width, height, channels });
      expect(decoded && Buffer.compare(decoded, pixels)).toBe(0);
    }
  });

  it('leaves everything that is not plain or not in order to the image library', async () => {
    const image = () => sharp(pixelsOf(16, 16, 3), { raw: { width: 16, height: 16, channels: 3 } });
    const shape = { width: 16, height: 16, channels: 3 as const };
    const plain = await image().png().toBuffer();
    expect(decodeSmallPng(plain, shape)).toHaveLength(768);
    expect(decodeSmallPng(plain, { ...shape, width: 8 })).toBeNull();
    expect(decodeSmallPng(plain, { ...shape, channels: 1 })).toBeNull();
    expect(decodeSmallPng(await image().png({ progressive: true }).toBuffer(), shape)).toBeNull();
    expect(decodeSmallPng(await image().ensureAlpha().png().toBuffer(), shape)).toBeNull();
    for (let at = 8; at < plain.length; at += 7) {
      expect(decodeSmallPng(plain.subarray(0, at), shape)).toBeNull();
      const damaged = Buffer.from(plain);
      damaged[at] = damaged[at]! ^ 0x10;
      expect(decodeSmallPng(damaged, shape), `byte ${at}`).toBeNull();
    }
  });
});

describe('the direct way to JPEG headers', () => {
  it('agrees with the file, and leaves orientation and four colors to the library', async () => {
    const image = () => sharp(pixelsOf(20, 12, 3), { raw: { width: 20, height: 12, channels: 3 } });
    const plain = await image().jpeg().toBuffer();
    expect(quickHeader(plain, 'jpeg')).toMatchObject({ width: 20, height: 12, grey: false, cmyk: false });
    expect(
      quickHeader(await image().toColourspace('b-w').jpeg({ progressive: true }).toBuffer(), 'jpeg'),
    ).toMatchObject({ grey: true });
    expect(quickHeader(await image().withMetadata({ orientation: 6 }).jpeg().toBuffer(), 'jpeg')).toBeNull();
    expect(quickHeader(await image().toColourspace('cmyk').jpeg().toBuffer(), 'jpeg')).toBeNull();
  });
});
