import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importSchema } from '../../../../src/contract/data/import.ts';
import { inspect } from '../../../../src/data/inspect.ts';
import { failureOf, folderOf, importFrom } from '../../../fixtures/imports.ts';

const ADULT = fileURLToPath(new URL('../../../fixtures/tables/adult-income.csv', import.meta.url));

async function fileOf(text: string | Uint8Array, name = 'table.csv'): Promise<string> {
  return join(await folderOf({ [name]: text }), name);
}
const importText = async (text: string, options: Record<string, unknown> = {}) =>
  importFrom(await fileOf(text), { format: 'delimited-table', ...options });
const look = async (path: string, options: object = {}) =>
  inspect(path, importSchema.parse({ path, format: 'delimited-table', ...options }));

/** Thirty rows: a number, a word, a target. */
const rows = (row: (at: number) => string, count = 30) =>
  Array.from({ length: count }, (_, at) => row(at)).join('\n');
const own = { fewestOfCategory: 1 };

describe('a census table', () => {
  it('is recognised by its words, and says what each column is before it is imported', async () => {
    const found = await look(ADULT, { format: 'auto', labelColumn: 'income-per-year' });
    expect(found.format).toBe('delimited-table');
    expect(found.doubts).toEqual([]);
    // Counted with awk in the file.
    expect(found.classes).toEqual([
      { name: '<=50K', files: 152 },
      { name: '>50K', files: 47 },
    ]);
    const of = Object.fromEntries(found.tableColumns.map((column) => [column.name, column]));
    expect(of['age']).toMatchObject({ kind: 'whole-number', use: 'feature', rows: 199, missing: 0 });
    expect(of['workclass']).toMatchObject({ kind: 'category', use: 'feature', missing: 10 });
    expect(of['income-per-year']).toMatchObject({ kind: 'category', use: 'target' });
    expect(of['sex']!.reason).toBe('2 different texts occur.');
  });

  it('becomes rows of numbers and codes, with nothing known where a question mark stands', async () => {
    const adult = await importFrom(ADULT, { labelColumn: 'income-per-year' });
    expect(adult).toMatchObject({ modality: 'table', shape: [14], dtype: 'float32', sampleCount: 199 });
    expect(adult.labelOf('adult-income.csv row 2')).toBe('<=50K');
    const words = adult.sample('adult-income.csv row 2').map((value, at) => {
      const column = adult.columns![at]!;
      return 'categories' in column ? column.categories[value] : value;
    });
    // As the file's first row begins.
    expect(words.slice(0, 13).join(',')).toBe(
      '39,State-gov,77516,Bachelors,13,Never-married,Adm-clerical,Not-in-family,White,Male,2174,0,40',
    );
    const unknown = readFileSync(ADULT, 'utf8')
      .split('\n')
      .findIndex((line) => line.split(',')[1] === '?');
    expect(adult.sample(`adult-income.csv row ${unknown + 1}`)[1]).toBeNaN();
  });

  it('reads the same packed', async () => {
    const packed = gzipSync(readFileSync(ADULT));
    expect(gunzipSync(packed).length).toBeGreaterThan(packed.length);
    const path = await fileOf(packed, 'adult.csv.gz');
    const [one, other] = [
      await importFrom(path, { labelColumn: 'income-per-year' }),
      await importFrom(ADULT),
    ];
    expect(one.sampleCount).toBe(other.sampleCount);
    expect(one.sample('adult.csv.gz row 9')).toEqual(other.sample('adult-income.csv row 9').slice(0, 14));
  });

  it('takes rows of its group column together, and the splits that a column names', async () => {
    const text = `site,part,value,label\n${rows((at) => `s${at % 6},${at % 6 === 5 ? 'late' : 'early'},${at * 1.5},${at % 2 ? 'yes' : 'no'}`, 60)}\n`;
    const table = await importText(text, {
      group: 'site',
      split: { by: 'column', column: 'part', test: ['late'] },
      options: own,
    });
    expect(table.columns!.map(({ name }) => name)).toEqual(['value']);
    expect(table.split).toMatchObject({ test: 10, groups: 6 });
    expect(new Set(table.samples.groups)).toEqual(new Set(['s0', 's1', 's2', 's3', 's4', 's5']));
  });

  it('count as much as their weight column says, and are left out where it says nothing', async () => {
    const text = `value,share,label\n${rows((at) => `${at * 1.5},${at === 3 ? '' : at === 4 ? '-1' : 0.5 + at},${at % 2 ? 'yes' : 'no'}`)}\n`;
    const table = await importText(text, { options: { ...own, weight: 'share' } });
    expect(table.columns!.map(({ name }) => name)).toEqual(['value']);
    expect(Array.from(table.samples.weights!.subarray(0, 5))).toEqual([0.5, 1.5, 2.5, 5.5, 6.5]);
    expect(table.issues.filter(({ reason }) => reason === 'no-weight').map(({ message }) => message)).toEqual(
      ['Row 5: “” in “share” is no weight above 0.', 'Row 6: “-1” in “share” is no weight above 0.'],
    );
    expect((await importText(text, { options: own })).samples.weights).toBeNull();
    const twice = await failureOf(importText(text, { options: { ...own, weight: 'label' } }));
    expect(twice.code).toBe('table.column-twice');
  });
});

