import { describe, expect, it } from 'vitest';
import { batchNorm } from '../../../../src/learning/layers/batch-norm.ts';
import { convolution, residualBlock } from '../../../../src/learning/layers/convolution.ts';
import { dense, projection } from '../../../../src/learning/layers/dense.ts';
import {
  createPass,
  initialState,
  statisticsAfter,
  type Layer,
} from '../../../../src/learning/layers/layer.ts';
import { maxDifference, signalsOf } from '../helpers.ts';
import { tf, type Tensor } from '../../../../src/tensor/index.ts';

const values = (tensor: Tensor) => Array.from(tensor.dataSync());
const stateOf = (layer: Layer, seed = 1) => ({
  parameters: initialState(layer.parameters, seed),
  statistics: initialState(layer.statistics, seed),
});

describe('first values', () => {
  it('depend on seed and name only, not on what else there is', () => {
    const spec = dense({ name: 'a', inputs: 6, outputs: 4 }).parameters;
    const more = [...dense({ name: 'b', inputs: 3, outputs: 3 }).parameters, ...spec];
    const alone = initialState(spec, 1)['a/kernel']!;
    expect(maxDifference(alone, initialState(more, 1)['a/kernel']!)).toBe(0);
    expect(maxDifference(alone, initialState(spec, 2)['a/kernel']!)).toBeGreaterThan(0.1);
    const renamed = dense({ name: 'c', inputs: 6, outputs: 4 }).parameters;
    expect(maxDifference(alone, initialState(renamed, 1)['c/kernel']!)).toBeGreaterThan(0.1);
  });

  it('of a convolution have variance 2 / fan-in (He)', () => {
    const layer = convolution({ name: 'c', dimensions: 2, size: 3, inputs: 32, outputs: 64 });
    const kernel = initialState(layer.parameters, 1)['c/kernel']!;
    expect(kernel.shape).toEqual([3, 3, 32, 64]);
    const variance = tf.mean(tf.square(kernel)).dataSync()[0]!;
    // Relative standard error of a variance: sqrt(2 / count).
    expect(Math.abs((variance * 9 * 32) / 2 - 1)).toBeLessThan(5 * Math.sqrt(2 / kernel.size));
  });
});

describe('batch norm', () => {
  const layer = batchNorm({ name: 'n', channels: 3 });
  const x = signalsOf(4, 8, 3);

  it('in training gives mean 0 and variance 1, and moves the kept statistics by a tenth', () => {
    const pass = createPass(stateOf(layer), true);
    const y = layer.apply(x, pass);
    values(tf.mean(y, [0, 1])).forEach((mean) => expect(mean).toBeCloseTo(0, 4));
    values(tf.mean(tf.square(y), [0, 1])).forEach((square) => expect(square).toBeCloseTo(1, 2));
    const next = statisticsAfter(pass, layer.statistics);
    const batchMean = values(tf.mean(x, [0, 1]));
    values(next['n/mean']!).forEach((mean, i) => expect(mean).toBeCloseTo(0.1 * batchMean[i]!, 5));
    const variance = values(tf.moments(x, [0, 1]).variance);
    // The batch's variance is unbiased: 32 values a channel.
    values(next['n/variance']!).forEach((value, i) =>
      expect(value).toBeCloseTo(0.9 + (0.1 * variance[i]! * 32) / 31, 4),
    );
  });

  it('called twice in one pass moves on from the first call', () => {
    const pass = createPass(stateOf(layer), true);
    layer.apply(x, pass);
    layer.apply(x, pass);
    const batchMean = values(tf.mean(x, [0, 1]));
    values(statisticsAfter(pass, layer.statistics)['n/mean']!).forEach((mean, i) =>
      expect(mean).toBeCloseTo((0.1 + 0.09) * batchMean[i]!, 5),
    );
  });

  it('otherwise uses the kept statistics and leaves them', () => {
    const state = {
      ...stateOf(layer),
      statistics: { 'n/mean': tf.tensor1d([1, 2, 3]), 'n/variance': tf.tensor1d([4, 4, 4]) },
    };
    const pass = createPass(state, false);
    const expected = tf.div(tf.sub(x, tf.tensor1d([1, 2, 3])), 2);
    expect(maxDifference(layer.apply(x, pass), expected)).toBeLessThan(1e-4);
    expect(statisticsAfter(pass, layer.statistics)['n/mean']).toBe(state.statistics['n/mean']);
  });
});

describe('a residual block', () => {
  it('with silent convolutions is a rectifier on its input', () => {
    const block = residualBlock({ name: 'b', dimensions: 1, size: 3, inputs: 3, outputs: 3 });
    const state = stateOf(block);
    for (const name of Object.keys(state.parameters))
      if (name.endsWith('kernel')) state.parameters[name] = tf.zerosLike(state.parameters[name]!);
    const x = tf.sub(signalsOf(2, 8, 3), 2);
    expect(maxDifference(block.apply(x, createPass(state, false)), tf.relu(x))).toBe(0);
  });

  it('has a shortcut with weights where shapes change', () => {
    const block = residualBlock({ name: 'b', dimensions: 2, size: 3, inputs: 3, outputs: 8, stride: 2 });
    expect(block.parameters.map(({ name }) => name)).toContain('b/shortcut/convolution/kernel');
    expect(block.apply(tf.ones([2, 7, 9, 3]), createPass(stateOf(block), true)).shape).toEqual([2, 4, 5, 8]);
  });
});

describe('a projection head', () => {
  it('is dense, batch norm, rectifier, dense', () => {
    const head = projection({ name: 'p', inputs: 3, hidden: 5, outputs: 2 });
    const state = stateOf(head);
    const x = tf.tensor2d([
      [1, 2, 3],
      [4, 5, 7],
      [0, -1, 2],
      [3, 3, 3],
    ]);
    const hidden = tf.matMul(x, state.parameters['p/0/kernel']!);
    const { mean, variance } = tf.moments(hidden, 0);
    const normalized = tf.div(tf.sub(hidden, mean), tf.sqrt(tf.add(variance, 1e-5)));
    const expected = tf.matMul(tf.relu(normalized), state.parameters['p/output/kernel']!);
    expect(maxDifference(head.apply(x, createPass(state, true)), expected)).toBeLessThan(1e-3);
  });

  it('may normalise its output, without a bias that this would undo', () => {
    const head = projection({
      name: 'p',
      inputs: 3,
      hidden: 5,
      outputs: 2,
      hiddenLayers: 2,
      normalizeOutput: true,
    });
    expect(head.parameters.map(({ name }) => name)).not.toContain('p/output/bias');
    const y = head.apply(tf.randomNormal([16, 3], 0, 1, 'float32', 1), createPass(stateOf(head), true));
    values(tf.mean(y, 0)).forEach((mean) => expect(mean).toBeCloseTo(0, 4));
  });
});
