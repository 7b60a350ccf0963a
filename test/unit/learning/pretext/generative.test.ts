import { describe, expect, it } from 'vitest';
import type { PretextError } from '../../../../src/contract/errors.ts';
import { describePretextTasks } from '../../../../src/learning/catalogue.ts';
import { colorPlaces } from '../../../../src/learning/pretext/tasks/colorization.ts';
import { corrupt } from '../../../../src/learning/pretext/tasks/denoising.ts';
import { pretextOptions } from '../../../../src/learning/pretext/registry.ts';
import { splitChannels } from '../../../../src/learning/pretext/tasks/split-brain.ts';
import { strengthError } from '../../../../src/learning/pretext/tasks/transformation.ts';
import { tf } from '../../../../src/tensor/index.ts';
import { bytesOf, seed, signalsOf } from '../helpers.ts';
import { preview } from './previews.ts';

const failureOf = (task: string, options: Record<string, unknown>, inputShape: number[]) => {
  const modality = inputShape.length === 3 ? ('image' as const) : ('signal' as const);
  try {
    pretextOptions(task, options, { modality, inputShape, sampleCount: 100 });
  } catch (error) {
    return (error as PretextError).failure;
  }
  return undefined;
};

const asTheyAre = { cropMinimum: 1, flipProbability: 0 };

describe('what a task needs of the data', () => {
  it('is told by the catalogue: three channels for colorization, two and more for split-brain', () => {
    const needs = Object.fromEntries(describePretextTasks().map(({ id, channels }) => [id, channels]));
    expect(needs['colorization']).toMatchObject({ least: 3, most: 3 });
    expect(needs['split-brain']).toMatchObject({ least: 2 });
    expect(needs['jigsaw']).toBeUndefined();
  });

  it('is checked, with advice', () => {
    expect(failureOf('colorization', {}, [28, 28, 1])).toMatchObject({
      code: 'task.other-channels',
      message: 'Colorization needs data of 3 channels. Found: 1.',
      place: 'pretext.task',
      remedy: expect.stringContaining('choose another task'),
    });
    expect(failureOf('split-brain', {}, [64, 1])?.message).toBe(
      'Split-brain autoencoder needs data of at least 2 channels. Found: 1.',
    );
    expect(failureOf('colorization', {}, [28, 28, 3])).toBeUndefined();
    expect(failureOf('split-brain', {}, [64, 8])).toBeUndefined();
  });

  it('is at least one change to recognise; faded colours are none on grey images', () => {
    const names = ['zoom', 'tall', 'upsideDown', 'mirror', 'dark', 'pale', 'blur', 'noise', 'gap'];
    const none = Object.fromEntries(names.map((name) => [name, false]));
    expect(failureOf('transformation', { imageChanges: none }, [28, 28, 1])).toMatchObject({
      code: 'task.nothing-to-tell',
      place: 'pretext.options.imageChanges',
    });
    expect(failureOf('transformation', { imageChanges: none }, [28, 28, 3])).toBeUndefined();
  });
});

describe('noise', () => {
  it('has the deviation asked for, and so many places are lost in all channels', () => {
    const clean = tf.fill([40, 20, 20, 3], 10);
    const noisy = corrupt(clean, seed(1), { noise: 0.5, lost: 0.25 });
    const lost = tf.cast(tf.equal(noisy, 0), 'float32');
    const share = tf.mean(lost).dataSync()[0]!;
    expect(Math.abs(share - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / 16_000));
    // Lost in one channel is lost in all.
    const together = tf.mean(lost, 3);
    expect(new Set(Array.from(together.dataSync(), Math.round))).toEqual(new Set([0, 1]));
    const kept = tf.mul(tf.sub(noisy, 10), tf.sub(1, lost));
    const variance = tf.sum(tf.square(kept)).dataSync()[0]! / tf.sum(tf.sub(1, lost)).dataSync()[0]!;
    expect(Math.sqrt(variance)).toBeCloseTo(0.5, 2);
  });
});