describe('columns', () => {
  it('have decimal commas, and thousands grouped by points', async () => {
    const table = await importText(`weight;name;label\n${rows((at) => `1.0${10 + at},5;n${at % 3};x`)}\n`, {
      options: own,
    });
    expect(table.columns![0]).toMatchObject({ name: 'weight', kind: 'number' });
    expect(table.sample('table.csv row 2')[0]).toBe(1010.5);
  });

  it('are asked about where a comma may part decimals or thousands', async () => {
    const text = `a;b\n${rows((at) => `${at + 1},500;w${at % 3}`)}\n`;
    expect(await failureOf(importText(text))).toMatchObject({ code: 'delimited.comma' });
    const table = await importText(text, { text: { decimal: 'point' }, options: own });
    expect(table.sample('table.csv row 2')[0]).toBe(1500);
  });

  it('keep the names that are there twice apart, and say so', async () => {
    const table = await importText(`size,size,label\n${rows((at) => `${at * 3},w${at % 3},${at % 2}`)}\n`, {
      options: own,
    });
    expect(table.columns!.map(({ name }) => name)).toEqual(['size', 'size (2)']);
    expect(table.issues).toContainEqual(
      expect.objectContaining({
        file: 'table.csv',
        reason: 'duplicate-name',
        message: 'Column 2 has the name “size”, which another has too; it is called “size (2)”.',
      }),
    );
  });

  it('without a value, and such as count the rows, are left out with a reason, and taken where told', async () => {
    const text = `id,empty,value,label\n${rows((at) => `${at + 1},NA,${at * 7},${at % 2}`)}\n`;
    const table = await importText(text);
    expect(table.columns!.map(({ name }) => name)).toEqual(['value']);
    expect(table.issues.map(({ message }) => message)).toEqual([
      'Column “id” is left out. It counts the rows.',
      'Column “empty” is left out. No cell that was looked at holds a value.',
    ]);
    const told = await importText(text, { options: { kinds: { id: 'number', value: 'left-out' } } });
    expect(told.columns!.map(({ name }) => name)).toEqual(['id']);
  });

  it('of numbers with an odd cell stay numbers: row and value are named', async () => {
    const text = `age,word,label\n${rows((at) => `${at === 16 ? 'old' : at + 20.5},w${at % 3},${at % 2}`)}\n`;
    const found = await look(await fileOf(text));
    expect(found.tableColumns[0]).toMatchObject({ kind: 'number', isDoubtful: true });
    expect(found.tableColumns[0]!.reason).toBe(
      'One of 30 known cells is no number: “old” in row 18. It counts as missing.',
    );
    expect(found.doubts[0]).toMatchObject({ code: 'table.column', blocking: false });
    const table = await importText(text, { options: own });
    expect(table.sample('table.csv row 18')[0]).toBeNaN();
    expect(table.issues).toContainEqual({
      file: 'table.csv',
      reason: 'other-kind',
      severity: 'noted',
      row: 18,
      message: 'Row 18: “old” in “age” is not a number; it counts as missing.',
    });
    const told = await importText(text, { options: { kinds: { age: 'category' }, fewestOfCategory: 1 } });
    expect(told.columns![0]).toMatchObject({ kind: 'category' });
    expect(told.issues).toEqual([]);
  });

  it('are judged by all rows, not the first alone', async () => {
    const text = `code,flag,word,label\n${rows((at) => `${at % 50},${at === 2900 ? 'maybe' : at % 2 ? 'yes' : 'no'},w${at % 3},${at % 2}`, 3000).replace('\n49,', '\n0.5,')}\n`;
    const table = await importText(text, { options: own });
    expect(table.columns!.map(({ kind }) => kind)).toEqual(['number', 'category', 'category']);
    expect(table.columns![1]).toMatchObject({ categories: ['maybe', 'no', 'yes'] });
  });

  it('of infinite or too large numbers hold nothing there', async () => {
    const text = `x,w,label\n${rows((at) => `${at === 3 ? 'inf' : at === 4 ? '1e39' : at},w${at % 3},a`)}\n`;
    const table = await importText(text, { options: own });
    expect(table.sample('table.csv row 5')[0]).toBeNaN();
    expect(table.sample('table.csv row 6')[0]).toBeNaN();
    expect(table.sample('table.csv row 7')[0]).toBe(5);
  });

  it('of dates become their parts', async () => {
    const text = `admitted,w,label\n${rows((at) => `2024-02-${10 + (at % 20)} 13:45,w${at % 3},a`)}\n`;
    const table = await importText(text, { options: own });
    expect(table.columns!.slice(0, 7).map(({ name }) => name)).toEqual(
      ['year', 'month', 'day', 'weekday', 'hour', 'minute', 'days'].map((part) => `admitted, ${part}`),
    );
    // Python: datetime(2024, 2, 10).isoweekday() == 6; (datetime(2024, 2, 10, 13, 45) - datetime(1970, 1, 1)).days == 19763
    const first = table.sample('table.csv row 2').slice(0, 7);
    expect(first.slice(0, 6)).toEqual([2024, 2, 10, 6, 13, 45]);
    expect(first[6]).toBeCloseTo(19763 + 13.75 / 24, 2);
  });

  it('put rare categories into one, the last', async () => {
    const text = `town,label\n${rows((at) => `${at < 14 ? 'Bern' : at < 27 ? 'Basel' : `village ${at}`},${at % 2}`)}\n`;
    const table = await importText(text);
    expect(table.columns![0]).toMatchObject({ categories: ['Basel', 'Bern', '(others)'], othersLast: true });
    expect(table.sample('table.csv row 31')).toEqual([2]);
  });

  it('are ordered as told, and asked for where nothing says the order', async () => {
    const text = `size,label\n${rows((at) => `${['small', 'large', 'medium'][at % 3]},${at % 2}`)}\n`;
    const kinds = { size: 'ordered-category' };
    expect(await failureOf(importText(text, { options: { kinds } }))).toMatchObject({ code: 'table.order' });
    const orders = { size: 'small < medium < large' };
    const table = await importText(text, { options: { kinds, orders } });
    expect([2, 3, 4].map((row) => table.sample(`table.csv row ${row}`)[0])).toEqual([0, 2, 1]);
  });

  it('that give the target away are told of, and those that do so by chance or nearly are not', async () => {
    // “code” copies the label, “near” does in all rows but one, “each” is another in every row.
    const text = `code,near,each,x,label\n${rows((at) => `c${at % 3},${at === 0 ? 'n2' : `n${at % 3}`},${at * 1.7},${at % 5},${['a', 'b', 'c'][at % 3]}`)}\n`;
    const found = await look(await fileOf(text));
    expect(found.doubts.filter(({ code }) => code === 'table.gives-away')).toEqual([
      expect.objectContaining({
        message: '“code” gives the target away: each of its values stands with one value of “label” alone.',
        blocking: false,
      }),
    ]);
    const table = await importText(text, { options: own });
    expect(table.issues.filter(({ reason }) => reason === 'gives-away')).toHaveLength(1);
    const without = await importText(text, { options: { kinds: { code: 'left-out' }, ...own } });
    expect(without.issues.filter(({ reason }) => reason === 'gives-away')).toEqual([]);
  });

  it('that are named and not there are refused with the names that there are', async () => {
    const text = `a,label\n${rows((at) => `w${at % 3},${at % 2}`)}\n`;
    for (const options of [{ labelColumn: 'income' }, { options: { kinds: { income: 'number' } } }])
      expect(await failureOf(importText(text, options))).toMatchObject({
        code: 'import.no-column',
        message: expect.stringMatching(/“income”. The columns are: a, label\.$/) as string,
      });
  });
});

