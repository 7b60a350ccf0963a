import { expect, it } from 'vitest';
import { placesOfCell, sortRows } from '../../../../../src/data/copies/rows/catalogue.ts';

const columns = {
  cells: Uint32Array.of(5, 9, 5, 5, 9, 5, 4_000_000_005, 5),
  exact: Uint32Array.of(1, 1, 1, 2, 1, 1, 1, 2),
};
const placesOf = (most: number, cell: number, end = 8) => [
  ...placesOfCell(columns, sortRows(columns, most), cell, end),
];

it('lists the rows of a cell in their order, of the very same the first few', () => {
  expect(placesOf(8, 5)).toEqual([0, 2, 3, 5, 7]);
  expect(placesOf(1, 5)).toEqual([0, 3]);
  expect(placesOf(2, 5)).toEqual([0, 2, 3, 7]);
  expect(placesOf(1, 9)).toEqual([1]);
  expect(placesOf(1, 4_000_000_005)).toEqual([6]);
  expect(placesOf(1, 6)).toEqual([]);
});

it('ends before a place', () => {
  expect(placesOf(8, 5, 3)).toEqual([0, 2]);
  expect(placesOf(1, 5, 0)).toEqual([]);
});
