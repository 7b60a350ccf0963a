import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { importSchema } from '../../../../src/contract/recipe/recipe.ts';
import { inspect } from '../../../../src/data/inspect.ts';
import { failureOf, folderOf, importFrom } from '../../../fixtures/imports.ts';

/** Files that tifffile wrote: see make.py beside them. */
const stacks = fileURLToPath(new URL('../../../fixtures/tiff-stacks', import.meta.url));

async function folderWith(...names: string[]): Promise<string> {
  const folder = await folderOf();
  await mkdir(join(folder, 'cells'));
  for (const name of names) await copyFile(join(stacks, name), join(folder, 'cells', name));
  return folder;
}
const whole = { by: 'random', validation: 0, test: 0 };

it('asks what the pages of a TIFF are, before and at the import', async () => {
  const folder = await folderWith('plain.tif');
  const { doubts } = await inspect(folder, importSchema.parse({ path: folder }));
  expect(doubts).toEqual([
    expect.objectContaining({
      code: 'images.pages',
      blocking: true,
      message: expect.stringContaining('“cells/plain.tif” holds 3 pages of 12 × 10 pixels') as string,
    }),
  ]);
  expect(await failureOf(importFrom(folder))).toMatchObject({
    code: 'images.pages',
    place: 'cells/plain.tif',
  });
});

it('takes pages as channels, with the values that were written', async () => {
  const folder = await folderWith('a.ome.tif', 'b.ome.tif');
  const options = { images: { pages: 'channels', bits: 16 }, split: whole };
  expect((await inspect(folder, importSchema.parse({ path: folder, ...options }))).doubts).toEqual([]);
  const dataset = await importFrom(folder, options);
  expect(dataset).toMatchObject({ shape: [10, 12, 3], dtype: 'uint16', sampleCount: 2 });
  const written = (index: number) =>
    Array.from({ length: 10 * 12 * 3 }, (_, at) => {
      const [y, x, channel] = [Math.floor(at / 36), Math.floor(at / 3) % 12, at % 3];
      return at === 0 ? 4095 : 1000 * index + 300 * channel + 20 * y + x;
    });
  expect(dataset.sample('cells/a.ome.tif')).toEqual(written(0));
  expect(dataset.sample('cells/b.ome.tif')).toEqual(written(1));
  expect(dataset.issues.map(({ message }) => message)).toContain(
    'The 3 pages of each file are kept as 3 channels of one picture.',
  );
});

it('takes the first page where that is said, and notes the others', async () => {
  const dataset = await importFrom(await folderWith('a.ome.tif'), {
    images: { pages: 'first', bits: 16 },
    split: whole,
  });
  expect(dataset.shape).toEqual([10, 12, 1]);
  expect(dataset.sample('cells/a.ome.tif').slice(0, 3)).toEqual([4095, 1, 2]);
  expect(dataset.issues.map(({ reason }) => reason)).toContain('several-frames');
});

it('takes no pages in colour for channels', async () => {
  const failure = await failureOf(
    importFrom(await folderWith('color.tif'), { images: { pages: 'channels' } }),
  );
  expect(failure.message).toContain('only grey pages can be channels');
});

it.each([
  ['a.ome.tif', 3, 'OME-XML in it says: 3 channels.'],
  ['imagej-channels.tif', 2, 'What ImageJ wrote into it says: 2 channels.'],
])('takes the word of %s for it that its pages are channels, and says so', async (name, channels, words) => {
  const folder = await folderWith(name);
  const found = await inspect(folder, importSchema.parse({ path: folder }));
  expect(found.doubts).toEqual([]);
  expect(found.notes.join(' ')).toContain(words);
  const dataset = await importFrom(folder, { split: whole });
  expect(dataset.shape).toEqual([10, 12, channels]);
  expect(dataset.issues.map(({ message }) => message).join(' ')).toContain(words);
});

it.each([
  ['times.ome.tif', 'OME-XML in it says: 2 channels, 3 points of time.'],
  ['imagej-planes.tif', 'What ImageJ wrote into it says: 6 focal planes.'],
])('asks about the planes and times of %s with its own words', async (name, words) => {
  const folder = await folderWith(name);
  const { doubts } = await inspect(folder, importSchema.parse({ path: folder }));
  expect(doubts).toMatchObject([{ code: 'images.pages', blocking: true }]);
  expect(doubts[0]!.message).toContain(words);
  expect((await importFrom(folder, { images: { pages: 'first' }, split: whole })).shape).toEqual([10, 12, 1]);
});