describe('rows', () => {
  it('with other numbers of cells are left out, each with its line; empty cells behind a row are none', async () => {
    const text = 'a,b,label\n1.5,x,n\n\n2,y\n3.5,"x, or\nnot",n,,\n4,y,n,7\n5,x,m\n6,y,m\n7,x,m\n';
    const table = await importText(text, { options: own });
    expect(table.samples.sources).toEqual([2, 5, 8, 9, 10].map((row) => `table.csv row ${row}`));
    expect(table.issues.filter(({ severity }) => severity === 'left-out')).toEqual([
      expect.objectContaining({
        row: 4,
        reason: 'ragged',
        message: 'Row 4 has 2 cells, 3 columns are named: 2, y',
      }),
      expect.objectContaining({ row: 7, reason: 'ragged' }),
    ]);
  });

  it('without a header are all rows', async () => {
    const table = await importText(`${rows((at) => `${at}.5,w${at % 3},${at * 2}`)}\n`, { options: own });
    expect(table.sampleCount).toBe(30);
    expect(table.columns!.map(({ name }) => name)).toEqual(['column 1', 'column 2', 'column 3']);
  });

  it('in which little is known are rows, though they stand first', async () => {
    const table = await importText(
      `x,y,town,label\nNA,,Bern,a\n${rows((at) => `${at * 7},${at / 2},Basel,b`)}\n`,
      {
        options: own,
      },
    );
    expect(table.sampleCount).toBe(31);
    expect(table.sample('table.csv row 2').slice(0, 2)).toEqual([NaN, NaN]);
  });

  it('of several files are found by the names of columns', async () => {
    const folder = await folderOf({
      'a.csv': `x,town,label\n${rows((at) => `${at}.5,${at % 2 ? 'Bern' : 'Basel'},p`)}\n`,
      'b.csv': `town,x,label\n${rows((at) => `${at % 2 ? 'Bern' : 'Basel'},${at + 100},q`)}\n`,
    });
    const table = await importFrom(folder);
    expect(table.format).toBe('delimited-table');
    expect(table.sample('b.csv row 3')).toEqual([101, 1]);
    expect(table.labelOf('b.csv row 3')).toBe('q');
  });

  it('have numbers to predict, or none where the cell holds none', async () => {
    const text = `w,price\n${rows((at) => `w${at % 3},${at === 4 ? 'free' : at + 0.5}`)}\n`;
    const table = await importText(text, { labelColumn: 'price', target: 'number', options: own });
    expect(table.samples.numbers![2]).toBe(2.5);
    expect(table.samples.numbers![4]).toBeNaN();
    expect(table.issues).toContainEqual(
      expect.objectContaining({
        row: 6,
        message: 'Row 6: “free” in “price” is no number; the row has no label.',
      }),
    );
  });
});

