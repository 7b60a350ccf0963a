import { describe, expect, it } from 'vitest';
import { agreement, ntXent } from '../../../../src/learning/losses/nt-xent.ts';
import { maskedReconstruction } from '../../../../src/learning/losses/reconstruction.ts';
import { startTensorFlow, tf } from '../../../../src/tensor/index.ts';

await startTensorFlow({ threads: 2 });

/** Row i, column k: sin(t_k + phase) + i / 64, t from 0 to 8π in 128 points. */
const waves = (phase: number) =>
  tf.tensor2d(
    Array.from({ length: 64 }, (_, i) =>
      Array.from({ length: 128 }, (_, k) => Math.sin((8 * Math.PI * k) / 127 + phase) + i / 64),
    ),
  );

describe('NT-Xent', () => {
  it('is half of 9.0489, the sum of both directions that selfEEG reports (T = 0.15)', () => {
    const [first, second] = tf.split(waves(Math.PI / 6), 2, 0);
    const { loss } = ntXent(first!, second!, 0.15);
    // 4.524435792098201 is the mean, recomputed with NumPy in double precision.
    expect(loss.dataSync()[0]).toBeCloseTo(4.524435792098201, 4);
    expect(2 * loss.dataSync()[0]!).toBeCloseTo(9.0489, 3);
  });

  it('is log(2N − 1) where all views are alike', () => {
    const same = tf.ones([8, 4]);
    expect(ntXent(same, same, 0.5).loss.dataSync()[0]).toBeCloseTo(Math.log(15), 5);
  });

  it('does not depend on the length of the vectors nor on which view is first', () => {
    const a = tf.slice(waves(0.3), [0, 0], [8, 128]);
    const b = tf.slice(waves(1.1), [8, 0], [8, 128]);
    const loss = ntXent(a, b, 0.2).loss.dataSync()[0]!;
    expect(ntXent(tf.mul(b, 3), tf.mul(a, 0.1), 0.2).loss.dataSync()[0]).toBeCloseTo(loss, 4);
  });

  it('reaches accuracy 1 where pairs are equal and samples are orthogonal', () => {
    const views = tf.eye(6);
    const { loss, accuracy } = ntXent(views, views, 0.1);
    expect(accuracy.dataSync()[0]).toBe(1);
    // exp(1 / T) against 10 others at similarity 0.
    expect(loss.dataSync()[0]).toBeCloseTo(Math.log(1 + 10 * Math.exp(-10)), 5);
  });
});

describe('agreement', () => {
  it('is the share of rows whose largest value stands at the target', () => {
    const logits = tf.tensor2d([
      [1, 2],
      [3, 0],
      [0, 1],
      [5, 4],
    ]);
    expect(agreement(logits, tf.tensor1d([1, 0, 0, 1], 'int32')).dataSync()[0]).toBe(0.5);
  });
});

describe('masked reconstruction', () => {
  const prediction = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2]);
  const target = tf.zeros([1, 2, 2, 2]);

  it('counts errors under the mask only', () => {
    const mask = tf.tensor4d([0, 1, 0, 1], [1, 2, 2, 1]);
    expect(maskedReconstruction(prediction, target, mask, 'l1').dataSync()[0]).toBeCloseTo(
      (3 + 4 + 7 + 8) / 4,
      5,
    );
    expect(maskedReconstruction(prediction, target, mask, 'l2').dataSync()[0]).toBeCloseTo(
      (9 + 16 + 49 + 64) / 4,
      4,
    );
  });

  it('is 0 and finite where nothing is masked', () => {
    expect(maskedReconstruction(prediction, target, tf.zeros([1, 2, 2, 1]), 'l1').dataSync()[0]).toBe(0);
  });
});
