import { beforeAll, expect, it } from 'vitest';
import { binaryCrossEntropy } from '../../../../src/learning/losses/binary-cross-entropy.ts';
import { startTensorFlow, tf } from '../../../../src/tensor/index.ts';

beforeAll(() => startTensorFlow());

it('is −log of the probability of the truth, and finite however far from it', () => {
  const losses = binaryCrossEntropy(tf.tensor2d([[0, 3, -200]]), tf.tensor2d([[1, 0, 1]])).dataSync();
  expect(losses[0]).toBeCloseTo(Math.log(2), 6);
  expect(losses[1]).toBeCloseTo(Math.log(1 + Math.exp(3)), 5);
  expect(losses[2]).toBe(200);
});
