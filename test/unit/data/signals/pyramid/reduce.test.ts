import { expect, it } from 'vitest';
import { reduceBlocks, reduceRows } from '../../../../../src/data/signals/pyramid/reduce.ts';

it('keeps the smallest and the largest of each channel, of a shorter last block too', () => {
  const rows = new Float32Array([1, -1, 5, -5, 3, -3]);
  const blocks = reduceRows(rows, 2, 2);
  expect([...blocks]).toEqual([1, 5, -5, -1, 3, 3, -3, -3]);
  expect([...reduceBlocks(blocks, 2, 2)]).toEqual([1, 5, -5, -1]);
  expect(reduceRows(new Float32Array(0), 2, 4)).toHaveLength(0);
});
