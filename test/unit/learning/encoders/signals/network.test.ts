import { describe, expect, it } from 'vitest';
import type { Encoder } from '../../../../../src/learning/encoders/encoder.ts';
import { buildEncoder } from '../../../../../src/learning/encoders/registry.ts';
import { tf, type Tensor } from '../../../../../src/tensor/index.ts';
import { featuresHere, parametersHere, samplesOf } from '../../../../fixtures/signals/networks.ts';
import { maxDifference, seed } from '../../helpers.ts';
import fixture from './networks-fixture.json' with { type: 'json' };

const build = (family: string, options: object, inputShape: readonly number[], samplingRate?: number) =>
  buildEncoder({ family, options }, 'signal', inputShape, { ...(samplingRate && { samplingRate }) });
const stateOf = (encoder: Encoder) => ({
  parameters: encoder.parameters(1),
  statistics: encoder.statistics(),
});

describe.each(fixture.cases)('$family', (networkCase) => {
  const { family, options, inputShape } = networkCase;

  it('gives what the library of its users gives for the same weights', () => {
    const [found, expected] = [featuresHere(networkCase), tf.tensor2d(networkCase.features)];
    expect(found.shape).toEqual(expected.shape);
    expect(maxDifference(found, expected)).toBeLessThan(1e-4);
  });

  it('has as many parameters as there', () => {
    expect(parametersHere(networkCase)).toBe(networkCase.parameters);
  });

  it('drops by the seed of the step in training alone', () => {
    const encoder = build(family, options, inputShape);
    const state = stateOf(encoder);
    const x = samplesOf(2, inputShape);
    const given = (training: boolean, step: number) =>
      encoder.apply(state, x, { training, random: { seed: seed(step), pass: 'encoder' } }).features;
    expect(maxDifference(given(true, 1), given(true, 1))).toBe(0);
    expect(maxDifference(given(false, 1), given(false, 2))).toBe(0);
    const drops = !['stager-net', 'inception-time'].includes(family);
    if (drops) expect(maxDifference(given(true, 1), given(true, 2))).toBeGreaterThan(0);
  });
});

describe('what the networks take from the recordings', () => {
  const kernel = (family: string, name: string, options = {}, rate?: number, inputShape = [600, 4]) =>
    build(family, options, inputShape, rate).parameters(1)[name]!.shape;

  it('is the paper’s time in seconds at their rate, or the paper’s points where no rate is known', () => {
    expect(kernel('eegnet', 'encoder/time/kernel', {}, 200)).toEqual([100, 1, 8]);
    expect(kernel('eegnet', 'encoder/time/kernel')).toEqual([64, 1, 8]);
    expect(kernel('eegnet', 'encoder/time/kernel', { kernelSize: 9 }, 200)).toEqual([9, 1, 8]);
    expect(kernel('shallow-conv-net', 'encoder/time/kernel', {}, 500)).toEqual([50, 40]);
    expect(kernel('tiny-sleep-net', 'encoder/time0/kernel', {}, 100, [3000, 1])).toEqual([50, 1, 128]);
  });

  it('is no more than the window has room for', () => {
    expect(kernel('eegnet', 'encoder/time/kernel', {}, 1000, [128, 4])).toEqual([128, 1, 8]);
    // 128 points: kernels of 10 and poolings of 3 leave 39, 10 and, had they a third block, not one.
    expect(build('deep-conv-net', {}, [128, 4]).stageShapes).toEqual([
      [39, 25],
      [10, 50],
    ]);
  });

  it('tells no more than 1024 features apart unless it is asked to', () => {
    // 15 000 points leave 996 places of 40 filters.
    const long = build('shallow-conv-net', {}, [15_000, 2]);
    expect(long.stageShapes).toEqual([[994, 40]]);
    expect(long.featureCount).toBe(25 * 40);
    expect(build('shallow-conv-net', { places: 994 }, [15_000, 2]).featureCount).toBe(994 * 40);
    expect(build('shallow-conv-net', { places: 1 }, [15_000, 2]).featureCount).toBe(40);
  });

  it('fills short windows up with zeros on both sides', () => {
    const encoder = build('shallow-conv-net', fixture.cases[1]!.options, [60, 3]);
    const state = stateOf(encoder);
    const features = (x: Tensor) => encoder.apply(state, x, { training: false }).features;
    const short = samplesOf(2, [11, 3]);
    const filled = tf.pad(short, [
      [0, 0],
      [7, 8],
      [0, 0],
    ]);
    expect(maxDifference(features(short), features(filled))).toBe(0);
  });
});

