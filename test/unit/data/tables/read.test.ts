import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createIssueList } from '../../../../src/data/reading/issues.ts';
import type { ReadRequest } from '../../../../src/data/reading/types.ts';
import { ShardWriter } from '../../../../src/data/shards/writer.ts';
import type { TableOptions } from '../../../../src/data/tables/options.ts';
import { readTables } from '../../../../src/data/tables/read.ts';
import { folderOf } from '../../../fixtures/imports.ts';
import { FORM, optionsOf, ownOf, sourceOf } from './sources.ts';

async function read(
  sources: ReturnType<typeof sourceOf>[],
  options: object = {},
  own: object = {},
  more: Partial<ReadRequest<TableOptions>> = {},
) {
  const file = join(await folderOf(), 'a.shard');
  const writer = await ShardWriter.create(file);
  onTestFinished(() => writer.discard());
  const issues = createIssueList();
  const result = await readTables(
    {
      listing: { path: '/data' },
      options: optionsOf(options),
      own: ownOf({ fewestOfCategory: 1, ...own }),
      writer,
      issues,
      progress: { phase: () => undefined, advance: () => undefined },
      signal: new AbortController().signal,
      ...more,
    } as unknown as ReadRequest<TableOptions>,
    sources,
    FORM,
  );
  const { position } = writer;
  await writer.finish();
  const values = [...new Float32Array(Uint8Array.from((await readFile(file)).subarray(0, position)).buffer)];
  const [width] = result.shape as [number];
  const rowAt = (index: number) =>
    values.slice(result.table.offsets[index]! / 4, result.table.offsets[index]! / 4 + width);
  return {
    ...result,
    values,
    rowAt,
    issues: issues.all.map(({ reason, message, row }) => [reason, message, row]),
  };
}
/** A size and a color a row, and whatever else. */
const things = (count: number, more: (at: number) => string[] = () => [], names: string[] = []) =>
  sourceOf(
    'a.csv',
    ['size', 'color', ...names],
    Array.from({ length: count }, (_, at) => [String(at + 0.5), ['red', 'blue'][at % 2]!, ...more(at)]),
  );

describe('rows', () => {
  it('are stored as numbers: as they are, or by their category', async () => {
    const { shape, dtype, modality, columns, rowAt, table } = await read([things(20)]);
    expect([shape, dtype, modality]).toEqual([[2], 'float32', 'table']);
    expect(columns!.map(({ name, kind }) => [name, kind])).toEqual([
      ['size', 'number'],
      ['color', 'category'],
    ]);
    // In their natural order blue is the first.
    expect([rowAt(0), rowAt(3)]).toEqual([
      [0.5, 1],
      [3.5, 0],
    ]);
    expect([table.count, table.source(3)]).toEqual([20, 'a.csv row 5']);
  });

  it('keep what is missing, and note what is of another kind', async () => {
    const rows = [
      ...Array.from({ length: 30 }, (_, at) => [String(at + 0.5), 'red']),
      ['NA', 'red'],
      ['odd', 'red'],
    ];
    const { rowAt, issues } = await read(
      [sourceOf('a.csv', ['size', 'color'], rows)],
      {},
      { kinds: { color: 'category' } },
    );
    expect(rowAt(30)[0]).toBeNaN();
    expect(rowAt(31)[0]).toBeNaN();
    expect(issues).toContainEqual([
      'other-kind',
      'Row 33: “odd” in “size” is not a number; it counts as missing.',
      33,
    ]);
  });

  it('that have other cells than columns are left out, with their line', async () => {
    const { table, issues } = await read([
      sourceOf('a.csv', ['size', 'b'], [['1.5', '2'], ['3'], ['2.5', '1']]),
    ]);
    expect(table.count).toBe(2);
    expect(issues).toContainEqual(['ragged', 'Row 3 has 1 cells, 2 columns are named: 3', 3]);
  });

  it('of several files have the columns of all', async () => {
    const { shape, rowAt, issues } = await read([things(10), sourceOf('b.csv', ['size'], [['7.5']])]);
    expect([shape, rowAt(10)[0]]).toEqual([[2], 7.5]);
    expect(rowAt(10)[1]).toBeNaN();
    expect(issues).toContainEqual([
      'columns-absent',
      'It lacks “color”, which other files have: missing in all its rows.',
      undefined,
    ]);
  });
});

