import { describe, expect, it } from 'vitest';
import {
  classesTold,
  outputSigns,
  plainDeviation,
} from '../../../../../src/learning/pretext/parts/output-signs.ts';
import { normal, tf, type Tensor } from '../../../../../src/tensor/index.ts';
import { seed } from '../../helpers.ts';

const signsOf = (vectors: Tensor) => {
  const { outputDeviation, outputRank } = outputSigns(vectors);
  return { deviation: outputDeviation.dataSync()[0]!, rank: outputRank.dataSync()[0]! };
};

describe('the signs of a task’s outputs', () => {
  it('are 1 and D where vectors point everywhere alike, whatever their length', () => {
    // Both ends of every axis: mean 0, covariance 1/D on the diagonal.
    const axes = tf.concat([tf.eye(6), tf.mul(tf.eye(6), -3)], 0);
    const { deviation, rank } = signsOf(axes);
    expect(deviation).toBeCloseTo(1, 6);
    expect(rank).toBeCloseTo(6, 4);
    const random = signsOf(normal([4096, 8], seed(1)));
    expect(random.deviation).toBeCloseTo(1, 2);
    expect(random.rank).toBeGreaterThan(7.9);
  });

  it('are 0 where all vectors are the same', () => {
    const { deviation, rank } = signsOf(tf.tile(tf.tensor2d([[1, 2, 3, 4]]), [10, 1]));
    expect(deviation).toBeLessThan(1e-5);
    expect(rank).toBeLessThan(1e-5);
  });

  it('have rank 1 on both ends of a line, and less where most vectors stand at one of them', () => {
    const line = (ends: number[]) => tf.outerProduct(tf.tensor1d(ends), tf.tensor1d([1, 1, 1, 1])) as Tensor;
    expect(signsOf(line([1, -1, 2, -2])).rank).toBeCloseTo(1, 5);
    // Three of four: the mean is at 1/2, so that the variance is 1 − 1/4.
    expect(signsOf(line([1, 1, 1, -1])).rank).toBeCloseTo(0.75, 5);
  });
});

describe('the plain deviation', () => {
  it('falls as vectors get shorter', () => {
    const vectors = tf.tensor2d([
      [1, 2],
      [-1, -2],
    ]);
    expect(plainDeviation(vectors).dataSync()[0]).toBeCloseTo(1.5, 6);
    expect(plainDeviation(tf.mul(vectors, 0.01)).dataSync()[0]).toBeCloseTo(0.015, 6);
  });
});

describe('the classes that answers tell samples apart by', () => {
  const told = (answers: number[][]) => classesTold(tf.tensor2d(answers)).dataSync()[0]!;

  it('are as many as there are, where all are used alike and every answer is sure', () => {
    expect(classesTold(tf.eye(6)).dataSync()[0]).toBeCloseTo(6, 4);
    expect(
      told([
        [1, 0, 0],
        [0, 1, 0],
        [1, 0, 0],
        [0, 1, 0],
      ]),
    ).toBeCloseTo(2, 5);
  });

  it('are 1 where all answers are the same: one class for all, or all classes alike', () => {
    expect(told([1, 2, 3].map(() => [0, 1, 0]))).toBeCloseTo(1, 6);
    expect(told([1, 2, 3].map(() => [1 / 3, 1 / 3, 1 / 3]))).toBeCloseTo(1, 6);
  });

  it('are the exponential of the mutual information in between', () => {
    // H(1/2, 1/2) − H(0.9, 0.1) = ln 2 + 0.9 ln 0.9 + 0.1 ln 0.1.
    const nats = Math.log(2) + 0.9 * Math.log(0.9) + 0.1 * Math.log(0.1);
    expect(
      told([
        [0.9, 0.1],
        [0.1, 0.9],
      ]),
    ).toBeCloseTo(Math.exp(nats), 5);
  });
});
