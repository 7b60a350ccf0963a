import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { importSchema, SHARED_OPTIONS } from '../../../../src/contract/data/import.ts';
import { integerField } from '../../../../src/contract/fields.ts';
import { describeReaders } from '../../../../src/data/catalogue.ts';
import { importDataset, inspect } from '../../../../src/data/index.ts';
import { readers } from '../../../../src/data/readers/registry.ts';
import { SampleTable } from '../../../../src/data/reading/sample-table.ts';
import { defineReader } from '../../../../src/data/reading/types.ts';
import { checkMeaning } from '../../../../src/service/recipes/meaning.ts';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import { failureOf } from '../../../fixtures/imports.ts';

describe.each(describeReaders())('the reader $id', (reader) => {
  it('describes itself for window and command line', () => {
    expect(reader.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(reader.id).not.toBe('auto');
    expect(reader.summary).toMatch(/^[A-Z].*\.$/);
    expect(reader.modalities).not.toEqual([]);
    for (const extension of reader.extensions) expect(extension).toMatch(/^[a-z0-9-]+$/);
  });

  it('heeds options that there are, and names its own otherwise', () => {
    for (const option of reader.heeds) expect(SHARED_OPTIONS).toContain(option);
    const shared = SHARED_OPTIONS.map((option) => option.split('.').at(-1));
    const own = (reader.options as { properties?: Record<string, object> }).properties ?? {};
    for (const [name, field] of Object.entries(own)) {
      expect(shared).not.toContain(name);
      expect(field, name).toMatchObject({
        title: expect.any(String) as string,
        description: expect.any(String) as string,
      });
    }
  });
});

it('gives every format an id of its own', () => {
  expect(new Set(readers.map(({ id }) => id)).size).toBe(readers.length);
});

/** Bytes of a file, so many a sample: a format as small as can be. */
const bytesReader = defineReader({
  id: 'raw-bytes',
  title: 'Raw bytes',
  summary: 'One file of bytes.',
  modalities: ['image'],
  extensions: ['raw'],
  heeds: ['target'],
  options: z.strictObject({
    side: integerField({ title: 'Side', help: 'Pixels.', unit: 'px', minimum: 1, maximum: 64, default: 2 }),
  }),
  recognise: ({ files }) => Promise.resolve(files.some(({ path }) => path.endsWith('.raw')) ? 1 : 0),
  inspect: (_listing, _options, { side }) =>
    Promise.resolve({ classes: [], notes: [`${side} × ${side} pixels.`] }),
  async read({ writer, own: { side } }) {
    const table = new SampleTable();
    const file = table.addFile({ path: 'a.raw', folderSplit: -1, columns: {} });
    for (let row = 0; row < 20; row += 1) {
      const offset = writer.position;
      await writer.append(Uint8Array.from({ length: side * side }, (_, at) => (row * 7 + at * 31) % 256));
      table.add({ offset, file, row, label: -1, number: NaN, block: 0 });
    }
    return { modality: 'image', shape: [side, side, 1], dtype: 'uint8', table, recordings: false };
  },
});

describe('a reader with an option of its own', () => {
  afterEach(() => readers.splice(0, readers.length, ...readers.filter((one) => one !== bytesReader)));
  const raw = (more: object = {}) => {
    readers.push(bytesReader);
    const folder = mkdtempSync(join(tmpdir(), 'pretext-readers-'));
    const path = join(folder, 'a.raw');
    writeFileSync(path, 'x');
    return { path, options: importSchema.parse({ path, ...more }), shardFile: join(folder, 'a.shard') };
  };

  it('is told it, at the look and at the import, and takes its default else', async () => {
    const { path, options, shardFile } = raw({ options: { side: 3 } });
    expect((await inspect(path, options)).notes).toContain('3 × 3 pixels.');
    expect((await importDataset({ path, options, shardFile })).shape).toEqual([3, 3, 1]);
    const untold = importSchema.parse({ path });
    expect((await importDataset({ path, options: untold, shardFile: `${shardFile}2` })).shape).toEqual([
      2, 2, 1,
    ]);
  });

  it('refuses what is none, with the words of its field', async () => {
    const { path, options, shardFile } = raw({ options: { side: 0 } });
    expect(await failureOf(importDataset({ path, options, shardFile }))).toMatchObject({
      code: 'recipe.invalid',
      message: 'options.side: must be a whole number from 1 to 64. Found: 0.',
    });
  });

  it('has it checked in a recipe that names the format', () => {
    const { path } = raw();
    const problems = (format: string, options: object) =>
      checkMeaning(
        recipeSchema.parse({
          name: 'x',
          data: { import: { a: { path, format, options } }, pretrain: ['a'] },
          pretext: {},
        }),
        null,
      ).map((problem) => `${problem.path.join('.')}: ${problem.message}`);
    expect(problems('raw-bytes', { side: 4 })).toEqual([]);
    expect(problems('raw-bytes', { sides: 4 })).toEqual([
      'data.import.a.options.sides: `sides` is not a field here. Did you mean `side`?',
    ]);
    expect(problems('raw-byte', {})).toEqual([
      expect.stringMatching(/^data\.import\.a\.format: There is no format “raw-byte”.*“raw-bytes”\?$/),
    ]);
  });

  it('says which options do nothing', async () => {
    const { path, options, shardFile } = raw({ images: { size: 16 }, signals: { windowLength: 64 } });
    const { issues } = await importDataset({ path, options, shardFile });
    expect(issues.filter(({ reason }) => reason === 'unused-option').map(({ message }) => message)).toEqual([
      'images.size does nothing here: “Raw bytes” has no use for it.',
      'signals.windowLength does nothing here: “Raw bytes” has no use for it.',
    ]);
    expect((await inspect(path, options)).notes).toContain(
      'signals.windowLength does nothing here: “Raw bytes” has no use for it.',
    );
  });
});

it('refuses a format that does not exist, at the look and at the import', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pretext-readers-'));
  writeFileSync(join(folder, 'a.csv'), '1,2\n3,4\n');
  const options = importSchema.parse({ path: folder, format: 'csv' });
  for (const trying of [
    () => inspect(folder, options),
    () => importDataset({ path: folder, options, shardFile: join(folder, 's') }),
  ])
    expect(await failureOf(trying())).toMatchObject({
      code: 'import.no-such-format',
      message: 'There is no format “csv”.',
      remedy: expect.stringContaining('delimited-signals') as string,
    });
});
