import { describe, expect, it } from 'vitest';
import {
  addBias,
  averagePool1d,
  averagePool2d,
  batchNormInference,
  batchNormTraining,
  conv1d,
  conv1dTranspose,
  conv2d,
  conv2dTranspose,
  depthwiseConv1d,
  depthwiseConv2d,
  dropout,
  gelu,
  globalAveragePool,
  gradients,
  l2Normalize,
  layerNorm,
  linear,
  maxPool1d,
  maxPool2d,
  relu,
  softmaxCrossEntropy,
  softmaxCrossEntropySoft,
  stopGradient,
  tf,
  type Tensor,
} from '../../../src/tensor/index.ts';
import { difference, gradientError, tensor } from './helpers.ts';

const image = () => tensor([2, 4, 4, 3]);
/** No value near 0, where the gradient of these jumps. */
const offZero = () => tf.tidy(() => tf.add(image(), tf.mul(tf.sign(image()), 0.1)));
const signal = () => tensor([2, 7, 3]);

describe('the gradient of each kernel equals central differences', () => {
  const cases: [string, (...inputs: Tensor[]) => Tensor, Tensor[]][] = [
    ['conv2d', (x, k) => conv2d(x, k, 1, 'same'), [image(), tensor([3, 3, 3, 2])]],
    ['conv2d, stride 2, valid', (x, k) => conv2d(x, k, 2, 'valid'), [image(), tensor([2, 2, 3, 2])]],
    ['conv1d', (x, k) => conv1d(x, k, 1, 'same'), [signal(), tensor([3, 3, 2])]],
    ['conv1d, stride 2', (x, k) => conv1d(x, k, 2, 'same'), [signal(), tensor([5, 3, 2])]],
    ['conv2dTranspose', (x, k) => conv2dTranspose(x, k, 2, 'same'), [image(), tensor([3, 3, 2, 3])]],
    ['conv2dTranspose, valid', (x, k) => conv2dTranspose(x, k, 2, 'valid'), [image(), tensor([3, 3, 2, 3])]],
    ['conv1dTranspose', (x, k) => conv1dTranspose(x, k, 2, 'same'), [signal(), tensor([3, 2, 3])]],
    ['depthwiseConv2d', (x, k) => depthwiseConv2d(x, k), [image(), tensor([3, 3, 3])]],
    ['depthwiseConv2d, wider than the image', depthwiseConv2d, [image(), tensor([7, 7, 3])]],
    ['depthwiseConv1d', (x, k) => depthwiseConv1d(x, k), [signal(), tensor([5, 3])]],
    ['linear', linear, [tensor([4, 3]), tensor([3, 5]), tensor([5])]],
    ['addBias', addBias, [image(), tensor([3])]],
    ['addBias of signals', addBias, [signal(), tensor([3])]],
    [
      'batchNormTraining',
      (x, s, o) => batchNormTraining(x, s, o).y,
      [image(), tensor([3], 0.5, 2), tensor([3])],
    ],
    [
      'batchNormTraining of rows',
      (x, s, o) => batchNormTraining(x, s, o).y,
      [tensor([9, 3]), tensor([3]), tensor([3])],
    ],
    [
      'batchNormTraining of signals',
      (x, s, o) => batchNormTraining(x, s, o).y,
      [signal(), tensor([3]), tensor([3])],
    ],
    [
      'batchNormInference',
      (x, s, o) => batchNormInference(x, s, o, tf.tensor1d([0.1, 0.2, 0.3]), tf.tensor1d([1, 2, 0.5])),
      [image(), tensor([3]), tensor([3])],
    ],
    ['relu', relu, [offZero()]],
    ['gelu', gelu, [image()]],
    ['averagePool2d', (x) => averagePool2d(x, 2), [image()]],
    ['averagePool2d, same, stride 1', (x) => averagePool2d(x, 3, 1), [image()]],
    ['averagePool1d', (x) => averagePool1d(x, 3, 2), [signal()]],
    ['maxPool2d', (x) => maxPool2d(x, 3, 2), [image()]],
    ['maxPool1d', (x) => maxPool1d(x, 2), [signal()]],
    ['globalAveragePool', globalAveragePool, [image()]],
    [
      'softmaxCrossEntropy',
      (x) => softmaxCrossEntropy(x, tf.tensor1d([0, 2, 1, 2], 'int32')),
      [tensor([4, 3])],
    ],
    [
      'softmaxCrossEntropySoft',
      (x, t) => softmaxCrossEntropySoft(x, tf.softmax(t)),
      [tensor([4, 3]), tensor([4, 3])],
    ],
    ['l2Normalize', (x) => l2Normalize(x), [tensor([4, 5])]],
    ['layerNorm', (x, s, o) => layerNorm(x, s, o), [tensor([2, 3, 5]), tensor([5]), tensor([5])]],
    ['dropout', (x) => dropout(x, 0.4, tf.tensor1d([3, 4], 'int32')), [tensor([5, 8])]],
    ['mean', (x) => tf.mean(x, [1, 2]), [image()]],
    ['mean, dimensions kept', (x) => tf.mean(x, -1, true), [image()]],
    ['sum', (x) => tf.sum(x, 0), [image()]],
    ['tile', (x) => tf.tile(x, [2, 1, 3, 2]), [image()]],
    ['gather', (x) => tf.gather(x, tf.tensor1d([1, 0, 1], 'int32')), [image()]],
  ];
  for (const [name, operation, inputs] of cases) {
    it(name, () => {
      const errors = gradientError(operation, inputs, name.startsWith('batchNormTraining') ? 3e-3 : 4e-3);
      expect(errors.length).toBe(inputs.length);
      for (const error of errors) expect(error).toBeLessThan(4e-3);
    });
  }
});