describe('strengths', () => {
  it('are compared for the kind that was made, where it has one', () => {
    const answers = tf.tensor2d([
      [9, 0.5, 9],
      [9, 9, 0.2],
      [0.7, 9, 9],
    ]);
    const kinds = tf.tensor1d([1, 2, 0], 'int32');
    const found = strengthError(answers, kinds, tf.tensor1d([0.3, 0.6, 0]), tf.tensor1d([1, 1, 0]));
    expect(found.dataSync()[0]).toBeCloseTo((0.2 ** 2 + 0.4 ** 2) / 2, 5);
  });

  it('and kinds are named below the sample', () => {
    for (const item of preview('transformation', signalsOf(12, 64, 2)))
      expect(item.pseudoLabel).toMatch(
        /^(not changed|backwards in time|with segments permuted|(stretched in time|made larger|noisy|with a gap), strength [01]\.\d\d)$/,
      );
  });
});

describe('colours', () => {
  it('are told for as many places as the maps and the image have', () => {
    expect(colorPlaces([4, 4, 64], [28, 28, 3], 2)).toEqual([8, 8]);
    expect(colorPlaces([16, 12, 8], [16, 12, 3], 4)).toEqual([16, 12]);
  });

  it('are gone from the view, and near the sample in the target', () => {
    const [item] = preview('colorization', bytesOf([2, 12, 12, 3]), { binSize: 10, imageViews: asTheyAre });
    const [sample, grey, target] = item!.panels.map(({ values }) => values);
    let difference = 0;
    for (let pixel = 0; pixel < 144; pixel++) {
      const [red, green, blue] = [0, 1, 2].map((channel) => grey![3 * pixel + channel]!);
      expect(Math.max(Math.abs(red! - green!), Math.abs(red! - blue!))).toBeLessThan(0.1);
      for (let channel = 0; channel < 3; channel++)
        difference += Math.abs(sample![3 * pixel + channel]! - target![3 * pixel + channel]!) / 432;
    }
    // Half a bin away at most, along a and b: some levels of red, green and blue.
    expect(difference).toBeGreaterThan(0.5);
    expect(difference).toBeLessThan(10);
  });
});

describe('the split', () => {
  it('gives every channel to one half', () => {
    expect(splitChannels(5, 'alternating')).toEqual([
      [0, 2, 4],
      [1, 3],
    ]);
    expect(splitChannels(5, 'halves')).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
  });

  it('shows one half of a signal at a time, enlarged by √(all / shown)', () => {
    const [item] = preview('split-brain', signalsOf(1, 32, 4));
    const [sample, first, second] = item!.panels.map(({ values }) => values);
    sample!.forEach((value, at) => {
      const [shown, hidden] = at % 2 === 0 ? [first, second] : [second, first];
      expect(shown![at]).toBeCloseTo(value * Math.SQRT2, 3);
      expect(hidden![at]).toBe(0);
    });
  });

  it('of a colour image shows a grey one, and one of even lightness', () => {
    const [item] = preview('split-brain', bytesOf([1, 8, 8, 3]), { imageViews: asTheyAre });
    const grey = item!.panels[1]!.values;
    for (let pixel = 0; pixel < 64; pixel++)
      expect(Math.abs(grey[3 * pixel]! - grey[3 * pixel + 2]!)).toBeLessThan(0.1);
    expect(item!.panels.map(({ title }) => title)).toEqual(['Sample', 'Lightness only', 'Colour only']);
  });
});

describe('what is cut out', () => {
  it('and what is left are the sample together', () => {
    const [item] = preview('context-encoder', bytesOf([1, 12, 12, 1]), { imageViews: asTheyAre });
    const [sample, cut, target] = item!.panels.map(({ values }) => values);
    sample!.forEach((value, at) => expect(cut![at]! + target![at]!).toBeCloseTo(value, 1));
    expect(target!.filter((value) => value !== 0).length).toBeGreaterThan(30);
    expect(target!.filter((value) => value !== 0).length).toBeLessThanOrEqual(36);
  });
});
