import { describe, expect, it } from 'vitest';
import {
  averagePool1d,
  averagePool2d,
  batchNormInference,
  batchNormTraining,
  conv1d,
  conv1dTranspose,
  conv2d,
  conv2dTranspose,
  dropout,
  gelu,
  globalAveragePool,
  l2Normalize,
  layerNorm,
  maxPool1d,
  maxPool2d,
  relu,
  softmaxCrossEntropy,
  softmaxCrossEntropySoft,
  tf,
  type Tensor,
} from '../../../src/tensor/index.ts';
import { readKernels } from '../../fixtures/pytorch/read.ts';
import { difference, tensor } from './helpers.ts';

const peers = readKernels();
const image = (low = -1, high = 1) => tensor([2, 4, 4, 3], low, high);
/** As many channels as our own convolutions take. */
const wide = () => tensor([1, 5, 4, 8]);
const signal = () => tensor([2, 7, 3]);
const classes = tf.tensor1d([0, 2, 1, 2], 'int32');
const moving = () => [tf.tensor1d([0.1, 0.2, 0.3]), tf.tensor1d([1, 2, 0.5])] as const;

/** The same inputs as in make.py. */
const kernels: Record<string, [(...inputs: Tensor[]) => Tensor, Tensor[]]> = {
  conv2d: [(x, k) => conv2d(x, k), [image(), tensor([3, 3, 3, 2])]],
  'conv2d, stride 2': [(x, k) => conv2d(x, k, 2), [image(), tensor([3, 3, 3, 2])]],
  'conv2d, stride 2, centred': [(x, k) => conv2d(x, k, 2, 'centred'), [image(), tensor([3, 3, 3, 2])]],
  'conv2d, stride 2 of 1 × 1, centred': [
    (x, k) => conv2d(x, k, 2, 'centred'),
    [image(), tensor([1, 1, 3, 2])],
  ],
  'conv2d of 8 channels': [(x, k) => conv2d(x, k), [wide(), tensor([3, 3, 8, 8])]],
  'conv2d of 8 channels, stride 2, centred': [
    (x, k) => conv2d(x, k, 2, 'centred'),
    [wide(), tensor([3, 3, 8, 8])],
  ],
  'conv2d, valid': [(x, k) => conv2d(x, k, 1, 'valid'), [image(), tensor([2, 2, 3, 2])]],
  conv1d: [(x, k) => conv1d(x, k), [signal(), tensor([3, 3, 2])]],
  'conv1d, stride 2': [(x, k) => conv1d(x, k, 2), [signal(), tensor([5, 3, 2])]],
  'conv1d, stride 2, centred': [(x, k) => conv1d(x, k, 2, 'centred'), [signal(), tensor([5, 3, 2])]],
  conv2dTranspose: [(x, k) => conv2dTranspose(x, k, 2, 'valid'), [image(), tensor([3, 3, 2, 3])]],
  conv1dTranspose: [(x, k) => conv1dTranspose(x, k, 2, 'valid'), [signal(), tensor([3, 2, 3])]],
  'batchNormTraining of 8 channels, added to and rectified': [
    (x, s, o, added) => batchNormTraining(x, s, o, 1e-5, undefined, { added, rectified: true }).y,
    [wide(), tensor([8], 0.5, 2), tensor([8]), tensor([1, 5, 4, 8], -1, 1, 5)],
  ],
  batchNormTraining: [(x, s, o) => batchNormTraining(x, s, o).y, [image(), tensor([3], 0.5, 2), tensor([3])]],
  batchNormInference: [
    (x, s, o) => batchNormInference(x, s, o, ...moving()),
    [image(), tensor([3], 0.5, 2), tensor([3])],
  ],
  relu: [relu, [image()]],
  gelu: [gelu, [image(-4, 4)]],
  maxPool2d: [(x) => maxPool2d(x, 2), [image()]],
  'maxPool2d, 3 of stride 1': [(x) => maxPool2d(x, 3, 1), [image()]],
  maxPool1d: [(x) => maxPool1d(x, 3, 2), [signal()]],
  averagePool2d: [(x) => averagePool2d(x, 2), [image()]],
  'averagePool2d, 3 of stride 1': [(x) => averagePool2d(x, 3, 1), [image()]],
  averagePool1d: [(x) => averagePool1d(x, 3, 2), [signal()]],
  globalAveragePool: [globalAveragePool, [image()]],
  softmaxCrossEntropy: [(x) => softmaxCrossEntropy(x, classes), [tensor([4, 3], -3, 3)]],
  softmaxCrossEntropySoft: [
    (x, t) => softmaxCrossEntropySoft(x, tf.softmax(t)),
    [tensor([4, 3], -3, 3), tensor([4, 3], -1, 1, 5)],
  ],
  l2Normalize: [(x) => l2Normalize(x), [tensor([4, 5])]],
  layerNorm: [(x, s, o) => layerNorm(x, s, o), [tensor([2, 3, 5]), tensor([5], 0.5, 2), tensor([5])]],
};

describe('kernels and their gradients equal PyTorch’s', () => {
  it.each(Object.entries(kernels))('%s', (name, [run, inputs]) => {
    const peer = peers[name]!;
    const y = run(...inputs);
    expect(difference(y.dataSync(), peer.y)).toBeLessThan(1e-5);
    const weighted = (...values: Tensor[]) => tf.sum(tf.mul(run(...values), tensor(y.shape, 0.5, 1.5, 7)));
    const gradients = tf.grads(weighted as never)(inputs) as Tensor[];
    expect(gradients).toHaveLength(peer.gradients.length);
    gradients.forEach((gradient, i) =>
      expect(difference(gradient.dataSync(), peer.gradients[i]!)).toBeLessThan(1e-5),
    );
  });

  it('and dropout leaves the same values in the same share', () => {
    const values = dropout(tf.ones([200_000]), 0.3, tf.tensor1d([1, 2], 'int32')).dataSync();
    const found = [...new Set(values)].sort((a, b) => a - b);
    expect(difference(found, peers.dropout.values)).toBeLessThan(1e-6);
    const share = values.filter((value) => value === 0).length / values.length;
    // Two draws of 200,000: five standard errors of their difference.
    expect(Math.abs(share - peers.dropout.share)).toBeLessThan(5 * Math.sqrt((2 * 0.3 * 0.7) / 200_000));
  });
});