describe('kernels equal their closed forms', () => {
  it('normalises every channel to mean 0 and variance 1, and returns the unbiased variance', () => {
    const x = tensor([6, 5, 2], -3, 4);
    const { y, mean, variance } = batchNormTraining(x, tf.ones([2]), tf.zeros([2]), 0);
    const moments = tf.moments(x, [0, 1]);
    expect(difference(mean.dataSync(), moments.mean.dataSync())).toBeLessThan(1e-6);
    const unbiased = tf.mul(moments.variance, 30 / 29).dataSync();
    expect(difference(variance.dataSync(), unbiased)).toBeLessThan(1e-5);
    const after = tf.moments(y, [0, 1]);
    expect(difference(after.mean.dataSync(), [0, 0])).toBeLessThan(1e-6);
    expect(difference(after.variance.dataSync(), [1, 1])).toBeLessThan(1e-5);
  });

  it('mixes the statistics of the batch into moving ones by their share', () => {
    const x = tensor([6, 5, 2], -3, 4);
    const before = { mean: tf.tensor1d([1, -2]), variance: tf.tensor1d([3, 0.5]) };
    const of = batchNormTraining(x, tf.ones([2]), tf.zeros([2]));
    const moved = batchNormTraining(x, tf.ones([2]), tf.zeros([2]), undefined, { ...before, share: 0.1 });
    for (const name of ['mean', 'variance'] as const) {
      const expected = tf.add(tf.mul(before[name], 0.9), tf.mul(of[name], 0.1)).dataSync();
      expect(difference(moved[name].dataSync(), expected), name).toBeLessThan(1e-6);
    }
    expect(difference(moved.y.dataSync(), of.y.dataSync())).toBe(0);
  });

  it('gives ln K for equal logits, and the softmax minus the target as gradient', () => {
    const logits = tf.zeros([2, 4]);
    const ids = tf.tensor1d([1, 3], 'int32');
    expect(difference(softmaxCrossEntropy(logits, ids).dataSync(), [Math.log(4), Math.log(4)])).toBeLessThan(
      1e-6,
    );
    const { grads } = gradients((p) => ({ loss: tf.sum(softmaxCrossEntropy(p.x!, ids)) as never }), {
      x: logits,
    });
    const expected = [0.25, -0.75, 0.25, 0.25, 0.25, 0.25, 0.25, -0.75];
    expect(difference(grads.x!.dataSync(), expected)).toBeLessThan(1e-6);
  });

  it('gives the same loss for classes and for their one-hot rows', () => {
    const logits = tensor([5, 3], -4, 4);
    const ids = tf.tensor1d([0, 1, 2, 1, 0], 'int32');
    const soft = softmaxCrossEntropySoft(logits, tf.oneHot(ids, 3).toFloat());
    expect(difference(softmaxCrossEntropy(logits, ids).dataSync(), soft.dataSync())).toBeLessThan(1e-6);
  });

  it('knows the activations at 0 and 1', () => {
    const x = tf.tensor1d([-1, 0, 1]);
    expect(Array.from(relu(x).dataSync())).toEqual([0, 0, 1]);
    // Φ(1) = 0.8413447460685429
    expect(difference(gelu(x).dataSync(), [-0.15865525, 0, 0.84134475])).toBeLessThan(1e-6);
  });

  it('brings rows to length 1 and leaves a row of zeros as it is', () => {
    const rows = l2Normalize(
      tf.tensor2d([
        [3, 4],
        [0, 0],
      ]),
    );
    expect(difference(rows.dataSync(), [0.6, 0.8, 0, 0])).toBeLessThan(1e-6);
  });

  it('convolves a signal like the sum it stands for', () => {
    const x = tf.tensor3d([1, 2, 3, 4, 5], [1, 5, 1]);
    const kernel = tf.tensor3d([1, 10, 100], [3, 1, 1]);
    expect(Array.from(conv1d(x, kernel, 1, 'valid').dataSync())).toEqual([321, 432, 543]);
    expect(Array.from(conv1d(x, kernel, 1, 'same').dataSync())).toEqual([210, 321, 432, 543, 54]);
    expect(conv1d(x, kernel, 2, 'same').shape).toEqual([1, 3, 1]);
  });

  it('spreads each value over a window in the transposed convolution', () => {
    const x = tf.tensor3d([1, 2], [1, 2, 1]);
    const kernel = tf.tensor3d([1, 10], [2, 1, 1]);
    expect(Array.from(conv1dTranspose(x, kernel, 2, 'valid').dataSync())).toEqual([1, 10, 2, 20]);
  });

  it('pools by the largest value and by the mean', () => {
    const x = tf.tensor3d([1, 5, 2, 4], [1, 4, 1]);
    expect(Array.from(maxPool1d(x, 2).dataSync())).toEqual([5, 4]);
    expect(Array.from(averagePool1d(x, 2).dataSync())).toEqual([3, 3]);
    expect(Array.from(globalAveragePool(x).dataSync())).toEqual([3]);
  });

  it('drops the wanted share and keeps the mean', () => {
    const y = dropout(tf.ones([200, 100]), 0.3, tf.tensor1d([1, 2], 'int32')).dataSync();
    const zeros = y.filter((value) => value === 0).length / y.length;
    expect(Math.abs(zeros - 0.3)).toBeLessThan(0.015);
    for (const value of y) expect(value === 0 || Math.abs(value - 1 / 0.7) < 1e-6).toBe(true);
  });
});

