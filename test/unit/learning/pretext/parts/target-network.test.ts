import { describe, expect, it } from 'vitest';
import { buildEncoder } from '../../../../../src/learning/encoders/registry.ts';
import { projection } from '../../../../../src/learning/layers/dense.ts';
import {
  cosineMomentum,
  suitableMomentum,
  targetNetwork,
} from '../../../../../src/learning/pretext/parts/target-network.ts';
import { pretextOptions } from '../../../../../src/learning/pretext/registry.ts';
import { pretextModel } from '../../../../../src/learning/pretext/task.ts';
import { gradients, tf, type State } from '../../../../../src/tensor/index.ts';
import { maxDifference, seed } from '../../helpers.ts';

const shape = [8, 8, 1];
const momentum = 0.75;
const encoder = buildEncoder(
  { family: 'plain', options: { width: 4, stages: 2, features: 8 } },
  'image',
  shape,
);
const head = projection({ name: 'projection', inputs: 8, hidden: 6, outputs: 5 });
const target = targetNetwork({ encoder, heads: [head] });

/** A task whose loss is the agreement of the trained network with its target, weighted. */
const model = (weights: { trained: number; target: number }) =>
  pretextModel({
    encoder,
    heads: [head],
    buffers: target.buffers,
    step(step) {
      const pass = target.follow(step, momentum);
      const answer = head.apply(pass.encode(step.samples).features, pass.pass);
      const own = head.apply(step.encode(step.samples).features, step.pass);
      const loss = tf.add(
        tf.mul(tf.sum(tf.square(own)), weights.trained),
        tf.mul(tf.sum(tf.square(answer)), weights.target),
      );
      return { loss: loss as never, metrics: {}, buffers: pass.buffers() };
    },
  });
const both = model({ trained: 1, target: 1 });

const samples = tf.randomNormal([6, ...shape], 0, 1, 'float32', 3);
const input = (progress: number, training = true) => ({
  parameters: both.parameters(2),
  statistics: both.statistics(),
  buffers: both.buffers(1),
  samples,
  seed: seed(1),
  progress: tf.scalar(progress),
  training,
});
const names = (state: State) => Object.keys(state).sort();

describe('the target network', () => {
  it('holds a copy of every variable of encoder and head', () => {
    const variables = { ...both.parameters(1), ...both.statistics() };
    const buffers = both.buffers(1);
    expect(names(buffers)).toEqual(names(variables).map((name) => `target/${name}`));
    for (const [name, value] of Object.entries(variables))
      expect(maxDifference(buffers[`target/${name}`]!, value), name).toBe(0);
  });

  it('moves by its momentum', () => {
    const given = input(0.3);
    const { buffers } = both.loss(given);
    for (const [name, value] of Object.entries(given.parameters)) {
      const before = given.buffers[`target/${name}`]!;
      const expected = tf.add(tf.mul(before, momentum), tf.mul(value, 1 - momentum));
      expect(maxDifference(buffers[`target/${name}`]!, expected), name).toBeLessThan(1e-6);
    }
  });

  it('begins as the trained network, wherever that one’s weights came from', () => {
    const given = input(0);
    const { buffers } = both.loss(given);
    for (const [name, value] of Object.entries(given.parameters))
      expect(maxDifference(buffers[`target/${name}`]!, value), name).toBeLessThan(1e-6);
  });

  it('follows the batches with statistics of its own', () => {
    const given = input(0.3);
    const { buffers } = both.loss(given);
    for (const name of Object.keys(given.statistics))
      expect(
        maxDifference(buffers[`target/${name}`]!, given.buffers[`target/${name}`]!),
        name,
      ).toBeGreaterThan(0);
  });

  it('stands still outside of training', () => {
    const given = input(0.3, false);
    const { buffers } = both.loss(given);
    expect(names(buffers)).toEqual(names(given.buffers));
    for (const [name, value] of Object.entries(given.buffers))
      expect(maxDifference(buffers[name]!, value), name).toBe(0);
  });

  it('takes no gradient', () => {
    const slopes = (weights: { trained: number; target: number }) => {
      const { parameters, ...rest } = input(0.3);
      return gradients((moving) => model(weights).loss({ ...rest, parameters: moving }), parameters).grads;
    };
    for (const [name, slope] of Object.entries(slopes({ trained: 0, target: 1 })))
      expect(tf.max(tf.abs(slope)).dataSync()[0], name).toBe(0);
    const alone = slopes({ trained: 1, target: 0 });
    for (const [name, slope] of Object.entries(slopes({ trained: 1, target: 1 })))
      expect(maxDifference(slope, alone[name]!), name).toBe(0);
  });
});

describe('the momentum', () => {
  it('rises along half a cosine from its start to 1', () => {
    const at = (progress: number) => cosineMomentum(0.9, tf.scalar(progress)).dataSync()[0]!;
    expect(at(0)).toBeCloseTo(0.9, 6);
    expect(at(1 / 3)).toBeCloseTo(0.925, 6);
    expect(at(0.5)).toBeCloseTo(0.95, 6);
    expect(at(1)).toBeCloseTo(1, 6);
  });

  it('is lower for short runs', () => {
    const start = (sampleCount: number) => suitableMomentum({ sampleCount }, { epochs: 10, batchSize: 64 });
    expect(start(64 * 50)).toBe(0.99);
    expect(start(64 * 1000)).toBe(0.996);
    expect(start(128)).toBe(0.75);
  });

  it('follows the run at hand, not the one that the task proposes', () => {
    const proposed = { epochs: 30, batchSize: 64 };
    const inRound = (epochs: number) =>
      suitableMomentum({ sampleCount: 640, runLength: { epochs, batchSize: 64 } }, proposed);
    expect(inRound(30)).toBe(suitableMomentum({ sampleCount: 640 }, proposed));
    // What is left of the random beginning after a round of so many steps, as the momentum rises to 1.
    for (const epochs of [1, 2, 5, 30]) {
      const steps = 10 * epochs;
      const momentumAt = (step: number) =>
        1 - ((1 - inRound(epochs)) * (Math.cos((Math.PI * step) / steps) + 1)) / 2;
      let left = 1;
      // The first step takes the whole way: what moves from there is the network of that step.
      for (let step = 1; step < steps; step++) left *= momentumAt(step);
      expect(left).toBeLessThan(0.12);
    }
  });

  it.each(['byol', 'dino', 'moco-v2', 'moco-v3'])(
    'of %s is lower in a short round than in a whole run',
    (id) => {
      const momentumOf = (epochs: number) => {
        const context = { modality: 'image', inputShape: [28, 28, 1], sampleCount: 4000 } as const;
        const options = pretextOptions(id, {}, { ...context, runLength: { epochs, batchSize: 64 } });
        return (options as { momentum: number }).momentum;
      };
      expect(momentumOf(2)).toBe(0.96);
      expect(momentumOf(8)).toBe(0.99);
      expect(momentumOf(100)).toBe(0.996);
    },
  );
});
