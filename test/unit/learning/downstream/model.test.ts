import { describe, expect, it } from 'vitest';
import {
  balancedClassWeights,
  buildDownstreamModel,
  layerRates,
} from '../../../../src/learning/downstream/model.ts';
import { buildEncoder } from '../../../../src/learning/encoders/registry.ts';
import { gradients, tf } from '../../../../src/tensor/index.ts';
import { maxDifference, seed, signalsOf } from '../helpers.ts';

const encoder = buildEncoder(
  { family: 'residual', options: { width: 8, features: 16, stages: 2 } },
  'signal',
  [32, 3],
);
const channelStatistics = { mean: [2, 2.2, 2.4], standardDeviation: [0.7, 0.7, 0.7] };
const samples = signalsOf(8, 32, 3);
const build = (head: Parameters<typeof buildDownstreamModel>[0]['head']) => {
  const model = buildDownstreamModel({
    encoder,
    head,
    modality: 'signal',
    augmentation: 'none',
    channelStatistics,
  });
  return { model, state: { parameters: model.parameters(1), statistics: model.statistics() } };
};
const classes = build({ kind: 'softmax', classCount: 4 });
const numbers = build({ kind: 'linear', targetMean: 100, targetDeviation: 20 });
const common = { samples, weights: tf.ones([8]), seed: seed(1), encoderFrozen: false };
const classIds = tf.tensor1d([0, 1, 2, 3, 0, 1, 2, 3], 'int32');

describe('a downstream model', () => {
  it('with softmax gives probabilities, and the cross entropy of its answers', () => {
    const { model, state } = classes;
    const { answers } = model.predict(state, samples);
    expect(answers.shape).toEqual([8, 4]);
    expect(maxDifference(tf.sum(answers, 1), tf.ones([8]))).toBeLessThan(1e-5);
    const { loss } = model.loss({ ...state, ...common, targets: classIds, encoderFrozen: true });
    const picked = tf.sum(tf.mul(answers, tf.oneHot(classIds, 4)), 1);
    expect(loss.dataSync()[0]).toBeCloseTo(-tf.mean(tf.log(picked)).dataSync()[0]!, 4);
  });

  it('with a linear head answers in the unit of the targets', () => {
    const { model, state } = numbers;
    const { answers } = model.predict(state, samples);
    expect(answers.shape).toEqual([8, 1]);
    const targets = tf.tensor1d([80, 90, 100, 110, 120, 100, 95, 105]);
    const { loss } = model.loss({ ...state, ...common, targets, encoderFrozen: true });
    const squares = tf.mean(tf.square(tf.div(tf.sub(tf.reshape(answers, [8]), targets), 20)));
    expect(loss.dataSync()[0]).toBeCloseTo(squares.dataSync()[0]!, 4);
  });

  it('with heads for other datasets takes the mean of what each alone would lose on its own samples', () => {
    const both = buildDownstreamModel({
      encoder,
      head: { kind: 'softmax', classCount: 4 },
      others: [{ name: 'clinic', head: { kind: 'linear', targetMean: 100, targetDeviation: 20 } }],
      modality: 'signal',
      augmentation: 'none',
      channelStatistics,
    });
    expect(both.layers.at(-1)).toEqual(
      ['head', 'heads/clinic'].flatMap((head) => [`${head}/kernel`, `${head}/bias`]),
    );
    expect(both.others).toEqual([{ targetType: 'float32', targetWidth: null }]);
    const state = { parameters: both.parameters(1), statistics: both.statistics() };
    const other = signalsOf(5, 32, 3);
    const targets = tf.tensor1d([80, 90, 100, 110, 120]);
    const batch = { samples: other, targets, weights: tf.ones([5]) };
    const together = { ...state, ...common, encoderFrozen: true, targets: classIds, others: [batch] };
    const { loss } = both.loss(together);
    const alone = classes.model.loss({ ...together, others: [] }).loss;
    const head = Object.fromEntries(
      ['kernel', 'bias'].map((name) => [`head/${name}`, state.parameters[`heads/clinic/${name}`]!]),
    );
    const own = { ...together, ...batch, others: [], parameters: { ...state.parameters, ...head } };
    const beside = numbers.model.loss(own).loss;
    expect(loss.dataSync()[0]).toBeCloseTo((alone.dataSync()[0]! + beside.dataSync()[0]!) / 2, 5);
    // The answers are those of the first head.
    expect(
      maxDifference(both.predict(state, samples).answers, classes.model.predict(state, samples).answers),
    ).toBe(0);
  });

  it('weighs samples: weight 0 is as if the sample were not there', () => {
    const { model, state } = classes;
    const frozen = { ...state, ...common, encoderFrozen: true };
    const weights = tf.tensor1d([1, 1, 1, 1, 0, 0, 0, 0]);
    const weighted = model.loss({ ...frozen, targets: classIds, weights }).loss;
    const half = model.loss({
      ...frozen,
      samples: tf.slice(samples, [0, 0, 0], [4, 32, 3]),
      targets: tf.slice(classIds, [0], [4]),
      weights: tf.ones([4]),
    }).loss;
    expect(weighted.dataSync()[0]).toBeCloseTo(half.dataSync()[0]!, 4);
  });

  it('keeps the encoder’s statistics where it is frozen, and moves them otherwise', () => {
    const { model, state } = classes;
    const frozen = model.loss({ ...state, ...common, targets: classIds, encoderFrozen: true }).statistics;
    const moved = model.loss({ ...state, ...common, targets: classIds }).statistics;
    for (const name of Object.keys(state.statistics)) {
      expect(maxDifference(frozen[name]!, state.statistics[name]!)).toBe(0);
      expect(maxDifference(moved[name]!, state.statistics[name]!)).toBeGreaterThan(0);
    }
  });

  it('is the same model, from the same seed, whatever the encoder’s weights are later', () => {
    const again = classes.model.parameters(1);
    for (const [name, value] of Object.entries(classes.state.parameters))
      expect(maxDifference(value, again[name]!)).toBe(0);
    expect(maxDifference(classes.model.parameters(2)['head/kernel']!, again['head/kernel']!)).toBeGreaterThan(
      0.01,
    );
  });

  it('gives every parameter a gradient', () => {
    const { model, state } = classes;
    const { grads } = gradients(
      (parameters) => model.loss({ ...common, statistics: state.statistics, parameters, targets: classIds }),
      state.parameters,
    );
    for (const gradient of Object.values(grads))
      expect(tf.max(tf.abs(gradient)).dataSync()[0]).toBeGreaterThan(0);
  });
});

describe('layer-wise decay', () => {
  it('is 1 for the head and the last group, and shrinks towards the input', () => {
    const rates = layerRates([['a'], ['b', 'c'], ['d'], ['head']], 0.5);
    expect(rates).toEqual({ a: 0.25, b: 0.5, c: 0.5, d: 1, head: 1 });
  });

  it('names every parameter of a model', () => {
    const rates = layerRates(classes.model.layers, 0.8);
    expect(Object.keys(rates).sort()).toEqual(Object.keys(classes.state.parameters).sort());
  });
});

describe('balanced class weights', () => {
  it('are those of scikit-learn: samples / (classes × count), 0 for a class that is not there', () => {
    expect(balancedClassWeights([0, 0, 0, 1], 2)).toEqual([4 / 6, 2]);
    expect(balancedClassWeights([0, 0, 2], 3)).toEqual([0.75, 0, 1.5]);
  });
});
