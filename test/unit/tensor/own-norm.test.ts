import { describe, expect, test } from 'vitest';
import {
  batchNormTraining,
  gradients,
  relu,
  tf,
  type AfterNorm,
  type Scalar,
  type Tensor,
} from '../../../src/tensor/index.ts';
import { difference, gradientError, tensor } from './helpers.ts';
import { chooseKernels } from './own-kernels.ts';

interface Case {
  shape: number[];
  added: boolean;
  rectified: boolean;
}

const momentsOf = (channels: number) => ({
  mean: tensor([channels], -1, 1, 5),
  variance: tensor([channels], 0.5, 2, 6),
  share: 0.1,
});

/** y, the moving statistics and all gradients, by our own kernel or by TensorFlow's operations. */
function answers(own: boolean, { shape, added, rectified }: Case): Record<string, ArrayLike<number>> {
  chooseKernels(own);
  const channels = shape.at(-1)!;
  const state = {
    x: tf.add(tensor(shape, -2, 3), tensor([channels], -5, 5, 2)),
    scale: tensor([channels], 0.5, 1.5, 3),
    offset: tensor([channels], -0.5, 0.5, 4),
    added: tensor(shape, -1, 1, 9),
  };
  const weights = tensor(shape, -1, 1, 7);
  const apply = (given: Record<string, Tensor>) => {
    const after: AfterNorm = { rectified, ...(added && { added: given['added']! }) };
    const moving = momentsOf(channels);
    return batchNormTraining(given['x']!, given['scale']!, given['offset']!, 1e-5, moving, after);
  };
  const loss = (given: Record<string, Tensor>) => {
    // What is not added still belongs to the loss, so that it has a gradient.
    const rest = added ? 0 : tf.sum(given['added']!);
    return { loss: tf.add(tf.sum(tf.mul(apply(given).y, weights)), rest) as Scalar };
  };
  const { grads } = gradients(loss, state);
  const values = { ...apply(state), ...grads };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.dataSync()]));
}

describe('normalising, adding and rectifying at once gives what the operations give one after the other', () => {
  const shapes = [
    [4, 5, 6, 16],
    [7, 3, 3, 8],
    [300, 40],
    [2, 9, 136],
    [1000, 8],
    [3, 4, 4, 72],
  ];
  const cases = shapes.flatMap((shape) =>
    [true, false].flatMap((added) => [true, false].map((rectified): Case => ({ shape, added, rectified }))),
  );
  test.each(cases)('[$shape], added: $added, rectified: $rectified', (given) => {
    const [ours, theirs] = [answers(true, given), answers(false, given)];
    expect(Object.keys(ours)).toEqual(Object.keys(theirs));
    for (const [name, values] of Object.entries(ours))
      expect(difference(values, theirs[name]!), name).toBeLessThan(5e-6);
  });
});

test('its gradient equals central differences', () => {
  const inputs = [tensor([3, 4, 8]), tensor([8], 0.5, 1.5), tensor([8]), tensor([3, 4, 8], 2, 3)];
  const run = (x: Tensor, scale: Tensor, offset: Tensor, added: Tensor) =>
    batchNormTraining(x, scale, offset, 1e-5, undefined, { added }).y;
  for (const error of gradientError(run, inputs)) expect(error).toBeLessThan(1e-2);
});

test('large means cost no digits', () => {
  const x = tf.add(tensor([4096, 8]), 1000);
  const { y } = batchNormTraining(x, tf.ones([8]), tf.zeros([8]));
  const { mean, variance } = tf.moments(y, 0);
  expect(difference(mean.dataSync(), new Float32Array(8))).toBeLessThan(1e-3);
  expect(difference(variance.dataSync(), new Float32Array(8).fill(1))).toBeLessThan(1e-3);
});

test('gives the same bits again, however the threads share the work', () => {
  const given = { shape: [64, 16, 16, 16], added: true, rectified: true };
  const first = answers(true, given);
  for (let run = 0; run < 4; run++) expect(answers(true, given)).toEqual(first);
});

test('what is no number stays none, so that a run that goes wrong is noticed', () => {
  const x = tensor([4, 8]).dataSync().slice();
  x[3] = Number.NaN;
  const { y } = batchNormTraining(tf.tensor(x, [4, 8]), tf.ones([8]), tf.zeros([8]), 1e-5, undefined, {
    rectified: true,
  });
  const values = y.dataSync();
  expect(values[3]).toBeNaN();
  expect(values[0]).not.toBeNaN();
});

test('what negative values are added to is rectified as a whole', () => {
  const [x, added] = [tensor([6, 8]), tensor([6, 8], -9, -8)];
  const plain = batchNormTraining(x, tf.ones([8]), tf.zeros([8])).y;
  const { y } = batchNormTraining(x, tf.ones([8]), tf.zeros([8]), 1e-5, undefined, {
    added,
    rectified: true,
  });
  expect(difference(y.dataSync(), relu(tf.add(plain, added)).dataSync())).toBe(0);
});
