import { expect, test } from 'vitest';
import { gradients, l2Normalize, tf, type Scalar } from '../../../src/tensor/index.ts';
import { difference, gradientError, tensor } from './helpers.ts';
import { chooseKernels } from './own-kernels.ts';

/** Rows of length 1 and the gradient of their weighted sum, by our own kernel or by TensorFlow's operations. */
function answers(own: boolean, rows: number, size: number) {
  chooseKernels(own);
  // One of them is shorter than lengths may be.
  const x = tf.mul(
    tensor([rows, size]),
    tf.tensor2d(Array.from({ length: rows }, (_, row) => [row === 0 ? 1e-9 : 3])),
  );
  const weights = tensor([rows, size], -1, 1, 4);
  const { grads } = gradients(
    ({ given }) => ({ loss: tf.sum(tf.mul(l2Normalize(given!), weights)) as Scalar }),
    { given: x },
  );
  return [l2Normalize(x), grads['given']!].map((value) => value.dataSync());
}

test.each([
  [512, 64],
  [3, 5],
  [70, 33],
  [2, 1],
])('%i rows of %i numbers and their gradients are those of TensorFlow', (rows, size) => {
  const [ours, theirs] = [answers(true, rows, size), answers(false, rows, size)];
  for (const [at, values] of ours.entries()) expect(difference(values, theirs[at]!)).toBeLessThan(2e-6);
});

test('the gradient equals central differences', () => {
  for (const error of gradientError((x) => l2Normalize(x), [tensor([4, 19], 0.5, 1.5)]))
    expect(error).toBeLessThan(1e-2);
});

test('has length 1, what is no number stays none, and nothing has no length', () => {
  const y = l2Normalize(
    tf.tensor2d([
      [3, 4],
      [NaN, 1],
      [0, 0],
    ]),
  ).dataSync();
  expect(Array.from(y, (value) => value.toFixed(6)).slice(0, 2)).toEqual(['0.600000', '0.800000']);
  expect(Array.from(y).slice(2)).toEqual([NaN, NaN, 0, 0]);
});
