import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it, onTestFinished } from 'vitest';
import type { DecodedImage } from '../../../../src/data/images/decoding.ts';
import type { LookedAt, Problem } from '../../../../src/data/images/read-file.ts';
import { startThreads } from '../../../../src/data/threads.ts';
import { folderOf } from '../../../fixtures/imports.ts';

const worker = () => {
  const threads = startThreads({
    beside: new URL('../../../../src/data/images/worker.ts', import.meta.url).href,
    bundle: 'images',
    count: 1,
    dataOf: () => null,
  });
  onTestFinished(() => threads.close());
  return threads;
};
const noise = (side: number) => Uint8Array.from({ length: side * side * 3 }, (_, at) => (at * 7919) % 251);
const picture = (side: number) => sharp(noise(side), { raw: { width: side, height: side, channels: 3 } });

it('looks at a batch of files and decodes them, the bytes of each answer in one piece of memory', async () => {
  const files = {
    'a.png': await picture(12).png().toBuffer(),
    'b.webp': await picture(20).webp({ lossless: true }).toBuffer(),
    'c.png': 'no picture',
  };
  const folder = await folderOf(files);
  const { ask } = worker();
  const listed = Object.keys(files).map((path) => ({ path, absolute: join(folder, path) }));
  const [a, b, c] = await ask<(LookedAt | Problem)[]>({ kind: 'look', files: listed });
  expect([a, b, c]).toMatchObject([
    { header: { width: 12 } },
    { header: { width: 20 } },
    { reason: 'not-an-image' },
  ]);
  const looked = [a, b] as LookedAt[];
  expect(
    looked.map(({ bytes }) =>
      Buffer.from(bytes!).equals(files[looked[0]!.bytes === bytes ? 'a.png' : 'b.webp']),
    ),
  ).toEqual([true, true]);
  expect(looked[0]!.bytes!.buffer).toBe(looked[1]!.bytes!.buffer);
  const images = looked.map((one, at) => ({ ...listed[at]!, ...one }));
  const decoded = await ask<DecodedImage[]>({
    kind: 'decode',
    images: [...images, { ...images[0]!, bytes: Uint8Array.of(1, 2, 3) }],
    stored: { width: 12, height: 12, channels: 3 },
  });
  expect([...decoded[0]!.pixels!]).toEqual([...noise(12)]);
  expect(decoded[1]!.pixels).toHaveLength(3 * 144);
  expect(decoded[2]).toMatchObject({ pixels: null, problem: { reason: 'broken' } });
});

it('holds no more bytes of a batch than it may: those of later files are read again when they are decoded', async () => {
  // Three of about 2.4 MB each, of which two would be more than 4 MiB.
  const bytes = await picture(900).tiff({ compression: 'none' }).toBuffer();
  const folder = await folderOf({
    'a.tif': bytes,
    'b.tif': bytes,
    'c.png': await picture(12).png().toBuffer(),
  });
  const files = ['a.tif', 'b.tif', 'c.png'].map((path) => ({ path, absolute: join(folder, path) }));
  const looked = await worker().ask<LookedAt[]>({ kind: 'look', files });
  expect(looked.map((one) => one.bytes?.length ?? null)).toEqual([bytes.length, null, expect.any(Number)]);
});
