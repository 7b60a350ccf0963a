import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importSchema } from '../../../src/contract/recipe/recipe.ts';
import { importDataset } from '../../../src/data/import.ts';
import { inspect } from '../../../src/data/inspect.ts';
import { picture } from '../../fixtures/broken-images.ts';
import { failureOf, folderOf } from '../../fixtures/imports.ts';

describe('a look before the import', () => {
  it('tells format, classes and split folders', async () => {
    const image = await picture(1, 8).png().toBuffer();
    const found = await inspect(
      await folderOf({ 'train/a/1.png': image, 'test/b/2.png': image, 'train/b/3.png': image }),
    );
    expect(found).toMatchObject({
      format: 'image-folder',
      files: 3,
      splits: { train: 2, validation: 0, test: 1 },
    });
    expect(found.classes).toEqual([
      { name: 'a', files: 1 },
      { name: 'b', files: 2 },
    ]);
  });

  it('tells columns and first rows of signals', async () => {
    const found = await inspect(await folderOf({ 'a.csv': `x;y\n${'1;2\n'.repeat(20)}` }));
    expect(found).toMatchObject({ format: 'delimited-signals', columns: ['x', 'y'], files: 1 });
    expect(found.exampleRows[0]).toEqual(['1', '2']);
  });

  it('says what a folder holds instead', async () => {
    const pdfs = await folderOf({ 'a.pdf': '%PDF', 'b.pdf': '%PDF', 'c.pdf': '%PDF' });
    const found = await inspect(pdfs);
    expect(found.format).toBeNull();
    expect(found.notes).toEqual(['This folder holds 3 PDF files, and no data of a format that is known.']);
    const failure = await failureOf(
      importDataset({ path: pdfs, options: importSchema.parse({ path: pdfs }), shardFile: join(pdfs, 'x') }),
    );
    expect(failure).toMatchObject({ code: 'import.unknown-format', place: pdfs });
    expect(await failureOf(inspect(join(pdfs, 'gone')))).toMatchObject({ code: 'path.missing' });
    const table = await folderOf({ 'people.csv': 'age,job,home\n'.concat('30,clerk,Rome\n'.repeat(9)) });
    expect((await inspect(table)).format).toBe('delimited-table');
  });
});
