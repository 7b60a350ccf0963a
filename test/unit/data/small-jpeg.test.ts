import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage, readHeader } from '../../../src/data/images/decode.ts';
import { decodeSmallJpeg } from '../../../src/data/images/small-jpeg.ts';
import { createRandom } from '../../../src/data/random.ts';

const random = createRandom(17);
type Channels = 1 | 3;

/** Slopes under more or less noise, from pictures that compress well to such that hardly do. */
function picture(width: number, height: number, channels: Channels, noise: number) {
  const pixels = Uint8Array.from({ length: width * height * channels }, (_, at) => {
    const column = Math.floor(at / channels) % width;
    const row = Math.floor(at / channels / width);
    return (3 * column + 2 * row + 60 * (at % channels) + random.below(noise)) % 256;
  });
  return sharp(pixels, { raw: { width, height, channels } }).toColourspace(channels === 1 ? 'b-w' : 'srgb');
}

/** What the image library makes of a file; null where it refuses it. */
const byLibrary = (file: Buffer, channels: Channels): Promise<Buffer | null> =>
  sharp(file, { failOn: 'error' })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer()
    .catch(() => null);

describe('the direct way through small JPEG files', () => {
  it.each([1, 3] as const)('gives the library’s pixels, to the bit (%i channels)', async (channels) => {
    for (let turn = 0; turn < 60; turn += 1) {
      const [width, height] = [8 + random.below(60), 8 + random.below(60)];
      const file = await picture(width, height, channels, [2, 40, 256][turn % 3]!)
        .jpeg({
          quality: 1 + random.below(100),
          chromaSubsampling: turn % 2 ? '4:2:0' : '4:4:4',
          optimiseCoding: turn % 4 < 2,
        })
        .toBuffer();
      const decoded = decodeSmallJpeg(file, { width, height, channels });
      expect(decoded && Buffer.compare(decoded, (await byLibrary(file, channels))!)).toBe(0);
    }
  });

  it('enlarges colors that are halved in width only', async () => {
    const file = readFileSync(new URL('../../fixtures/jpeg/halved-width.jpg', import.meta.url));
    const decoded = decodeSmallJpeg(file, { width: 35, height: 21, channels: 3 });
    expect(decoded && Buffer.compare(decoded, (await byLibrary(file, 3))!)).toBe(0);
  });

  it('is taken where grey is to be stored as color', async () => {
    const file = await picture(20, 12, 1, 40).jpeg().toBuffer();
    const grey = decodeSmallJpeg(file, { width: 20, height: 12, channels: 1 })!;
    const color = await decodeImage(file, await readHeader(file, 'jpeg'), {
      width: 20,
      height: 12,
      channels: 3,
    });
    expect(color).toEqual(Buffer.from(Array.from(grey).flatMap((value) => [value, value, value])));
  });

  it('leaves what is not plain to the library', async () => {
    const shape = { width: 24, height: 16, channels: 3 as const };
    const image = () => picture(24, 16, 3, 40);
    const plain = await image().jpeg().toBuffer();
    expect(decodeSmallJpeg(plain, shape)).toHaveLength(24 * 16 * 3);
    expect(decodeSmallJpeg(plain, { ...shape, width: 16 })).toBeNull();
    expect(decodeSmallJpeg(plain, { ...shape, channels: 1 })).toBeNull();
    for (const other of [
      image().jpeg({ progressive: true }),
      image().withMetadata({ orientation: 6 }).jpeg(),
      image().withIccProfile('p3').jpeg(),
      image().toColourspace('cmyk').jpeg(),
    ])
      expect(decodeSmallJpeg(await other.toBuffer(), shape)).toBeNull();
  });

  it('takes no damaged file that the library refuses, nor reads one in another way', async () => {
    const shape = { width: 24, height: 16, channels: 3 as const };
    const plain = await picture(24, 16, 3, 40).jpeg({ quality: 60 }).toBuffer();
    let taken = 0;
    for (let at = 2; at < plain.length; at += 3) {
      expect(decodeSmallJpeg(plain.subarray(0, at), shape), `cut at ${at}`).toBeNull();
      const damaged = Buffer.from(plain);
      damaged[at] = damaged[at]! ^ (1 << (at % 8));
      const decoded = decodeSmallJpeg(damaged, shape);
      if (!decoded) continue;
      taken += 1;
      const expected = await byLibrary(damaged, 3);
      expect(expected && Buffer.compare(decoded, expected), `byte ${at}`).toBe(0);
    }
    // A changed number in the tables or in the scan is often a picture of its own.
    expect(taken).toBeGreaterThan(10);
  });
});