describe('rows for a model', () => {
  const columns = [{ name: 'weight', kind: 'number', unit: 'kg' }];
  const forModel = (cells: string[], units?: string[]) =>
    read(
      [
        sourceOf(
          'a.csv',
          ['weight'],
          cells.map((cell) => [cell]),
          units,
        ),
      ],
      {},
      {},
      {
        form: { shape: [1], columns },
      } as unknown as Partial<ReadRequest<TableOptions>>,
    );

  it('in another unit than its own are not known to it, which is noted with both', async () => {
    const { rowAt, issues } = await forModel(['80 kg', '176 lbs', '81']);
    expect([0, 1, 2].map((row) => rowAt(row)[0])).toEqual([80, NaN, 81]);
    expect(issues).toEqual([
      [
        'other-kind',
        'Row 3: “176 lbs” in “weight” is not a number in kg, as the model knows it; it counts as missing.',
        3,
      ],
    ]);
  });

  it('in another unit by the head of their column neither', async () => {
    const { rowAt, issues } = await forModel(['176'], ['lbs']);
    expect(rowAt(0)).toEqual([NaN]);
    expect(issues[0]![1]).toBe(
      '“weight” is in lbs by its head, and in kg as the model knows it: it counts as missing.',
    );
    expect((await forModel(['80'], ['[kg]'])).rowAt(0)).toEqual([80]);
  });
});

describe('targets', () => {
  const labelled = things(20, (at) => [['no', 'yes', ''][at % 3]!, String(at / 4), String((at % 2) + 1)], [
    'ill',
    'dose',
    'weight',
  ]);

  it('are classes, and what is missing is unlabeled', async () => {
    const { table, columns } = await read([labelled], { labelColumn: 'ill' });
    expect(table.labelNames).toEqual(['no', 'yes']);
    expect([...table.labels.subarray(0, 4)]).toEqual([0, 1, -1, 0]);
    expect(columns!.map(({ name }) => name)).not.toContain('ill');
  });

  it('are numbers, and a word is none', async () => {
    const odd = things(20, (at) => [at === 5 ? 'much' : String(at / 4)], ['dose']);
    const { table, issues } = await read([odd], { labelColumn: 'dose', target: 'number' });
    expect([table.numbers[4], table.numbers[5], table.labels[4]]).toEqual([1, NaN, -1]);
    expect(issues).toContainEqual([
      'no-number',
      'Row 7: “much” in “dose” is no number; the row has no label.',
      7,
    ]);
  });

  it('may be several at once', async () => {
    const several = things(20, (at) => [at % 2 ? 'yes' : 'no', at === 3 ? 'perhaps' : 'no'], ['ill', 'old']);
    const { table, issues } = await read([several], { target: 'labels', labelColumns: ['ill', 'old'] });
    expect(table.targets!.width).toBe(2);
    expect([...table.targets!.values.subarray(0, 8)]).toEqual([0, 0, 1, 0, 0, 0, 1, NaN]);
    expect(issues).toContainEqual([
      'no-target',
      'Row 5: “perhaps” in “old” is neither yes nor no; it counts as unknown.',
      5,
    ]);
  });

  it('may be weighed; a row without a weight above 0 is left out', async () => {
    const weighed = things(20, (at) => [at === 2 ? '0' : at === 4 ? '' : '1.5'], ['w']);
    const { table, issues } = await read([weighed], {}, { weight: 'w' });
    expect([table.count, [...table.weights!.subarray(0, 2)]]).toEqual([18, [1.5, 1.5]]);
    expect(issues).toContainEqual(['no-weight', 'Row 4: “0” in “w” is no weight above 0.', 4]);
    expect(issues).toContainEqual(['no-weight', 'Row 6: “” in “w” is no weight above 0.', 6]);
  });

  it('stand beside groups, which rows of one value share', async () => {
    const grouped = things(20, (at) => [`s${at % 2}`], ['subject']);
    const { table } = await read([grouped], { group: 'subject' });
    expect(table.files.map(({ columns }) => columns)).toEqual([{ subject: 's0' }, { subject: 's1' }]);
    expect([...table.fileIds.subarray(0, 4)]).toEqual([0, 1, 0, 1]);
  });
});

it('says how many rows there are to read, once they were looked at', async () => {
  const phases: [string, number | null][] = [];
  let done = 0;
  const progress = {
    phase: (name: string, total: number | null) => void phases.push([name, total]),
    advance: (count: number) => void (done += count),
  } as unknown as ReadRequest<TableOptions>['progress'];
  await read([things(40)], {}, {}, { progress });
  expect(phases).toEqual([
    ['Looking at the columns', null],
    ['Reading rows', 40],
  ]);
  expect(done).toBe(80);
});

it('reads rows into the form of a model, as far as the files have its columns', async () => {
  const { columns: known } = await read([things(20)]);
  const rows = sourceOf(
    'b.csv',
    ['color', 'extra'],
    [
      ['blue', '1'],
      ['green', '2'],
    ],
  );
  const { shape, columns, values } = await read(
    [rows],
    {},
    {},
    { form: { shape: [2], dtype: 'float32', columns: known! } },
  );
  expect([shape, columns!.map(({ name }) => name), values[0]]).toEqual([[1], ['color'], 0]);
});

it('refuses tables of which no column is left', async () => {
  const texts = sourceOf(
    'a.csv',
    ['note'],
    Array.from({ length: 40 }, (_, at) => [`a long sentence, number ${at}`]),
  );
  await expect(read([texts])).rejects.toMatchObject({
    failure: {
      code: 'table.no-features',
      message: 'No column is left that tells anything of a row.',
      place: '/data',
    },
  });
});