describe('a table or a recording', () => {
  it('is a table where words change from row to row, however many numbers stand beside them', async () => {
    const path = await fileOf(
      `a,b,c,d,e,label\n${rows((at) => `${at % 7},${at % 5},${at % 3},${at},1.5,w${at % 4}`)}\n`,
    );
    const found = await look(path, { format: 'auto' });
    expect(found.format).toBe('delimited-table');
    expect(found.doubts).toEqual([]);
    expect((await importFrom(path, {})).sampleCount).toBe(30);
  });

  it('names the other reading where nearly all columns hold numbers', async () => {
    const quality = ['good', 'fair', 'poor', 'none at all'];
    const path = await fileOf(
      `emg1,emg2,emg3,quality\n${rows((at) => `${at % 7}.5,${at % 5}.25,${at * 0.5},${quality[at % 4]}`)}\n`,
    );
    const found = await look(path, { format: 'auto' });
    expect(found.format).toBe('delimited-table');
    expect(found.notes.at(-1)).toBe(
      'Each row is read as a sample of its own. Where rows are moments of a recording, choose the format “delimited-signals”.',
    );
    // Whoever chose the format knows.
    const chosen = await look(path, { format: 'delimited-table' });
    expect(chosen.notes.join(' ')).not.toContain('delimited-signals');
    const people = await fileOf(`town,street,age\n${rows((at) => `t${at % 3},s${at % 4},${at}`)}\n`);
    expect((await look(people, { format: 'auto' })).notes.join(' ')).not.toContain('delimited-signals');
  });

  it('is a recording with numbers alone, which names the other reading', async () => {
    const path = await fileOf(`a,b\n${rows((at) => `${at % 7},${at * 0.5}`)}\n`);
    const found = await look(path, { format: 'auto' });
    expect(found.format).toBe('delimited-signals');
    expect(found.notes.at(-1)).toContain('delimited-table');
    expect(found.doubts).toContainEqual(expect.objectContaining({ blocking: true }));
  });
});
