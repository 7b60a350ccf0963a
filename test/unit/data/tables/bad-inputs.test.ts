/** Tables as they should not be: each is read right, or refused with what was found, where, and what to do. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importSchema } from '../../../../src/contract/data/import.ts';
import { inspect } from '../../../../src/data/inspect.ts';
import { failureOf, folderOf, importFrom, type Imported } from '../../../fixtures/imports.ts';

const ROWS = 60;
const lines = (head: string, row: (at: number) => string, count = ROWS) =>
  [head, ...Array.from({ length: count }, (_, at) => row(at))].join('\n') + '\n';
const pathOf = async (text: string) => join(await folderOf({ 'table.csv': text }), 'table.csv');
const told = (table: Imported) => table.issues.map(({ message }) => message);
const valueOf = (table: Imported, row: number, name: string) =>
  table.sample(`table.csv row ${row}`)[table.columns!.findIndex((column) => column.name === name)];
const format = { format: 'delimited-table' };

interface Case {
  what: string;
  text: string;
  options?: Record<string, unknown>;
  check(table: Imported): void;
}

const number = (at: number) => (at * 7) % 50;

const read: Case[] = [
  {
    what: 'ragged rows are left out, by their lines and cells',
    text: lines('a,b,label', (at) =>
      at === 20 ? '1,2' : at === 30 ? '1,2,x,9' : `${number(at)},w${at % 3},x${at % 2}`,
    ),
    check(table) {
      expect(table.sampleCount).toBe(ROWS - 2);
      expect(told(table)).toContain('Row 22 has 2 cells, 3 columns are named: 1, 2');
      expect(told(table)).toContain('Row 32 has 4 cells, 3 columns are named: 1, 2, x, 9');
    },
  },
  {
    what: 'duplicate names are told apart',
    text: lines('a,a,label', (at) => `${number(at)},w${at % 3},x${at % 2}`),
    check(table) {
      expect(table.columns!.map(({ name }) => name)).toEqual(['a', 'a (2)']);
      expect(told(table)).toContain(
        'Column 2 has the name “a”, which another has too; it is called “a (2)”.',
      );
    },
  },
  {
    what: 'a word among numbers is named by its row, and missing',
    text: lines('a,b,label', (at) => `${at === 40 ? 'high' : number(at)},w${at % 3},x${at % 2}`),
    check(table) {
      expect(valueOf(table, 42, 'a')).toBeNaN();
      expect(valueOf(table, 43, 'a')).toBe(number(41));
      expect(told(table)).toContain('Row 42: “high” in “a” is not a number; it counts as missing.');
    },
  },
  {
    what: 'a column of 100,000 texts is left out with its reason',
    text: lines('id,a,label', (at) => `person ${(at * 7919) % 100_000},${number(at)},x${at % 2}`, 100_000),
    check(table) {
      expect(table.columns!.map(({ name }) => name)).toEqual(['a']);
      expect(told(table)).toContain(
        'Column “id” is left out. Every cell that was looked at is another: it names the row, and tells nothing of others.',
      );
    },
  },
  {
    what: 'a column without a value, and one with one value, are left out with their reasons',
    text: lines('empty,same,a,label', (at) => `,5,${number(at)},x${at % 2}`),
    check(table) {
      expect(table.columns!.map(({ name }) => name)).toEqual(['a']);
      expect(told(table)).toContain('Column “empty” is left out. No cell that was looked at holds a value.');
      expect(told(table)).toContain('Column “same” is left out. All cells that were looked at hold “5”.');
    },
  },
  {
    what: 'infinite values are named by their rows, and missing',
    text: lines(
      'a,b,label',
      (at) => `${at === 10 ? 'inf' : at === 11 ? '1e400' : number(at) + 0.5},w${at % 3},x${at % 2}`,
    ),
    check(table) {
      expect(valueOf(table, 12, 'a')).toBeNaN();
      expect(valueOf(table, 13, 'a')).toBeNaN();
      expect(told(table)).toContain('Row 12: “inf” in “a” is not a number; it counts as missing.');
      expect(told(table)).toContain('Row 13: “1e400” in “a” is not a number; it counts as missing.');
    },
  },
  {
    what: 'dates in three spellings are each read, and told of',
    text: lines('day,a,label', (at) => {
      const day = String(1 + (at % 28)).padStart(2, '0');
      return `"${[`2024-05-${day}`, `${day}/05/2024`, `May ${Number(day)}, 2024`][at % 3]}",${number(at)},x${at % 2}`;
    }),
    check(table) {
      for (const at of [0, 1, 2, 13, 14]) {
        expect(valueOf(table, at + 2, 'day, month')).toBe(5);
        expect(valueOf(table, at + 2, 'day, day')).toBe(1 + (at % 28));
      }
      expect(told(table)).toContainEqual(expect.stringContaining('Dates in “day” are written in 3 ways'));
    },
  },
  {
    what: 'errors of a spreadsheet are missing',
    text: lines(
      'a,b,label',
      (at) => `${at === 10 ? '#DIV/0!' : at === 11 ? '#VALUE!' : number(at)},w${at % 3},x${at % 2}`,
    ),
    check(table) {
      expect(valueOf(table, 12, 'a')).toBeNaN();
      expect(valueOf(table, 13, 'a')).toBeNaN();
      expect(valueOf(table, 14, 'a')).toBe(number(12));
      expect(table.columns![0]).toMatchObject({ kind: 'whole-number' });
    },
  },
  {
    what: 'columns that hold the same are told of',
    text: lines('a,b,copy,label', (at) => `${number(at)},w${at % 3},${number(at)},x${at % 2}`),
    check: (table) => expect(told(table)).toContain('“a” and “copy” hold the same in every row.'),
  },
  {
    what: 'a decimal comma beside thousands grouped by points is read',
    text: lines('a;b;label', (at) => `1.0${10 + at},5;w${at % 3};x${at % 2}`),
    check: (table) => expect(valueOf(table, 2, 'a')).toBe(1010.5),
  },
];

describe('a bad table', () => {
  it.each(read)('$what', async ({ text, options, check }) => {
    check(await importFrom(await pathOf(text), { ...format, ...options, options: { fewestOfCategory: 1 } }));
  });

  it('of which day and month could change places is refused, and read as told', async () => {
    const path = await pathOf(
      lines('day,a,label', (at) => `0${1 + (at % 9)}/0${1 + ((at * 2) % 9)}/2024,${number(at)},x${at % 2}`),
    );
    const failure = await failureOf(importFrom(path, format));
    expect(failure).toMatchObject({
      code: 'table.date-order',
      message: 'Nothing tells whether the day or the month comes first in “day”: “01/01/2024”.',
      remedy: 'Say it (options.dateOrder: day-first or month-first).',
    });
    const table = await importFrom(path, { ...format, options: { dateOrder: 'month-first' } });
    expect([valueOf(table, 3, 'day, month'), valueOf(table, 3, 'day, day')]).toEqual([2, 3]);
  });

  const looked = async (text: string, options: object = {}) => {
    const path = await pathOf(text);
    return inspect(path, importSchema.parse({ path, ...format, ...options }));
  };

  it('with formulas in cells is told of, with the first of them', async () => {
    const each = await looked(lines('a,b,label', (at) => `${number(at)},=A${at + 2}*2,x${at % 2}`));
    expect(each.doubts).toEqual([
      {
        code: 'table.formulas',
        message:
          '“b” holds formulas, not what they come to (60 of 60 known cells): “=A2*2” in row 2 is the first.',
        remedy: 'Open the file in a spreadsheet program and save it from there: that writes the values.',
        blocking: false,
      },
    ]);
    const some = await looked(
      lines('a,b,label', (at) => `${number(at)},${at === 3 ? '=SUM(A2:A4)' : at + 0.5},x${at % 2}`),
    );
    expect(some.doubts.map(({ code }) => code)).toContain('table.formulas');
  });

  it('with numbers and texts in one column is told of, with row and text', async () => {
    const { doubts } = await looked(
      lines('a,b,label', (at) => `${at % 2 ? number(at) : 'old'},w${at % 3},x${at % 2}`),
    );
    expect(doubts).toContainEqual({
      code: 'table.mixed',
      message:
        '“a” holds numbers (30 of 60 known cells) beside texts: “old” in row 2 is the first. It is taken as a category of 26 values.',
      remedy: 'If it is a number, say so (kinds: number): its texts then count as missing.',
      blocking: false,
    });
  });

  it('with ragged rows is told of before it is imported', async () => {
    const { doubts } = await looked(
      lines('a,b,label', (at) => (at === 20 || at === 30 ? '1,2' : `${number(at)},w${at % 3},x${at % 2}`)),
    );
    expect(doubts).toEqual([
      {
        code: 'table.ragged',
        message:
          '2 rows have other than one cell a column, and are left out: row 22 of “table.csv” has 2 and is the first; 3 columns are named.',
        remedy: 'Look at it: a separator in a text wants quotes around it.',
        blocking: false,
      },
    ]);
  });

  it('with an infinite target is told of, and the row has no label', async () => {
    const text = lines('a,b,price', (at) => `${number(at)},w${at % 3},${at === 4 ? 'inf' : at * 1.5}`);
    const options = { target: 'number', labelColumn: 'price' };
    expect((await looked(text, options)).doubts).toEqual([
      {
        code: 'table.target-cells',
        message: 'One of 60 known cells of the target “price” is no number: “inf” in row 6.',
        remedy: 'Such rows have no label; mend them, or choose another target.',
        blocking: false,
      },
    ]);
    const table = await importFrom(await pathOf(text), { ...format, ...options });
    expect(table.sampleCount).toBe(ROWS);
    expect(told(table)).toContain('Row 6: “inf” in “price” is no number; the row has no label.');
  });

  it('of 100,000 categories, none of them frequent, is told of where a person makes them a category', async () => {
    const { doubts } = await looked(
      lines('id,a,label', (at) => `person ${at % 30_000},${number(at)},x${at % 2}`, 60_000),
      { options: { kinds: { id: 'category' } } },
    );
    expect(doubts).toContainEqual({
      code: 'table.all-rare',
      message:
        'The values of “id” are so many that “(others)” stands for 50,000 of 50,000 known cells: the column tells next to nothing.',
      remedy: 'Leave it out (kinds: left-out), or keep more of them (fewestOfCategory, mostCategories).',
      blocking: false,
    });
  });

  it('with a target of one value is told of before it is imported', async () => {
    const path = await pathOf(lines('a,b,label', (at) => `${number(at)},w${at % 3},ill`));
    const found = await inspect(path, importSchema.parse({ path, ...format }));
    expect(found.doubts).toContainEqual({
      code: 'table.target',
      message: 'The target “label” has one value alone: there is nothing to learn.',
      remedy: 'Choose another column.',
      blocking: false,
    });
  });

  it('with two lines of names is refused, and read as told', async () => {
    const rows = Array.from({ length: 40 }, (_, at) => `${number(at)},${number(at + 3)},x${at % 2}`);
    const path = await pathOf(['mass,length,label', 'kg,m,class', ...rows].join('\n'));
    expect(await failureOf(importFrom(path, format))).toMatchObject({
      code: 'table.two-headers',
      message: 'Lines 1 and 2 of “table.csv” both look like names of columns.',
      remedy: 'Say which one names them (text.headerLine: 1 or 2); the other is not read.',
    });
    const one = await importFrom(path, { ...format, text: { headerLine: 1 } });
    expect(one.columns!.map(({ name }) => name)).toEqual(['mass', 'length']);
    expect([one.sampleCount, one.classes.length]).toEqual([40, 2]);
    const other = await importFrom(path, { ...format, text: { headerLine: 2 } });
    expect(other.columns!.map(({ name }) => name)).toContain('kg');
    expect(other.sampleCount).toBe(40);
  });
});
