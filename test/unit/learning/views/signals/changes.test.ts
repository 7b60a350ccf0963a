import { describe, expect, it } from 'vitest';
import { randomView } from '../../../../../src/learning/modalities/views.ts';
import { pretextOptions } from '../../../../../src/learning/pretext/registry.ts';
import { signalChangesMore } from '../../../../../src/learning/views/signals/changes.ts';
import { choosing } from '../../../../../src/learning/views/signals/composition.ts';
import { signalViews, type SignalViewOptions } from '../../../../../src/learning/views/signal.ts';
import { compileProgram, eagerProgram, seedOf, tf, type Tensor } from '../../../../../src/tensor/index.ts';
import { maxDifference, seed, signalsOf } from '../../helpers.ts';
import { pretextEntries } from '../../programs.ts';

const unchanged: Partial<SignalViewOptions> = {
  cropProbability: 0,
  scaleProbability: 0,
  noiseProbability: 0,
  timeMaskProbability: 0,
};
const statistics = { mean: [2, 2.2, 2.4], standardDeviation: [1, 1, 1] };
const signals = signalsOf(8, 60, 3);
const view = (changes: Partial<SignalViewOptions>, number = 1) =>
  randomView(
    signals,
    seed(number),
    { modality: 'signal', options: signalViews({ ...unchanged, samplingRate: 200, ...changes }) },
    statistics,
  );
/** How many windows differ from what they were. */
const changedOf = (found: Tensor) =>
  Array.from(tf.max(tf.abs(tf.sub(found, signals)), [1, 2]).dataSync()).filter((value) => value > 1e-4)
    .length;

describe.each(signalChangesMore.map(({ name }) => name))('%s', (name) => {
  it('changes every window where it is asked for, the same for the same seed, and none else', () => {
    const found = view({ [`${name}Probability`]: 1 });
    expect(found.shape).toEqual(signals.shape);
    expect(found.dataSync().every(Number.isFinite)).toBe(true);
    expect(changedOf(found)).toBeGreaterThanOrEqual(name === 'shuffle' ? 4 : 8);
    expect(maxDifference(found, view({ [`${name}Probability`]: 1 }))).toBe(0);
    const some = changedOf(view({ [`${name}Probability`]: 0.5 }, 3));
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(8);
    expect(changedOf(view({ [`${name}Probability`]: 0 }))).toBe(0);
  });
});

describe('changes together', () => {
  const many = { reverseProbability: 0.25, offsetProbability: 0.75 };
  const masks = (composition: 'sequence' | 'one' | 'in-turn', count: number, number = 1) => {
    const choose = choosing(seed(number), count, { ...many, composition });
    return ['reverse', 'offset'].map((name) => Array.from(choose(name, seed(number), name).dataSync()));
  };

  it('as one of them come by their shares, one for each window', () => {
    const [reverse, offset] = masks('one', 4000) as [number[], number[]];
    expect(reverse.every((value, at) => value !== offset[at])).toBe(true);
    expect(reverse.reduce((sum, value) => sum + value, 0) / 4000).toBeCloseTo(0.25, 1);
  });

  it('in turn go from window to window, beginning anywhere', () => {
    const [reverse, offset] = masks('in-turn', 6) as [number[], number[]];
    expect(reverse.every((value, at) => value !== offset[at])).toBe(true);
    expect(reverse.every((value, at) => at < 2 || value === reverse[at - 2])).toBe(true);
    expect(reverse[0]).not.toBe(reverse[1]);
  });

  it('in a sequence come each by itself', () => {
    const [reverse, offset] = masks('sequence', 4000) as [number[], number[]];
    const both = reverse.filter((value, at) => value === 1 && offset[at] === 1).length / 4000;
    expect(both).toBeCloseTo(0.25 * 0.75, 1);
  });

  it('are the same compiled into a step as op by op', () => {
    const asked = Object.fromEntries(signalChangesMore.map(({ name }) => [`${name}Probability`, 0.5]));
    const { initial, entries } = pretextEntries({
      task: 'simclr',
      encoder: 'residual',
      modality: 'signal',
      inputShape: [60, 3],
      batchSize: 8,
      encoderOptions: { width: 8, features: 16, stages: 2 },
      options: { signalViews: { ...asked, samplingRate: 200 } },
    });
    const input = { samples: signals.dataSync() as Float32Array, seed: seedOf(3, 1), progress: 0.5 };
    const [compiled, eager] = [compileProgram, eagerProgram].map((make) =>
      make(initial, { slopes: entries.slopes }).run('slopes', input),
    );
    expect(compiled!['loss']![0]).toBeCloseTo(eager!['loss']![0]!, 3);
  });
});

describe('changes of frequencies', () => {
  const options = (signalViewOptions: object, samplingRate?: number) =>
    pretextOptions(
      'simclr',
      { signalViews: signalViewOptions },
      {
        modality: 'signal',
        inputShape: [60, 3],
        sampleCount: 500,
        ...(samplingRate !== undefined && { about: { samplingRate } }),
      },
    ) as { signalViews: SignalViewOptions };

  it('are meant at the rate of the recordings, unless another is told', () => {
    expect(options({ lowPassProbability: 0.5 }, 250).signalViews.samplingRate).toBe(250);
    expect(options({ lowPassProbability: 0.5, samplingRate: 100 }, 250).signalViews.samplingRate).toBe(100);
    expect(options({}, 250).signalViews.samplingRate).toBe(0);
  });

  it('are refused where no rate is known, or beyond half of it', () => {
    expect(() => options({ lowPassProbability: 0.5 })).toThrow(/no rate of the recordings is known/);
    expect(() => options({ bandPassProbability: 0.5, bandPassTo: 60 }, 100)).toThrow(
      'signalViews.bandPassTo must be below half the rate (50 Hz). Found: 60.',
    );
    expect(() => options({ cutProbability: 1, cutCount: 10 })).toThrow(/cutCount must be below cutOf \(10\)/);
  });
});
