import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importSchema } from '../../../../src/contract/data/import.ts';
import { inspect } from '../../../../src/data/inspect.ts';
import { failureOf, folderOf, importFrom } from '../../../fixtures/imports.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../../../fixtures/tables/${name}`, import.meta.url));
/** What pandas reads in the files that it wrote (make.py). */
const expected = JSON.parse(readFileSync(fixture('expected.json'), 'utf8')) as {
  columns: string[];
  rows: (string | number | boolean | null)[][];
  long: { sum: number; last: (string | number)[] };
};
const look = (name: string, more: object = {}) =>
  inspect(fixture(name), importSchema.parse({ path: fixture(name), ...more }));

/** A row as a person would write it. */
async function rowsOf(name: string, more: { options?: object } = {}) {
  const options = { fewestOfCategory: 1, ...more.options };
  const table = await importFrom(fixture(name), { labelColumn: 'outcome', ...more, options });
  return table.samples.sources.map((source) => {
    const row: Record<string, unknown> = { outcome: table.labelOf(source) };
    table.sample(source).forEach((value, at) => {
      const column = table.columns![at]!;
      row[column.name] =
        'categories' in column ? column.categories[value] : Number.isNaN(value) ? null : value;
    });
    return row;
  });
}

const known = expected.rows.map((cells) => {
  const of = Object.fromEntries(expected.columns.map((name, at) => [name, cells[at]]));
  const moment = new Date(`${(of['visit'] as string).slice(0, 19)}Z`);
  return {
    outcome: of['outcome'],
    age: of['age'],
    weight: of['weight'] === null ? null : Math.fround(of['weight'] as number),
    site: of['site'],
    smoker: of['smoker'],
    grade: of['grade'],
    'visit, day': moment.getUTCDate(),
    'visit, hour': moment.getUTCHours(),
    'visit, minute': moment.getUTCMinutes(),
    'visit, days': Math.fround(moment.getTime() / 86_400_000),
  };
});

describe.each([
  ['visits.parquet', 'parquet-table', {}],
  ['visits-lz4.feather', 'arrow-table', {}],
  ['visits-zstd.feather', 'arrow-table', {}],
  ['visits.arrow', 'arrow-table', {}],
  ['visits.arrows', 'arrow-table', {}],
  ['visits.xlsx', 'xlsx-table', {}],
  ['visits.sqlite', 'sqlite-table', { table: 'visits' }],
])('%s', (name, format, options) => {
  it('is recognised, and holds what pandas wrote', async () => {
    const found = await look(name, { labelColumn: 'outcome', options: {}, format: 'auto' });
    expect(found.format).toBe(format);
    const kinds = Object.fromEntries(found.tableColumns.map((column) => [column.name, column.kind]));
    expect(kinds).toMatchObject({ age: 'whole-number', weight: 'number', visit: 'date', smoker: 'yes-no' });
    const rows = await rowsOf(name, { options });
    expect(rows.length).toBe(known.length);
    const words: Record<string, boolean> = { true: true, false: false, '1': true, '0': false };
    rows.forEach((row, at) =>
      expect({ ...row, smoker: words[row['smoker'] as string] }).toMatchObject(known[at]!),
    );
  });
});

it('unpacks LZ4 of several blocks', async () => {
  const table = await importFrom(fixture('long-lz4.feather'), { format: 'arrow-table' });
  const place = table.columns!.findIndex(({ name }) => name === 'value');
  const sum = table.samples.offsets.reduce((all, at) => all + table.bytes_.readFloatLE(at + 4 * place), 0);
  expect(sum).toBe(expected.long.sum);
  expect(table.sample('long-lz4.feather row 30000')[place]).toBe(expected.long.last[0]);
});

