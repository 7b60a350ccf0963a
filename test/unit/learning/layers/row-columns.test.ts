import { expect, it } from 'vitest';
import '../helpers.ts';
import type { StoredColumn } from '../../../../src/contract/data/columns.ts';
import {
  columnsOf,
  knownValues,
  partColumns,
  takeColumns,
  wholeCodes,
} from '../../../../src/learning/layers/row-columns.ts';
import { tf } from '../../../../src/tensor/index.ts';

const work = {
  name: 'work',
  kind: 'category',
  missing: 0,
  categories: ['a', 'b', 'c'],
  counts: [1, 1, 1],
} as unknown as StoredColumn;
const [age, height] = columnsOf([2]);

it('parts numbers from categories, and knows where each stands', () => {
  const { numbers, categories } = partColumns([age!, work, height!]);
  expect([numbers.at, categories.at]).toEqual([[0, 2], [1]]);
  expect(columnsOf([3], { columns: [work] })).toEqual([work]);
});

it('takes columns in the order asked for', () => {
  expect(
    takeColumns(
      tf.tensor2d([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      [2, 0],
    ).arraySync(),
  ).toEqual([
    [3, 1],
    [6, 4],
  ]);
});

it('makes unknown values 0, and says which are known', () => {
  const { values, known, missing } = knownValues(tf.tensor2d([[NaN, 2]]));
  expect([values, known, missing].map((one) => one.arraySync())).toEqual([[[0, 2]], [[0, 1]], [[1, 0]]]);
});

it('gives unknown categories a code of their own, and keeps all others among the categories', () => {
  const codes = wholeCodes(
    tf.tensor2d([
      [NaN, 1],
      [7, -1],
      [2, NaN],
    ]),
    [3, 2],
  );
  expect(codes.dtype).toBe('int32');
  expect(codes.arraySync()).toEqual([
    [3, 1],
    [2, 0],
    [2, 2],
  ]);
});
