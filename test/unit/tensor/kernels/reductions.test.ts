import { describe, expect, it } from 'vitest';
import { spread } from '../../../../src/tensor/kernels/reductions.ts';
import { tf, type Tensor } from '../../../../src/tensor/index.ts';
import { gradientError, numbers, tensor } from '../helpers.ts';

it('repeats along sides of 1', () => {
  const x = tf.tensor([1, 2], [2, 1, 1]);
  expect(spread(x, [2, 2, 3]).arraySync()).toEqual([
    [
      [1, 1, 1],
      [1, 1, 1],
    ],
    [
      [2, 2, 2],
      [2, 2, 2],
    ],
  ]);
  expect(spread(tf.scalar(3), [2]).arraySync()).toEqual([3, 3]);
});

/** Of weights · operation(x), by the chain rule: every input number gets the weight of the place it goes into. */
const slope = (operation: (x: Tensor) => Tensor, x: Tensor, weights: Tensor) =>
  tf
    .grad((value) => tf.sum(tf.mul(operation(value as Tensor), weights)) as never)(x)
    .arraySync();

describe('slopes of sums and means', () => {
  const x = tf.tensor(numbers(6), [2, 3]);

  it('are the upstream slope at every number that is summed', () => {
    expect(slope((value) => tf.sum(value, 0), x, tf.tensor1d([1, 2, 4]))).toEqual([
      [1, 2, 4],
      [1, 2, 4],
    ]);
    expect(slope((value) => tf.sum(value, -1, true), x, tf.tensor2d([[3], [5]]))).toEqual([
      [3, 3, 3],
      [5, 5, 5],
    ]);
  });

  it('are shared out by a mean', () => {
    expect(slope((value) => tf.mean(value, 1), x, tf.tensor1d([3, 6]))).toEqual([
      [1, 1, 1],
      [2, 2, 2],
    ]);
    expect(slope((value) => tf.mean(value), x, tf.scalar(12))).toEqual([
      [2, 2, 2],
      [2, 2, 2],
    ]);
  });

  it('are those of central differences, over several axes at once', () => {
    const [input] = [tensor([2, 3, 2, 2])];
    expect(gradientError((value) => tf.mean(tf.square(value), [1, 3]), [input!])[0]).toBeLessThan(1e-3);
    expect(gradientError((value) => tf.sum(tf.square(value), [0, 2]), [input!])[0]).toBeLessThan(1e-3);
  });
});

it('sums the slopes of all copies of a tile', () => {
  const x = tf.tensor1d([1, 2]);
  const weights = tf.tensor1d([1, 10, 100, 1000, 10_000, 100_000]);
  expect(slope((value) => tf.tile(value, [3]), x, weights)).toEqual([10_101, 101_010]);
  expect(gradientError((value) => tf.square(tf.tile(value, [2, 1, 3])), [tensor([2, 2, 2])])[0]).toBeLessThan(
    1e-3,
  );
});

it('gives the slope of a split into parts, and of one into a single part', () => {
  const x = tf.tensor(numbers(6), [2, 3]);
  const weights = tf.tensor2d([
    [1, 2, 4],
    [3, 5, 7],
  ]);
  const last = (sizes: number[]) => (value: Tensor) => tf.split(value, sizes, 1).at(-1)!;
  expect(slope(last([3]), x, weights)).toEqual([
    [1, 2, 4],
    [3, 5, 7],
  ]);
  expect(slope(last([2, 1]), x, tf.tensor2d([[4], [7]]))).toEqual([
    [0, 0, 4],
    [0, 0, 7],
  ]);
});
