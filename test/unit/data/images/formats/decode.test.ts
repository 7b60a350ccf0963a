import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage, heic, readHeader } from '../../../../../src/data/images/formats/decode.ts';
import { kindOfContent, type ImageHeader } from '../../../../../src/data/images/formats/file-kind.ts';
import type { StoredShape } from '../../../../../src/data/images/formats/stored-size.ts';
import { tiffPicture } from '../../../../fixtures/made-tiff.ts';

const SIDE = 16;
const raw = (values: ArrayLike<number>, channels: 1 | 2 | 3 | 4, width = SIDE, height = SIDE) =>
  sharp(Uint8Array.from(values), { raw: { width, height, channels } });
const greyPng = (values: ArrayLike<number>) => raw(values, 1).toColourspace('b-w').png();
const filled = (color: readonly number[], pixels = SIDE * SIDE) =>
  Array.from({ length: pixels }, () => color).flat();

async function headerOf(file: Buffer | Sharp): Promise<{ bytes: Buffer; header: ImageHeader }> {
  const bytes = Buffer.isBuffer(file) ? file : await file.toBuffer();
  const read = (position: number, count: number) =>
    Promise.resolve(bytes.subarray(position, position + count));
  const header = await readHeader(bytes, kindOfContent(bytes)!, {
    start: bytes.subarray(0, 32_768),
    read,
    fileBytes: bytes.length,
  });
  return { bytes, header };
}
async function decoded(file: Buffer | Sharp, stored: Partial<StoredShape> = {}) {
  const { bytes, header } = await headerOf(file);
  const shape = { width: header.width, height: header.height, channels: header.grey ? 1 : 3, ...stored };
  const { pixels, clear } = await decodeImage(bytes, header, shape);
  const values =
    shape.bits === 16 ? new Uint16Array(pixels.buffer, pixels.byteOffset, pixels.length / 2) : pixels;
  return { values: [...values], clear };
}

describe('a header', () => {
  it('says size, color, transparency and depth, whatever the format', async () => {
    const color = () => raw(filled([9, 8, 7]), 3);
    for (const file of [
      color().png(),
      color().jpeg(),
      color().webp({ lossless: true }),
      color().tiff(),
      color().gif(),
    ])
      expect((await headerOf(file)).header).toMatchObject({
        width: SIDE,
        height: SIDE,
        grey: false,
        frames: 1,
        bits: 8,
        bands: null,
      });
    expect((await headerOf(greyPng(filled([5])))).header.grey).toBe(true);
    expect((await headerOf(raw(filled([5, 6, 7, 8]), 4).png())).header.alpha).toBe(true);
    const deep = sharp(Uint16Array.from(filled([40_000])), {
      raw: { width: SIDE, height: SIDE, channels: 1 },
    });
    expect((await headerOf(deep.toColourspace('grey16').png())).header).toMatchObject({
      bits: 16,
      grey: true,
    });
    expect(
      (
        await headerOf(
          tiffPicture({ width: 20, height: 10, bands: 5, extra: [0, 0, 0, 0] }, filled([1, 2, 3, 4, 5], 200)),
        )
      ).header,
    ).toMatchObject({ width: 20, height: 10, bands: 5 });
  });

  it('tells the size as the picture is seen, turned by its camera', async () => {
    const turned = raw(filled([1, 2, 3], 32 * SIDE), 3, 32, SIDE)
      .withMetadata({ orientation: 6 })
      .jpeg();
    expect((await headerOf(turned)).header).toMatchObject({ width: SIDE, height: 32 });
  });

  it.each([
    [
      'too small',
      raw(filled([1], 7 * 20), 1, 20, 7).png(),
      'too-small',
      'The picture has only 20 × 7 pixels; at least 8 × 8 are needed.',
    ],
    ['HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'), 'heic', heic().message],
    [
      'floats',
      tiffPicture({ width: 8, height: 8, bands: 1, bits: 32, sampleFormat: 3 }, filled([0.5], 64)),
      'unsupported',
      'The picture holds 32-bit floating-point numbers; unsigned numbers of 8 or 16 bits are read. Scale its values to 0 to 65,535 and save it with 16 bits.',
    ],
    [
      'damaged',
      Buffer.from('RIFF\x40\0\0\0WEBPand then something else altogether, long enough', 'latin1'),
      'broken',
      'The picture is damaged or cut off and cannot be decoded whole. Copy it again from its source.',
    ],
  ])('is refused: %s', async (_what, file, reason, message) => {
    await expect(headerOf(file)).rejects.toMatchObject({ reason, message });
  });

  it('is refused before anything is decoded where it claims too much', async () => {
    const bytes = await raw(filled([1, 2, 3]), 3)
      .png()
      .toBuffer();
    bytes.writeUInt32BE(20_000, 16);
    bytes.writeUInt32BE(20_000, 20);
    await expect(headerOf(bytes)).rejects.toMatchObject({
      reason: 'too-large',
      message:
        'The picture claims 20000 × 20000 pixels; at most 100 million pixels are read. Cut or shrink it.',
    });
    const bands = tiffPicture(
      { width: 8, height: 8, bands: 5, extra: [0, 0, 0, 0] },
      filled([1, 2, 3, 4, 5], 64),
    );
    bands.writeUInt32LE(9000, 8 + 2 + 8);
    bands.writeUInt32LE(9000, 8 + 2 + 12 + 8);
    await expect(headerOf(bands)).rejects.toMatchObject({
      message:
        'The picture claims 9000 × 9000 pixels of 5 bands; at most 300 million values are read. Cut or shrink it.',
    });
  });
});

