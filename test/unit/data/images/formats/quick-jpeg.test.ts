/** The quick decoder of small JPEG files gives the image library's pixels to the bit, or leaves the file to it. */
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeQuickJpeg } from '../../../../../src/data/images/formats/quick-jpeg.ts';
import type { StoredShape } from '../../../../../src/data/images/formats/stored-size.ts';
import { createRandom } from '../../../../../src/data/shards/random.ts';

/** Coarse noise with sharp edges, which strains rounding and the colors at edges. */
function picture(width: number, height: number, channels: 1 | 3, seed: number): Sharp {
  const random = createRandom(seed);
  const coarse = Array.from({ length: 400 }, () => random.below(256));
  const pixels = Uint8Array.from({ length: width * height * channels }, (_, at) => {
    const [pixel, channel] = [Math.floor(at / channels), at % channels];
    const [y, x] = [Math.floor(pixel / width), pixel % width];
    return (coarse[(((y >> 2) * 13 + (x >> 2)) * 3 + channel) % 400]! + random.below(40)) & 255;
  });
  return sharp(pixels, { raw: { width, height, channels } });
}

async function libraryPixels(file: Buffer, channels: 1 | 3): Promise<Buffer> {
  return sharp(file, { failOn: 'error', autoOrient: true })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw({ depth: 'uchar' })
    .toBuffer();
}

const SIZES = [
  [8, 8],
  [31, 17],
  [28, 28],
  [96, 96],
  [129, 64],
] as const;

describe('plain JPEG files', () => {
  it.each([
    { chromaSubsampling: '4:2:0', quality: 90 },
    { chromaSubsampling: '4:4:4', quality: 75 },
    { chromaSubsampling: '4:2:0', quality: 30, progressive: true },
    { chromaSubsampling: '4:4:4', quality: 95, mozjpeg: true },
    { chromaSubsampling: '4:2:0', quality: 100, optimiseCoding: false },
  ])('decode to the same pixels: %o', async (options) => {
    for (const [seed, [width, height]] of SIZES.entries()) {
      for (const channels of [1, 3] as const) {
        const kind = picture(width, height, channels, seed).toColourspace(channels === 1 ? 'b-w' : 'srgb');
        const file = await kind.jpeg(options).toBuffer();
        const pixels = decodeQuickJpeg(file, { width, height, channels });
        expect(pixels, `${width} × ${height} × ${channels}`).not.toBeNull();
        expect(pixels!.equals(await libraryPixels(file, channels))).toBe(true);
      }
    }
  });

  it('are repeated into three channels where they are grey', async () => {
    const file = await picture(16, 12, 1, 4).toColourspace('b-w').jpeg().toBuffer();
    const grey = await libraryPixels(file, 1);
    const color = decodeQuickJpeg(file, { width: 16, height: 12, channels: 3 })!;
    expect([...color]).toEqual([...grey].flatMap((value) => [value, value, value]));
  });
});

describe('other files are left to the library:', () => {
  const shape: StoredShape = { width: 40, height: 32, channels: 3 };
  const plain = () => picture(40, 32, 3, 1);

  it('of another size, color where grey is stored, with a profile, an orientation or four colors', async () => {
    const file = await plain().jpeg().toBuffer();
    expect(decodeQuickJpeg(file, shape)).not.toBeNull();
    expect(decodeQuickJpeg(file, { ...shape, width: 41 })).toBeNull();
    expect(decodeQuickJpeg(file, { ...shape, channels: 1 })).toBeNull();
    for (const other of [
      plain().withIccProfile('p3').jpeg(),
      plain().withMetadata({ orientation: 6 }).jpeg(),
      plain().toColourspace('cmyk').jpeg(),
    ])
      expect(decodeQuickJpeg(await other.toBuffer(), shape)).toBeNull();
  });

  it('cut off or damaged, and the next one is decoded as ever', async () => {
    const file = await plain().jpeg({ quality: 90 }).toBuffer();
    const whole = decodeQuickJpeg(file, shape)!;
    for (let length = 0; length < file.length - 2; length += 7)
      expect(decodeQuickJpeg(file.subarray(0, length), shape)).toBeNull();
    const random = createRandom(3);
    for (let round = 0; round < 300; round++) {
      const damaged = Buffer.from(file);
      damaged[random.below(file.length)] = random.below(256);
      const pixels = decodeQuickJpeg(damaged, shape);
      // What is not seen to be damaged here, the library does not see either.
      if (pixels) expect((await libraryPixels(damaged, 3)).length).toBe(pixels.length);
    }
    expect(decodeQuickJpeg(file, shape)!.equals(whole)).toBe(true);
  });
});
