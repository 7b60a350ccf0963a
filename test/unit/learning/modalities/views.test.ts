import { describe, expect, it } from 'vitest';
import { imageViewField, imageViews } from '../../../../src/learning/views/image.ts';
import { augmentationViews } from '../../../../src/learning/modalities/views.ts';
import { signalViewField, signalViews } from '../../../../src/learning/views/signal.ts';
import { randomView } from '../../../../src/learning/modalities/views.ts';
import { bytesOf, maxDifference, seed, signalsOf } from '../helpers.ts';
import { advise } from '../../../../src/learning/advisor.ts';
import { pretextOptions } from '../../../../src/learning/pretext/registry.ts';
import { tf } from '../../../../src/tensor/index.ts';

describe('named views for fine-tuning', () => {
  it('are within the ranges that the options allow', () => {
    for (const name of ['mild', 'strong'] as const) {
      expect(imageViewField().parse(augmentationViews(name, 'image')!.options)).toEqual(
        augmentationViews(name, 'image')!.options,
      );
      expect(signalViewField().parse(augmentationViews(name, 'signal')!.options)).toEqual(
        augmentationViews(name, 'signal')!.options,
      );
    }
    expect(augmentationViews('none', 'image')).toBeNull();
  });

  it('change strong views more than mild ones, of both kinds of data', () => {
    const images = bytesOf([64, 16, 16, 3]);
    const signals = signalsOf(64, 64, 3);
    const statistics = { mean: [0, 0, 0], standardDeviation: [1, 1, 1] };
    for (const [modality, samples] of [
      ['image', images],
      ['signal', signals],
    ] as const) {
      const change = (name: 'mild' | 'strong') => {
        const view = randomView(samples, seed(1), augmentationViews(name, modality)!, statistics);
        expect(view.shape).toEqual(samples.shape);
        return tf.mean(tf.abs(tf.sub(view, samples))).dataSync()[0]!;
      };
      expect(change('mild')).toBeGreaterThan(0);
      expect(change('strong')).toBeGreaterThan(change('mild'));
    }
  });
});

describe('the options of a task’s views', () => {
  it('default to the same as views without options', () => {
    expect(imageViewField().parse({})).toEqual(imageViews());
    expect(signalViewField().parse({})).toEqual(signalViews());
    expect(imageViewField({ cropMinimum: 0.6 }).parse({ brightness: 0 })).toEqual(
      imageViews({ cropMinimum: 0.6, brightness: 0 }),
    );
  });
});

describe('views that suit the recordings', () => {
  const viewsOf = (task: string, channelNames: string[], options: object = {}) =>
    (
      pretextOptions(
        task,
        { ...options },
        {
          modality: 'signal',
          inputShape: [128, 3],
          sampleCount: 1000,
          about: { channelNames, samplingRate: 128 },
        },
      ) as { signalViews: ReturnType<typeof signalViews> }
    ).signalViews;
  const eeg = ['Fp1', 'Cz', 'O1'];

  it('do not stretch an EEG, whose rhythms would become others, and are as usual for all else', () => {
    expect(viewsOf('simclr', eeg)).toEqual(signalViews({ cropProbability: 0, samplingRate: 0 }));
    expect(viewsOf('simclr', ['x', 'y', 'z'])).toEqual(signalViews());
  });

  it('are what a recipe says, where it says anything', () => {
    expect(viewsOf('simclr', eeg, { signalViews: { cropProbability: 0.8 } }).cropProbability).toBe(0.8);
    expect(viewsOf('simclr', eeg, { signalViews: { noise: 0.3 } })).toEqual(
      signalViews({ cropProbability: 0, noise: 0.3 }),
    );
  });

  it('are told with the advice, which forms begin with', () => {
    const question = {
      modality: 'signal' as const,
      inputShape: [128, 3],
      sampleCount: 1000,
      labeledCount: 0,
      about: { channelNames: eeg },
    };
    const advised = advise(question).tasks.find(({ task }) => task === 'simclr')!;
    expect(advised.options).toMatchObject({ signalViews: { cropProbability: 0 } });
  });
});

describe('views of another size (multi-crop)', () => {
  it('have the size asked for', () => {
    const statistics = { mean: [0], standardDeviation: [1] };
    const options = { modality: 'image' as const, options: imageViews(), size: [6, 5] as const };
    const small = randomView(bytesOf([3, 12, 10, 1]), seed(1), options, statistics);
    expect(small.shape).toEqual([3, 6, 5, 1]);
    const again = randomView(bytesOf([3, 12, 10, 1]), seed(1), options, statistics);
    expect(maxDifference(small, again)).toBe(0);
  });
});

describe('views of signals that were put together', () => {
  it('leave a channel that is missing at 0, and are else as they were', () => {
    const samples = tf.mul(signalsOf(16, 64, 3), tf.tensor1d([1, 0, 1]));
    const statistics = { mean: [0, 0, 0], standardDeviation: [1, 1, 1] };
    const views = augmentationViews('strong', 'signal')!;
    const plain = randomView(samples, seed(1), views, statistics);
    const masked = randomView(samples, seed(1), views, { ...statistics, mayMiss: true });
    const channel = (x: typeof plain, at: number) => tf.slice(x, [0, 0, at], [-1, -1, 1]);
    expect(maxDifference(channel(plain, 1), tf.zerosLike(channel(plain, 1)))).toBeGreaterThan(0.01);
    expect(maxDifference(channel(masked, 1), tf.zerosLike(channel(masked, 1)))).toBe(0);
    for (const at of [0, 2]) expect(maxDifference(channel(masked, at), channel(plain, at))).toBe(0);
  });
});
