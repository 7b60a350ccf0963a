import { describe, expect, it } from 'vitest';
import { headOfSheet } from '../../../../../src/data/tables/stored/sheet-head.ts';

const rows = (...cells: (string | number)[][]) => cells.map((row, at) => ({ line: at + 1, cells: row }));
const values = [
  [1, 2],
  [3, 4],
  [5, 6],
];

describe('the head of a sheet', () => {
  it('is the first row where it holds texts', () => {
    expect(headOfSheet(rows(['a', 'b'], ...values), 'S', undefined)).toMatchObject({
      titles: ['a', 'b'],
      dataLine: 2,
      notes: [],
      doubts: [],
    });
  });

  it('stands below a title, which is told of', () => {
    const head = headOfSheet(rows(['Spring'], ['a', 'b'], ...values), 'S', undefined);
    expect(head).toMatchObject({ titles: ['a', 'b'], dataLine: 3 });
    expect(head.notes[0]!.message).toContain('above row 2 of “S”');
  });

  it('has units below where they stand in brackets', () => {
    const head = headOfSheet(rows(['a', 'b'], ['(kg)', '[m]'], ...values), 'S', undefined);
    expect(head).toMatchObject({ units: ['kg', 'm'], dataLine: 3, doubts: [] });
  });

  it('is asked for where two rows could be it, and doubted where none could', () => {
    expect(headOfSheet(rows(['a', 'b'], ['c', 'd'], ...values), 'S', undefined).doubts).toMatchObject([
      { code: 'table.two-headers', blocking: true },
    ]);
    expect(headOfSheet(rows(...values), 'S', undefined)).toMatchObject({
      titles: ['column 1', 'column 2'],
      dataLine: 1,
      doubts: [{ code: 'table.no-names', blocking: false }],
    });
  });

  it('is what a person says', () => {
    expect(headOfSheet(rows(['a', 'b'], ['c', 'd'], ...values), 'S', 2)).toMatchObject({
      titles: ['c', 'd'],
      dataLine: 3,
      doubts: [],
    });
    expect(() => headOfSheet(rows(['a', 'b'], ...values), 'S', 99)).toThrow(
      'Row 99 of “S” is to hold the names',
    );
    expect(headOfSheet(rows(['a', 'b']), 'S', 0)).toMatchObject({
      titles: ['column 1', 'column 2'],
      dataLine: 1,
    });
  });
});
