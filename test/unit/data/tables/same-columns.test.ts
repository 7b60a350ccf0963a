import { expect, it } from 'vitest';
import { SameColumns } from '../../../../src/data/tables/same-columns.ts';

it('finds columns that hold the same in every row, missing values too', () => {
  const rows = [
    ['a', 1, 'a', 1, null, 1],
    ['b', 2, 'b', 2, 'x', 2],
    ['c', null, 'c', null, null, 3],
  ];
  const same = new SameColumns(6);
  for (const row of rows) same.add((column) => row[column]!);
  expect(same.found).toEqual([
    [0, 2],
    [1, 3],
  ]);
});
