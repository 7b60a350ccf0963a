import { expect, it } from 'vitest';
import '../helpers.ts';
import type { NumberColumn } from '../../../../src/contract/data/columns.ts';
import {
  binEdges,
  byQuantile,
  columnwise,
  piecewiseEmbedding,
} from '../../../../src/learning/layers/number-embeddings.ts';
import { tf } from '../../../../src/tensor/index.ts';

const column = (quantiles: number[], mean = 0, standardDeviation = 1): NumberColumn => ({
  name: 'a',
  kind: 'number',
  missing: 0,
  mean,
  standardDeviation,
  quantiles,
});

it('puts edges at quantiles, in the normalised unit', () => {
  expect(binEdges(column([0, 10, 20, 30, 40], 20, 10), 2)).toEqual({
    values: [-2, 0, 2],
    levels: [0, 0.5, 1],
  });
  expect(binEdges(column([0, 10, 20, 30, 40], 20, 10), 99).values).toEqual([-2, -1, 0, 1, 2]);
});

it('has no edge twice, and gives one that quantiles share the middle of their levels', () => {
  expect(binEdges(column([0, 0, 0, 1, 2]), 4)).toEqual({ values: [0, 1, 2], levels: [0.25, 0.75, 1] });
  // A column of one value has a bin around it: no division by nothing.
  expect(binEdges(column([5, 5, 5], 5, 0), 2)).toEqual({ values: [-1, 1], levels: [0, 1] });
});

it('tells numbers by their rank: uniform of mean 0 and deviation 1, outliers at its ends', () => {
  const columns = [column([0, 1, 2, 3, 4])];
  const ranks = [...byQuantile(tf.tensor2d([[-100], [0], [2], [2.5], [4], [1e9]]), columns, 4).dataSync()];
  const end = Math.sqrt(3);
  expect(ranks.map((rank) => Number(rank.toFixed(5)))).toEqual(
    [-end, -end, 0, 0.125 * Math.sqrt(12), end, end].map((rank) => Number(rank.toFixed(5))),
  );
});

it('codes numbers piecewise linearly: full bins below, a part of their own, nothing above', () => {
  const columns = [column([0, 1, 3])];
  const { apply, parameters } = piecewiseEmbedding({ name: 'n', columns, width: 2, bins: 2 });
  expect(parameters.map(({ shape }) => shape)).toEqual([
    [1, 2, 2],
    [1, 2],
  ]);
  // With the identity as its map the layer shows the codes, their negative parts cut.
  const pass = {
    parameters: {
      'n/linear/kernel': tf.tensor3d([
        [
          [1, 0],
          [0, 1],
        ],
      ]),
      'n/linear/bias': tf.zeros([1, 2]),
    },
  };
  const codes = apply(tf.tensor2d([[-1], [0.5], [2], [5]]), pass as never).arraySync();
  expect(codes).toEqual([[[0, 0]], [[0.5, 0]], [[1, 0.5]], [[1, 2]]]);
});

it('maps every column by weights of its own', () => {
  const { apply } = columnwise('c', 2, 1, 1);
  const pass = { parameters: { 'c/kernel': tf.tensor3d([[[2]], [[3]]]), 'c/bias': tf.tensor2d([[0], [1]]) } };
  expect(
    apply(
      tf.tensor3d([
        [[1], [1]],
        [[5], [7]],
      ]),
      pass as never,
    ).arraySync(),
  ).toEqual([
    [[2], [4]],
    [[10], [22]],
  ]);
});
