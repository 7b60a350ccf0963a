import { execFileSync } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { bmp, picture } from '../../../fixtures/broken-images.ts';
import { failureOf, folderOf, importFrom } from '../../../fixtures/imports.ts';

const png = (seed: number, side = 16) => picture(seed, side).png().toBuffer();
const raw = (pixels: ArrayLike<number>, width: number, height: number, channels: 1 | 3 | 4) =>
  sharp(Uint8Array.from(pixels), { raw: { width, height, channels } });

/** 8 × 12 pixels of one channel, all different. */
const ramp = Array.from({ length: 96 }, (_, at) => at * 2);

describe('images in folders', () => {
  it('takes splits and classes from folders, the first folder under a split being the class', async () => {
    const files: Record<string, Uint8Array> = {};
    let seed = 0;
    for (const split of ['train', 'val', 'test']) {
      for (const name of ['a', 'b']) {
        for (let index = 0; index < 3; index += 1)
          files[`${split}/${name}/deep/${index}.png`] = await png((seed += 1));
      }
    }
    const dataset = await importFrom(await folderOf(files));
    expect(dataset.classes).toEqual([
      { name: 'a', train: 3, validation: 3, test: 3 },
      { name: 'b', train: 3, validation: 3, test: 3 },
    ]);
    expect(dataset.split).toMatchObject({
      rule: { by: 'folder' },
      by: 'folder',
      train: 6,
      validation: 6,
      test: 6,
    });
  });

  it('keeps the held-out copy when a training image is the same', async () => {
    const same = await png(1);
    const dataset = await importFrom(
      await folderOf({
        'train/a/1.png': same,
        'train/a/2.png': await png(2),
        'train/b/3.png': await png(3),
        'test/a/4.png': same,
      }),
    );
    expect(dataset.samples.sources).toContain('test/a/4.png');
    expect(dataset.samples.sources).not.toContain('train/a/1.png');
    expect(dataset.issues).toMatchObject([
      { file: 'train/a/1.png', reason: 'duplicate', severity: 'left-out' },
    ]);
  });

  it('takes images without class folders, and folders named unlabeled, as unlabeled', async () => {
    const files: Record<string, Uint8Array> = { 'unlabeled/9.png': await png(9), 'loose.png': await png(8) };
    for (let index = 0; index < 6; index += 1)
      files[`${index % 2 ? 'a' : 'b'}/${index}.png`] = await png(20 + index);
    const dataset = await importFrom(await folderOf(files));
    expect(dataset.labelOf('unlabeled/9.png')).toBeNull();
    expect(dataset.labelOf('loose.png')).toBeNull();
    expect(dataset.labeledCount).toBe(6);
    expect(dataset.samples.splits[dataset.samples.sources.indexOf('loose.png')]).toBe(0);
  });

  it('follows links, but not in circles', async () => {
    const folder = await folderOf({ 'a/1.png': await png(1), 'b/2.png': await png(2) });
    await symlink(folder, join(folder, 'a/again'));
    await symlink(join(folder, 'gone.png'), join(folder, 'b/broken.png'));
    const dataset = await importFrom(folder);
    expect(dataset.samples.sources).toEqual(['a/1.png', 'b/2.png']);
    expect(dataset.issues).toMatchObject([{ file: 'b/broken.png', reason: 'missing' }]);
  });

  it('fails with a summary of the reasons when nothing is left', async () => {
    const folder = await folderOf({ 'a/1.png': '', 'a/2.png': '', 'a/3.png': 'no image' });
    const failure = await failureOf(importFrom(folder));
    expect(failure.code).toBe('dataset.empty');
    expect(failure.message).toContain('2 × empty, 1 × no image');
    expect(failure.message).toContain('a/1.png');
  });
});