describe('the patch transformer', () => {
  const options = { width: 16, depth: 2, heads: 2, hidden: 16, patch: 8 };

  it('has weights that fit any channels, and reads each for itself', () => {
    const [one, four] = [
      build('patch-transformer', options, [64, 1]),
      build('patch-transformer', options, [64, 4]),
    ];
    const state = stateOf(four);
    expect(Object.values(one.parameters(1)).map(({ shape }) => shape)).toEqual(
      Object.values(state.parameters).map(({ shape }) => shape),
    );
    const x = samplesOf(2, [64, 4]);
    const channels = tf.split(x, 4, 2);
    const alone = channels.map((own) => one.apply(state, own, { training: false }).features);
    const together = four.apply(state, x, { training: false }).features;
    expect(maxDifference(together, tf.mean(tf.stack(alone), 0))).toBeLessThan(1e-5);
  });

  it('forgets amplitudes where every window has its own scale', () => {
    const encoder = build('patch-transformer', { ...options, ownScale: true }, [64, 2]);
    const state = stateOf(encoder);
    const x = samplesOf(2, [64, 2]);
    const features = (samples: Tensor) => encoder.apply(state, samples, { training: false }).features;
    expect(maxDifference(features(x), features(tf.add(tf.mul(x, 5), 3)))).toBeLessThan(1e-3);
  });
});

describe('a channel that is missing', () => {
  const about = { mayMiss: true };
  const options = { width: 16, depth: 1, heads: 2, hidden: 16, dropout: 0 };

  it('changes no other channel’s features in an encoder that reads each by itself', () => {
    const three = buildEncoder({ family: 'patch-transformer', options }, 'signal', [64, 3], about);
    const two = buildEncoder({ family: 'patch-transformer', options }, 'signal', [64, 2], {});
    const x = samplesOf(4, [64, 2]);
    const withMissing = tf.concat([x, tf.zeros([4, 64, 1])], 2);
    const run = (encoder: Encoder, samples: Tensor) =>
      encoder.apply(stateOf(encoder), samples, { training: false }).features;
    expect(maxDifference(run(three, withMissing), run(two, x))).toBeLessThan(1e-6);
    // Without the mask its zeros would have a part in the mean.
    const told = buildEncoder({ family: 'patch-transformer', options }, 'signal', [64, 3], {});
    expect(maxDifference(run(told, withMissing), run(two, x))).toBeGreaterThan(1e-3);
  });

  it('adds nothing to the first maps of a network that mixes channels', () => {
    const encoder = buildEncoder({ family: 'residual', options: {} }, 'signal', [64, 3], about);
    const state = stateOf(encoder);
    const x = tf.concat([samplesOf(4, [64, 2]), tf.zeros([4, 64, 1])], 2);
    const features = encoder.apply(state, x, { training: false }).features;
    const parameters = Object.fromEntries(
      Object.entries(state.parameters).map(([name, values]) => {
        const [, inputs] = values.shape.slice(-3);
        if (values.rank !== 3 || inputs !== 3) return [name, values];
        // Whatever the weights of the third channel are.
        const two = tf.slice(values, [0, 0, 0], [-1, 2, -1]);
        const third = tf.mul(tf.slice(values, [0, 2, 0], [-1, 1, -1]), 7);
        return [name, tf.concat([two, third], 1)];
      }),
    );
    const changed = Object.keys(parameters).filter((name) => parameters[name] !== state.parameters[name]);
    expect(changed.length).toBeGreaterThan(0);
    expect(
      maxDifference(encoder.apply({ ...state, parameters }, x, { training: false }).features, features),
    ).toBe(0);
  });
});