describe('a workbook', () => {
  it('asks which sheet is meant where several hold values', async () => {
    const found = await look('two-sheets.xlsx');
    expect(found.doubts).toContainEqual({
      code: 'table.which',
      message: '“two-sheets.xlsx” holds 2 sheets: Measured, Notes.',
      remedy: 'Name the one to read (options.sheet).',
      blocking: true,
    });
    expect(await failureOf(importFrom(fixture('two-sheets.xlsx')))).toMatchObject({ code: 'table.which' });
  });

  it('gives what its formulas gave, and tells of formulas, errors and the title above', async () => {
    const table = await importFrom(fixture('two-sheets.xlsx'), { options: { sheet: 'measured' } });
    const names = table.columns!.map(({ name }) => name);
    const of = (row: number, name: string) =>
      table.sample(`two-sheets.xlsx row ${row}`)[names.indexOf(name)]!;
    expect(of(14, 'mass')).toBe(15);
    expect(of(14, 'double')).toBe(30);
    expect(of(43, 'double')).toBeNaN();
    expect([of(14, 'day, month'), of(14, 'day, day')]).toEqual([1, 11]);
    expect(of(9, 'state')).toBeNaN();
    expect(table.issues.map(({ message }) => message)).toEqual([
      'A row above row 3 of “Measured” stands above the names of columns, and is not read.',
      '39 cells hold formulas in “Measured” (the first is C4): what was kept with it is read.',
      'One cell holds a formula without a value in “Measured” (the first is C43), which counts as missing: open the file in Excel and save it.',
      'Cell E9 holds the error #N/A, and counts as missing.',
    ]);
  });

  it('asks which of two rows names the columns', async () => {
    expect((await look('two-heads.xlsx')).doubts).toContainEqual(
      expect.objectContaining({
        message: 'Rows 1 and 2 of “Sheet” both look like names of columns.',
        blocking: true,
      }),
    );
    const table = await importFrom(fixture('two-heads.xlsx'), { text: { headerLine: 1 } });
    expect(table.columns!.map(({ name }) => name)).toEqual(['mass', 'length']);
    expect(table.sample('two-heads.xlsx row 4')).toEqual([2, 3]);
    expect(table.sampleCount).toBe(30);
  });

  it('names the sheets that there are where one is asked for that there is not', async () => {
    const failure = await failureOf(importFrom(fixture('two-sheets.xlsx'), { options: { sheet: 'Three' } }));
    expect(failure.message).toContain('There is no sheet “Three”. The sheets are: Measured, Notes.');
  });
});

describe('a database', () => {
  it('asks which table is meant, and takes a query in its place', async () => {
    expect((await look('visits.sqlite')).doubts).toContainEqual(
      expect.objectContaining({ message: '“visits.sqlite” holds 2 tables: visits, sites.', blocking: true }),
    );
    const joined = await importFrom(fixture('visits.sqlite'), {
      options: {
        query: 'SELECT age, beds FROM visits JOIN sites USING (site) ORDER BY age',
        kinds: { beds: 'number' },
      },
    });
    const count = known.filter(({ site }) => site !== 'Łódź').length;
    expect(joined.sampleCount).toBe(count);
    expect(new Set(joined.samples.sources.map((source) => joined.sample(source)[1]))).toEqual(
      new Set([200, 350]),
    );
  });

  it.each(['DELETE FROM visits', 'SELEC 1', 'SELECT nothing FROM visits'])(
    'refuses “%s”, and stays as it was',
    async (query) => {
      const before = readFileSync(fixture('visits.sqlite'));
      const failure = await failureOf(importFrom(fixture('visits.sqlite'), { options: { query } }));
      expect(failure.message).toMatch(/only a SELECT is read|refuses the query/);
      expect(readFileSync(fixture('visits.sqlite')).equals(before)).toBe(true);
    },
  );
});

describe('an archive of NumPy', () => {
  it('asks whether rows are samples, and takes arrays beside the matrix as columns', async () => {
    expect((await look('matrix.npz')).doubts).toContainEqual(
      expect.objectContaining({ code: 'table.or-signals', blocking: true }),
    );
    const table = await importFrom(fixture('matrix.npz'), { format: 'npz-table', labelColumn: 'y' });
    expect(table.columns!.map(({ name }) => name)).toEqual(['age', 'weight']);
    known.forEach((row, at) => {
      const source = `matrix.npz row ${at + 1}`;
      expect(table.labelOf(source)).toBe(row.outcome);
      expect(table.sample(source)).toEqual([row.age, row.weight ?? NaN]);
    });
  });
});

it.each(['visits.parquet', 'visits-lz4.feather', 'visits.xlsx', 'visits.sqlite', 'matrix.npz'])(
  'refuses %s cut off or changed, and names it',
  async (name) => {
    const bytes = readFileSync(fixture(name));
    for (const part of [bytes.subarray(0, bytes.length / 2), bytes.subarray(0, 16)]) {
      const file = join(await folderOf({ [name]: part }), name);
      const failure = await failureOf(
        importFrom(file, {
          format: (await look(name)).format!,
          options: name.endsWith('sqlite') ? { table: 'visits' } : {},
        }),
      );
      expect(failure.message).toContain(name);
    }
  },
);