describe('decoded pixels', () => {
  it('are the ones of the file, for PNG, TIFF and lossless WebP', async () => {
    const pixels = Array.from({ length: 8 * 8 * 3 }, (_, at) => (at * 37) % 256);
    const folder = await folderOf({ 'a/1.png': await raw(pixels, 8, 8, 3).png().toBuffer() });
    expect((await importFrom(folder)).sample('a/1.png')).toEqual(pixels);
    const tiff = await folderOf({
      'a/1.tiff': await raw(pixels, 8, 8, 3).tiff({ compression: 'lzw' }).toBuffer(),
    });
    expect((await importFrom(tiff)).sample('a/1.tiff')).toEqual(pixels);
    const webp = await folderOf({
      'a/1.webp': await raw(pixels, 8, 8, 3).webp({ lossless: true }).toBuffer(),
    });
    expect((await importFrom(webp)).sample('a/1.webp')).toEqual(pixels);
  });

  it.each([
    { name: 'grey', options: {}, channels: 1 as const },
    { name: 'interlaced', options: { progressive: true }, channels: 3 as const },
    { name: 'palette', options: { palette: true, colours: 256 }, channels: 3 as const },
  ])('are right for a $name PNG', async ({ options, channels }) => {
    const few = Array.from({ length: 12 * 8 * channels }, (_, at) => ((at * 11) % 7) * 30);
    const folder = await folderOf({ 'a/1.png': await raw(few, 8, 12, channels).png(options).toBuffer() });
    const dataset = await importFrom(folder);
    expect(dataset.shape).toEqual([12, 8, channels]);
    expect(dataset.sample('a/1.png')).toEqual(few);
  });

  it('come upright whatever the EXIF orientation', async () => {
    const transposed = (x: number, y: number) => ramp[x * 8 + y]!;
    const at: Record<number, (x: number, y: number) => number> = {
      1: (x, y) => ramp[y * 8 + x]!,
      2: (x, y) => ramp[y * 8 + (7 - x)]!,
      3: (x, y) => ramp[(11 - y) * 8 + (7 - x)]!,
      4: (x, y) => ramp[(11 - y) * 8 + x]!,
      5: transposed,
      6: (x, y) => ramp[(11 - x) * 8 + y]!,
      7: (x, y) => ramp[(11 - x) * 8 + (7 - y)]!,
      8: (x, y) => ramp[x * 8 + (7 - y)]!,
    };
    for (let orientation = 1; orientation <= 8; orientation += 1) {
      const file = await raw(ramp, 8, 12, 1)
        .toColourspace('b-w')
        .withMetadata({ orientation })
        .png()
        .toBuffer();
      const dataset = await importFrom(await folderOf({ 'a/1.png': file }));
      const [height, width] = orientation < 5 ? [12, 8] : [8, 12];
      expect(dataset.shape).toEqual([height, width, 1]);
      const expected = Array.from({ length: 96 }, (_, index) =>
        at[orientation]!(index % width!, Math.floor(index / width!)),
      );
      expect(dataset.sample('a/1.png'), `orientation ${orientation}`).toEqual(expected);
    }
  });

  const deep = (values: Uint16Array<ArrayBuffer>, channels: 1 | 3) =>
    sharp(values, { raw: { width: 8, height: 8, channels } })
      .toColourspace(channels === 1 ? 'grey16' : 'rgb16')
      .png()
      .toBuffer();

  it.each([1, 3] as const)('keep their 16 bits (%i channels)', async (channels) => {
    const values = Uint16Array.from({ length: 64 * channels }, (_, at) =>
      at === 0 ? 65_535 : at === 1 ? 0 : (at * 1000) % 65_536,
    );
    const dataset = await importFrom(await folderOf({ 'a/1.png': await deep(values, channels) }));
    expect(dataset).toMatchObject({ dtype: 'uint16', shape: [8, 8, channels], bytes: 128 * channels });
    expect(dataset.sample('a/1.png')).toEqual([...values]);
    expect(dataset.issues).toMatchObject([{ reason: 'bit-depth', severity: 'noted' }]);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length / 257;
    if (channels === 1) expect(dataset.channelStatistics.mean[0]).toBeCloseTo(mean, 3);
  });

  it('of 12 bits are spread over 16, or as many as are asked for, and told', async () => {
    const values = Uint16Array.from({ length: 64 }, (_, at) => at * 65);
    const folder = await folderOf({
      'a/1.png': await deep(values, 1),
      'a/2.png': await deep(
        values.map((v) => v >> 1),
        1,
      ),
    });
    const dataset = await importFrom(folder);
    expect(dataset.sample('a/1.png')).toEqual([...values].map((value) => value * 16));
    expect(dataset.sample('a/2.png')).toEqual([...values].map((value) => (value >> 1) * 16));
    expect(dataset.issues[0]!.message).toContain('12 bits (0 to 4,095)');
    const asked = await importFrom(folder, { images: { bits: 14 } });
    expect(asked.sample('a/1.png')).toEqual([...values].map((value) => value * 4));
  });

  it('of 8 and 16 bits stand beside each other, grey stored as color becomes grey', async () => {
    const values = Uint16Array.from({ length: 64 }, (_, at) => at * 1000);
    const inColor = Uint16Array.from({ length: 192 }, (_, at) => values[Math.floor(at / 3)]!);
    const dataset = await importFrom(
      await folderOf({
        'a/1.png': await deep(inColor, 3),
        'a/2.png': await raw(ramp.slice(0, 64), 8, 8, 1).toColourspace('b-w').png().toBuffer(),
      }),
    );
    expect(dataset.shape).toEqual([8, 8, 1]);
    expect(dataset.sample('a/1.png')).toEqual([...values]);
    expect(dataset.sample('a/2.png')).toEqual(ramp.slice(0, 64).map((value) => value * 257));
    expect(dataset.issues.map(({ reason }) => reason)).toContain('mixed-depth');
  });

  it('are taken as they are where they say that they are transparent everywhere', async () => {
    const pixels = Array.from({ length: 64 }, (_, at) => [at, 2 * at, 3 * at, 0]).flat();
    const dataset = await importFrom(
      await folderOf({ 'a/1.png': await raw(pixels, 8, 8, 4).png().toBuffer() }),
    );
    expect(dataset.sample('a/1.png').slice(3, 6)).toEqual([1, 2, 3]);
    expect(dataset.issues).toMatchObject([{ reason: 'transparent-everywhere' }]);
  });

  it('are read from BMP, top row first', async () => {
    const dataset = await importFrom(await folderOf({ 'a/1.bmp': bmp(9, 8) }));
    const expected = Array.from({ length: 72 }, (_, at) => [at % 9, Math.floor(at / 9), 200]).flat();
    expect(dataset.shape).toEqual([8, 9, 3]);
    expect(dataset.sample('a/1.bmp')).toEqual(expected);
  });

  it('stand on white where they are transparent', async () => {
    const pixels = Array.from({ length: 64 }, (_, at) => (at < 32 ? [0, 0, 0, 0] : [10, 20, 30, 255])).flat();
    const dataset = await importFrom(
      await folderOf({ 'a/1.png': await raw(pixels, 8, 8, 4).png().toBuffer() }),
    );
    expect(dataset.sample('a/1.png').slice(0, 3)).toEqual([255, 255, 255]);
    expect(dataset.sample('a/1.png').slice(-3)).toEqual([10, 20, 30]);
  });

  it('are stored as grey when color files hold nothing but grey, and as color when one does not', async () => {
    const grey = ramp.slice(0, 64).flatMap((value) => [value, value, value]);
    const greyFile = await raw(grey, 8, 8, 3).png().toBuffer();
    const alone = await importFrom(await folderOf({ 'a/1.png': greyFile }));
    expect(alone.shape).toEqual([8, 8, 1]);
    expect(alone.sample('a/1.png')).toEqual(ramp.slice(0, 64));
    expect(alone.bytes).toBe(64);
    const mixed = await importFrom(await folderOf({ 'a/1.png': greyFile, 'b/2.png': await png(3, 8) }));
    expect(mixed.shape).toEqual([8, 8, 3]);
    expect(mixed.sample('a/1.png')).toEqual(grey);
    const asked = await importFrom(await folderOf({ 'a/1.png': greyFile }), { images: { color: 'color' } });
    expect(asked.shape).toEqual([8, 8, 3]);
  });
});

