import { expect, it } from 'vitest';
import type { BinnedRows } from '../../../../src/learning/references/bins.ts';
import { addTree, growTree } from '../../../../src/learning/references/trees.ts';

/** Four rows in two columns of two bins each. */
const rows: BinnedRows = {
  rows: 4,
  columns: [Uint8Array.of(0, 0, 1, 1), Uint8Array.of(0, 1, 0, 1)],
  bins: [
    { kind: 'number', bounds: new Float64Array(1) },
    { kind: 'number', bounds: new Float64Array(1) },
  ],
};
const gradients = { first: Float64Array.of(-8, -4, 2, 2), second: new Float64Array(4).fill(1) };
const rules = { leaves: 3, leastSamples: 1, penalty: 0, learningRate: 0.5 };

it('grows the leaf that gains most, and answers −G / H, shrunken', () => {
  const { tree, answers } = growTree(rows, gradients, rules);
  // First −12 beside 4; then −8 beside −4 gains 8, while 2 and 2 cannot be told apart.
  expect([...answers].map((value) => Number(value.toFixed(9)))).toEqual([4, 2, -1, -1]);
  expect(tree.columns.filter((column) => column >= 0)).toHaveLength(2);
});

it('stops at so many leaves, or where nothing is gained any more', () => {
  const leavesOf = (leaves: number) =>
    growTree(rows, gradients, { ...rules, leaves }).tree.columns.filter((column) => column < 0).length;
  expect([1, 2, 3, 9].map(leavesOf)).toEqual([1, 2, 3, 3]);
});

it('adds to totals the very answers that it was grown with', () => {
  const { tree, answers } = growTree(rows, gradients, rules);
  const totals = new Float64Array(8).fill(1);
  addTree(tree, rows, totals, { start: 1, stride: 2 });
  expect([1, 3, 5, 7].map((at) => totals[at]! - 1)).toEqual(
    [...answers].map((value) => expect.closeTo(value, 12)),
  );
  expect([0, 2, 4, 6].map((at) => totals[at])).toEqual([1, 1, 1, 1]);
});
