import { expect, it } from 'vitest';
import '../../helpers.ts';
import { cellsOf, columnWords } from '../../../../../src/learning/pretext/parts/row-preview.ts';
import { columnsOf } from '../../../../../src/learning/layers/row-columns.ts';
import { tf } from '../../../../../src/tensor/index.ts';

it('shows the cells that a mask names, all others unknown', () => {
  expect([...cellsOf(tf.tensor2d([[1, 2, 3]]), tf.tensor2d([[0, 1, 0]])).dataSync()]).toEqual([NaN, 2, NaN]);
});

it('names up to four columns of a row', () => {
  const names = (mask: number[]) => columnWords(tf.tensor2d([mask]), columnsOf([6]))[0];
  expect(names([0, 0, 0, 0, 0, 0])).toBe('none');
  expect(names([1, 0, 1, 0, 0, 0])).toBe('column 1, column 3');
  expect(names([1, 1, 1, 1, 1, 1])).toBe('column 1, column 2, column 3 and 3 more');
});