describe('files that are no pictures, or too large', () => {
  it('are told by what they are: pipes, signed and floating-point TIFF, and sizes that cannot be', async () => {
    const folder = await folderOf({ 'a/1.png': await png(1), 'b/2.png': await png(2) });
    execFileSync('mkfifo', [join(folder, 'a/pipe.png')]);
    const tiff = await raw(ramp.slice(0, 64), 8, 8, 1)
      .toColourspace('b-w')
      .tiff({ compression: 'none' })
      .toBuffer();
    await writeFile(join(folder, 'a/signed.tif'), withTag(tiff, 339, 2));
    await writeFile(join(folder, 'a/float.tif'), withTag(tiff, 339, 3));
    await writeFile(join(folder, 'a/huge.tif'), withTag(tiff, 256, 60_000, 257, 60_000));
    // 17 MiB: never held as a whole.
    await writeFile(join(folder, 'a/large.tif'), Buffer.concat([tiff, Buffer.alloc(17 * 2 ** 20)]));
    const dataset = await importFrom(folder);
    const told = (name: string) => dataset.issues.find(({ file }) => file === `a/${name}`);
    expect(told('pipe.png')).toMatchObject({ reason: 'no-file', severity: 'left-out' });
    expect(told('signed.tif')!.message).toContain('signed 8-bit numbers');
    expect(told('float.tif')!.message).toContain('8-bit floating-point numbers');
    expect(told('huge.tif')).toMatchObject({ reason: 'too-large' });
    expect(told('huge.tif')!.message).toContain('60000 × 60000 pixels');
    expect(dataset.samples.sources).toEqual(['a/1.png', 'a/large.tif', 'b/2.png']);
  });
});

