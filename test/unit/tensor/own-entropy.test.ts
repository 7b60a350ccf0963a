import { describe, expect, test } from 'vitest';
import {
  classChoices,
  gradients,
  ownColumnChoices,
  softmaxCrossEntropy,
  tf,
  type Scalar,
} from '../../../src/tensor/index.ts';
import { difference, tensor } from './helpers.ts';
import { chooseKernels, ownKernelsThere } from './own-kernels.ts';

/** Losses and the gradient of their weighted sum, by our own kernel or by TensorFlow's operations. */
function answers(own: boolean, rows: number, classes: number, size: number) {
  chooseKernels(own);
  const logits = tensor([rows, classes], -size, size);
  const ids = tf.tensor1d(
    Array.from({ length: rows }, (_, row) => (row * 7) % classes),
    'int32',
  );
  const weights = tensor([rows], 0.5, 1.5, 3);
  const { grads } = gradients(
    ({ given }) => ({ loss: tf.sum(tf.mul(softmaxCrossEntropy(given!, ids), weights)) as Scalar }),
    { given: logits },
  );
  return [softmaxCrossEntropy(logits, ids), grads['given']!].map((value) => value.dataSync());
}

describe('the cross-entropy of class ids and its gradient are those of TensorFlow', () => {
  test.each([
    [256, 256, 5],
    [3, 2, 1],
    [17, 33, 20],
    [5, 1, 3],
    [2, 47, 200],
  ])('%i rows of %i logits up to %i', (rows, classes, size) => {
    const [ours, theirs] = [answers(true, rows, classes, size), answers(false, rows, classes, size)];
    for (const [at, values] of ours.entries()) expect(difference(values, theirs[at]!)).toBeLessThan(2e-6);
  });
});

test('equals the closed form', () => {
  const logits = tf.tensor2d([[Math.log(1), Math.log(2), Math.log(5)]]);
  const [loss] = softmaxCrossEntropy(logits, tf.tensor1d([1], 'int32')).dataSync();
  expect(loss).toBeCloseTo(-Math.log(2 / 8), 6);
});

test('that of finding the own column is the same without our kernels', () => {
  const logits = tf.add(tensor([30, 30], -3, 3), tf.mul(tf.eye(30), 3));
  const of = (own: boolean) => {
    chooseKernels(own);
    const { loss, right } = ownColumnChoices(logits);
    return [loss, right].map((value) => value.dataSync());
  };
  const [ours, theirs] = [of(true), of(false)];
  expect(difference(ours[0]!, theirs[0]!)).toBeLessThan(2e-6);
  expect(ours[1]).toEqual(theirs[1]);
  expect([...theirs[1]!].some((right) => right === 1)).toBe(true);
});

test.each([true, false])('a class is right that is the first of the greatest (own kernel: %s)', (own) => {
  chooseKernels(own);
  const logits = tf.tensor2d([
    [1, 3, 3],
    [1, 3, 3],
    [2, 1, 0],
  ]);
  const { loss, right } = classChoices(logits, tf.tensor1d([1, 2, 0], 'int32'));
  expect([...right.dataSync()]).toEqual([1, 0, 1]);
  expect(loss.dataSync()[0]).toBeCloseTo(loss.dataSync()[1]!, 6);
});

test('what is no number makes none, and infinite logits of others no harm', () => {
  const ids = tf.tensor1d([0, 1], 'int32');
  const logits = tf.tensor2d([
    [1, Number.NaN, 2],
    [-Infinity, 0, -1e30],
  ]);
  const [first, second] = softmaxCrossEntropy(logits, ids).dataSync();
  expect(first).toBeNaN();
  expect(second).toBeCloseTo(0, 6);
});

test.skipIf(!ownKernelsThere)('a class that is none is refused, in words', () => {
  const wrong = () => softmaxCrossEntropy(tensor([1, 3]), tf.tensor1d([3], 'int32'));
  expect(wrong).toThrow('A class must be from 0 to 2. Found: 3.');
});
