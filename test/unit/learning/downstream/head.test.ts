import { beforeAll, describe, expect, it } from 'vitest';
import { createHead, headKind } from '../../../../src/learning/downstream/head.ts';
import { startTensorFlow, tf } from '../../../../src/tensor/index.ts';

beforeAll(() => startTensorFlow());

describe('a head of several labels', () => {
  const head = createHead(headKind('labels', 2), 3);

  it('has the loss of PyTorch’s binary_cross_entropy_with_logits, however sure it is', () => {
    const raw = tf.tensor2d([
      [0.3, -2],
      [4, 1],
      [-40, 0.5],
    ]);
    const targets = tf.tensor2d([
      [1, 0],
      [0, 1],
      [1, 1],
    ]);
    // One label of the second sample is not known.
    const weights = tf.tensor2d([
      [1, 1],
      [1, 0],
      [2, 1],
    ]);
    expect(head.loss(raw, targets, weights).dataSync()[0]).toBeCloseTo(14.195584297180176, 5);
    expect(head.answer(raw).dataSync()[0]).toBeCloseTo(1 / (1 + Math.exp(-0.3)), 6);
  });
});

describe('a head of several numbers', () => {
  it('learns each on its own scale, and answers in its own unit', () => {
    const head = createHead({ kind: 'linears', targetMeans: [10, 0], targetDeviations: [2, 5] }, 3);
    const raw = tf.tensor2d([[1, -1]]);
    expect([...head.answer(raw).dataSync()]).toEqual([12, -5]);
    const loss = head.loss(raw, tf.tensor2d([[10, 5]]), tf.tensor2d([[1, 1]]));
    // ((1 − 0)² + (−1 − 1)²) / 2
    expect(loss.dataSync()[0]).toBeCloseTo(2.5, 6);
  });
});

it('is of the kind that labels ask for', () => {
  expect(headKind('classes', 3)).toEqual({ kind: 'softmax', classCount: 3 });
  expect(headKind('numbers', 2)).toEqual({ kind: 'linears', targetMeans: [0, 0], targetDeviations: [1, 1] });
});