describe('gradients', () => {
  it('stop at stopGradient', () => {
    const { grads } = gradients((p) => ({ loss: tf.sum(tf.mul(stopGradient(p.x!), p.x!)) as never }), {
      x: tf.tensor1d([2, 3]),
    });
    expect(Array.from(grads.x!.dataSync())).toEqual([2, 3]);
  });

  it('are zero for a parameter without influence, and hand on what else the function returns', () => {
    const { value, grads, extra } = gradients(
      (p) => ({ loss: tf.sum(p.used!) as never, deep: { twice: tf.mul(p.used!, 2), list: [tf.scalar(7)] } }),
      { used: tf.tensor1d([1, 2]), unused: tf.tensor1d([5]) },
    );
    expect(value.dataSync()[0]).toBe(3);
    expect(Array.from(grads.unused!.dataSync())).toEqual([0]);
    expect(Array.from(extra.deep.twice.dataSync())).toEqual([2, 4]);
    expect(extra.deep.list[0]!.dataSync()[0]).toBe(7);
  });

  it('leave no tensor behind, not even after an error in the backward pass', () => {
    const x = tf.tensor1d([1, 2]);
    const before = tf.memory().numTensors;
    tf.tidy(
      () => void gradients((p) => ({ loss: tf.sum(tf.square(p.x!)) as never, other: tf.exp(p.x!) }), { x }),
    );
    expect(tf.memory().numTensors).toBe(before);
    const failing = tf.customGrad((value) => ({
      value: tf.clone(value as Tensor),
      gradFunc: () => {
        throw new Error('no gradient here');
      },
    }));
    const run = () =>
      tf.tidy(() => void gradients((p) => ({ loss: tf.sum(failing(relu(p.x!))) as never }), { x }));
    expect(run).toThrow('no gradient here');
    expect(tf.memory().numTensors).toBe(before);
  });
});