/** A little-endian TIFF with other values in some fields of its directory; adds fields that it has not. */
function withTag(tiff: Buffer, ...changes: number[]): Buffer {
  const copy = Buffer.from(tiff);
  const directory = copy.readUInt32LE(4);
  const count = copy.readUInt16LE(directory);
  for (let change = 0; change < changes.length; change += 2) {
    const at = Array.from({ length: count }, (_, entry) => directory + 2 + 12 * entry).find(
      (entry) => copy.readUInt16LE(entry) === changes[change],
    );
    if (at === undefined) throw new Error(`There is no field ${changes[change]}.`);
    if (copy.readUInt16LE(at + 2) === 3) copy.writeUInt16LE(changes[change + 1]!, at + 8);
    else copy.writeUInt32LE(changes[change + 1]!, at + 8);
  }
  return copy;
}

describe('the stored size', () => {
  it('is the images’ own when they agree, the chosen one, or the median shorter side', async () => {
    const own = await importFrom(
      await folderOf({ 'a/1.png': await png(1, 20), 'b/2.png': await png(2, 20) }),
    );
    expect(own.shape).toEqual([20, 20, 3]);
    const files = { 'a/1.png': await png(1, 10), 'b/2.png': await png(2, 20), 'b/3.png': await png(3, 30) };
    const median = await importFrom(await folderOf(files));
    expect(median.shape).toEqual([20, 20, 3]);
    expect(median.issues).toMatchObject([{ reason: 'resized', severity: 'noted' }]);
    expect(median.issues[0]?.message).toContain('2 of 3 images');
    const chosen = await importFrom(await folderOf(files), { images: { size: 12 } });
    expect(chosen.shape).toEqual([12, 12, 3]);
  });

  it('is at most 128 pixels a side by default, in proportion', async () => {
    const large = await sharp({ create: { width: 512, height: 256, channels: 3, background: '#336699' } })
      .png()
      .toBuffer();
    const dataset = await importFrom(await folderOf({ 'a/1.png': large }));
    expect(dataset.shape).toEqual([64, 128, 3]);
    expect(dataset.sample('a/1.png').slice(0, 3)).toEqual([0x33, 0x66, 0x99]);
  });
});
