import { expect, it } from 'vitest';
import '../helpers.ts';
import type { NumberColumn } from '../../../../src/contract/data/columns.ts';
import { byLogarithm } from '../../../../src/learning/layers/long-tails.ts';
import { tf } from '../../../../src/tensor/index.ts';

const column = (quantiles: number[], mean: number, standardDeviation: number): NumberColumn => ({
  name: 'a',
  kind: 'number',
  missing: 0,
  mean,
  standardDeviation,
  quantiles,
});
const told = (one: NumberColumn, values: readonly number[]) => [
  ...byLogarithm(tf.tensor2d(values.map((value) => [(value - one.mean) / one.standardDeviation])), [
    one,
  ]).dataSync(),
];
const expectNear = (found: readonly number[], expected: readonly number[]) =>
  found.forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 5));

// By NumPy: ln(1 + (x − least) / (median − least)), of mean 0 and deviation 1 over the quantiles.
it('tells a long tail above by its logarithm; what is less than the least of all counts as that', () =>
  expectNear(
    told(column([0, 1, 2, 10, 100], 20, 40), [0, 2, 100, 1000, -5]),
    [-0.96451344, -0.47453218, 1.81486867, 3.4299652, -0.96451344],
  ));

it('tells a long tail below the same way, turned around', () =>
  expectNear(
    told(column([-100, -10, -2, -1, 0], -20, 40), [0, -2, -100]),
    [0.96451344, 0.47453218, -1.81486867],
  ));

it('leaves columns without a long tail in deviations, up to eight', () => {
  expectNear(told(column([-2, -1, 0, 1, 2], 0, 1), [0.5, -1, 100]), [0.5, -1, 8]);
  const both = byLogarithm(tf.tensor2d([[0.5, -0.5]]), [
    column([-2, -1, 0, 1, 2], 0, 1),
    column([0, 1, 2, 10, 100], 20, 40),
  ]);
  expectNear([...both.dataSync()], [0.5, -0.96451344]);
});

it('takes columns of which most rows hold the least value, or all one', () => {
  const zeros = told(column([0, 0, 0, 0, 50], 5, 10), [0, 50]);
  expect(zeros.every(Number.isFinite)).toBe(true);
  expect(zeros[1]! - zeros[0]!).toBeGreaterThan(1);
  expect(told({ ...column([3, 3, 3], 3, 1) }, [3, 4])).toEqual([0, 1]);
});