describe('pixels', () => {
  const ramp = Array.from({ length: 3 * SIDE * SIDE }, (_, at) => (7 * at) % 256);

  it('are those that were written, of every format without loss', async () => {
    for (const file of [
      raw(ramp, 3).png(),
      raw(ramp, 3).webp({ lossless: true }),
      raw(ramp, 3).tiff({ compression: 'lzw' }),
    ])
      expect((await decoded(file)).values).toEqual(ramp);
  });

  it('lie on white where the picture is transparent', async () => {
    const half = [...filled([0, 0, 0, 255], 128), ...filled([0, 0, 0, 0], 128)];
    const { values, clear } = await decoded(raw(half, 4).webp({ lossless: true }));
    expect([values.slice(0, 3), values.slice(-3), clear]).toEqual([[0, 0, 0], [255, 255, 255], false]);
  });

  it('of a picture that is transparent everywhere are taken as they are, and it is told', async () => {
    const { values, clear } = await decoded(
      tiffPicture({ width: 8, height: 8, bands: 4, photometric: 2, extra: [2] }, filled([10, 20, 30, 0], 64)),
    );
    expect([values.slice(0, 3), clear]).toEqual([[10, 20, 30], true]);
  });

  it('are cut at the centre where their shape is another', async () => {
    // Red at both ends, green between.
    const wide = Array.from({ length: 64 * 32 }, (_, at) =>
      at % 64 < 16 || at % 64 >= 48 ? [255, 0, 0] : [0, 255, 0],
    ).flat();
    const { values } = await decoded(raw(wide, 3, 64, 32).png(), { width: 8, height: 8 });
    expect(values).toHaveLength(3 * 64);
    // Of the middle of the picture no red is left; its border is weighed a little.
    expect(values.slice(3 * (8 * 4 + 3), 3 * (8 * 4 + 5))).toEqual([0, 255, 0, 0, 255, 0]);
  });

  it('are upright, and grey stands for three colors where these are wanted', async () => {
    const half = [...filled([0], 128), ...filled([250], 128)];
    const turned = await raw(half, 1).withMetadata({ orientation: 3 }).png().toBuffer();
    const { values } = await decoded(turned, { channels: 3 });
    expect([values.slice(0, 3), values.slice(-3)]).toEqual([
      [250, 250, 250],
      [0, 0, 0],
    ]);
  });

  it('of 16 bits keep them; those of 8 are spread over the same range', async () => {
    const deep = sharp(Uint16Array.from(filled([40_000])), {
      raw: { width: SIDE, height: SIDE, channels: 1 },
    })
      .toColourspace('grey16')
      .png();
    expect((await decoded(deep, { channels: 1, bits: 16 })).values[0]).toBe(40_000);
    expect((await decoded(greyPng(filled([255])), { channels: 1, bits: 16 })).values[0]).toBe(65_535);
    expect((await decoded(greyPng(filled([1])), { channels: 1, bits: 16 })).values[0]).toBe(257);
  });

  it.each(
    [3, 4, 5, 6]
      .flatMap((bands) =>
        [1, 2].flatMap((photometric) =>
          [8 as const, 16 as const].map((bits) => ({ bands, photometric, bits })),
        ),
      )
      .filter(({ bands, photometric }) => photometric === 1 || bands > 3),
  )(
    'of further bands are kept, none of them taken for transparency: %j',
    async ({ bands, photometric, bits }) => {
      const values = Array.from(
        { length: 64 * bands },
        (_, at) => (at * 31 + (at % bands) * 7) % (bits === 8 ? 256 : 65_536),
      );
      const extra = new Array<number>(bands - (photometric === 1 ? 1 : 3)).fill(0);
      const file = tiffPicture({ width: 8, height: 8, bands, bits, photometric, extra }, values);
      const { header } = await headerOf(file);
      expect(header).toMatchObject({ bands, alpha: false, bits });
      expect((await decoded(file, { channels: bands, bits })).values).toEqual(values);
    },
  );

  it('that are cut off are told', async () => {
    const bytes = await raw(
      Array.from({ length: 3 * 64 * 64 }, (_, at) => (at * 7919) % 251),
      3,
      64,
      64,
    )
      .webp({ lossless: true })
      .toBuffer();
    await expect(decoded(bytes.subarray(0, Math.floor(bytes.length / 2)))).rejects.toMatchObject({
      reason: 'broken',
      message:
        'The picture is damaged or cut off and cannot be decoded whole. Copy it again from its source.',
    });
  });
});
