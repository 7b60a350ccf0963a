import { expect, it } from 'vitest';
import { namesOf, rowsAtOnce, rowsOfColumns, whichOf } from '../../../../../src/data/tables/stored/stored.ts';

it('makes names that are each another, and says which were changed', () => {
  expect(namesOf(['age', ' age ', '', 'age'])).toEqual({
    names: ['age', 'age (2)', 'column 3', 'age (3)'],
    notes: [
      {
        reason: 'duplicate-name',
        message: 'Column 2 has the name “age”, which another has too; it is called “age (2)”.',
      },
      {
        reason: 'duplicate-name',
        message: 'Column 4 has the name “age”, which another has too; it is called “age (3)”.',
      },
    ],
  });
});

it('hands on rows in blocks of not too many cells, one at least', () => {
  expect([rowsAtOnce(1), rowsAtOnce(16), rowsAtOnce(1_000_000), rowsAtOnce(3, 10)]).toEqual([
    32_768, 2048, 1, 3,
  ]);
  expect(rowsOfColumns(2, 2, 5, (column, row) => 10 * column + row)).toEqual([
    { line: 5, cells: [0, 10] },
    { line: 6, cells: [1, 11] },
  ]);
  expect(rowsOfColumns(0, 2, 1, () => '')).toEqual([]);
});

it('asks which of several is meant, naming the first of many', () => {
  const names = Array.from({ length: 14 }, (_, at) => `t${at}`);
  expect(whichOf('tables', 'options.table', names, 'a.db').message).toBe(
    '“a.db” holds 14 tables: t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, ….',
  );
});
