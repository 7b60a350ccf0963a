import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SampleTable } from '../../../../src/data/reading/sample-table.ts';
import { picture } from '../../../fixtures/broken-images.ts';
import { failureOf, folderOf, importFrom } from '../../../fixtures/imports.ts';

async function imagesWith(table: string, count = 8): Promise<{ folder: string; labels: string }> {
  const files: Record<string, string | Uint8Array> = { 'labels.csv': table };
  for (let index = 1; index <= count; index += 1)
    files[`images/${index}.png`] = await picture(index, 8).png().toBuffer();
  const folder = await folderOf(files);
  return { folder, labels: join(folder, 'labels.csv') };
}

const TABLE = `file,cat,dog,weight\n${[
  '1,yes,no,1.5',
  '2,no,yes,2.5',
  '3,yes,yes,',
  '4,no,no,3.5',
  '5,1,0,4',
  '6,0,1.0,5',
  '7,maybe,yes,6',
  '8,no,no,7',
].join('\n')}\n`;

describe('several labels from a file', () => {
  it('are yes or no in each column, or not known', async () => {
    const { folder, labels } = await imagesWith(TABLE);
    const found = await importFrom(folder, { labels, target: 'labels', labelColumns: ['Cat', 'dog'] });
    const of = (file: string) => {
      const at = found.samples.sources.findIndex((source) => source.includes(file));
      return [...found.samples.targets!.subarray(2 * at, 2 * at + 2)];
    };
    expect(['1.png', '2.png', '3.png', '6.png', '7.png'].map(of)).toEqual([
      [1, 0],
      [0, 1],
      [1, 1],
      [0, 1],
      [NaN, 1],
    ]);
    expect(found.issues.map(({ message }) => message)).toEqual([
      expect.stringContaining('“maybe” in “Cat” is neither yes nor no; it counts as unknown.'),
    ]);
    const counted = found.classes.map(({ name, train, validation, test }) => [
      name,
      train + validation + test,
    ]);
    expect(counted).toEqual([
      ['Cat', 3],
      ['dog', 4],
    ]);
    expect([found.target, found.labeledCount]).toEqual(['labels', 8]);
  });

  it('several numbers likewise, in one way of writing', async () => {
    const { folder, labels } = await imagesWith(
      TABLE.replaceAll(',', ';').replaceAll(/(\d)\.(\d)/g, '$1,$2'),
    );
    const found = await importFrom(folder, { labels, target: 'numbers', labelColumns: ['weight'] });
    const known = [...found.samples.targets!].filter((value) => !Number.isNaN(value));
    expect(known.toSorted((a, b) => a - b)).toEqual([1.5, 2.5, 3.5, 4, 5, 6, 7]);
    expect(found.labeledCount).toBe(7);
  });

  it('are refused where a column is not there, says one thing alone, or none is named', async () => {
    const { folder, labels } = await imagesWith(TABLE);
    const told = { labels, target: 'labels' as const };
    expect(await failureOf(importFrom(folder, { ...told, labelColumns: ['cat', 'bird'] }))).toMatchObject({
      code: 'labels.no-column',
      message: expect.stringContaining('“bird”'),
    });
    expect(await failureOf(importFrom(folder, { ...told, labelColumns: ['cat', 'weight'] }))).toMatchObject({
      code: 'labels.one-value',
      message: expect.stringContaining('“weight” is known of no sample'),
    });
    expect(await failureOf(importFrom(folder, told))).toMatchObject({ code: 'labels.no-columns' });
  });
});

it('a table of samples keeps targets of as many rows as come', () => {
  const table = new SampleTable();
  for (let row = 0; row < 1500; row++) {
    table.add({ offset: 0, file: 0, row, label: -1, number: NaN, block: 0 });
    table.addTargets([row, -row]);
  }
  expect([...table.targets!.values.subarray(2998, 3000)]).toEqual([1499, -1499]);
});
