import { describe, expect, it } from 'vitest';
import { imageViews } from '../../../../src/learning/views/image.ts';
import { signalViews } from '../../../../src/learning/views/signal.ts';
import {
  shortWindows,
  smallSides,
  type SmallCropOptions,
} from '../../../../src/learning/views/multi-crop.ts';
import { smallCrops } from '../../../../src/learning/modalities/views.ts';
import { tf, type Tensor } from '../../../../src/tensor/index.ts';
import { bytesOf, maxDifference, seed, signalsOf } from '../helpers.ts';

const options = (changes: Partial<SmallCropOptions> = {}) => ({
  smallCrops: { count: 3, side: 0.5, cropMinimum: 0.1, cropMaximum: 0.4, ...changes },
  imageViews: imageViews({ jitterProbability: 0, greyProbability: 0, flipProbability: 0 }),
  signalViews: signalViews({
    cropProbability: 0,
    scaleProbability: 0,
    noiseProbability: 0,
    timeMaskProbability: 0,
  }),
});
const channelStatistics = { mean: [128, 128], standardDeviation: [64, 64] };
const crops = (samples: Tensor, modality: 'image' | 'signal', changes: Partial<SmallCropOptions> = {}) =>
  smallCrops({ samples, seed: seed(1), modality, options: options(changes), channelStatistics });

describe('small crops', () => {
  it('have the share of the sides that is asked for, but no side below 8', () => {
    const sides = (shape: number[], side: number) => smallSides(shape, { ...options().smallCrops, side });
    expect(sides([64, 96, 3], 0.5)).toEqual([32, 48]);
    expect(sides([28, 28, 1], 0.2)).toEqual([8, 8]);
    expect(sides([200, 8], 0.4)).toEqual([80]);
    expect(sides([6, 6, 1], 0.5)).toEqual([6, 6]);
  });

  it('of images lie one crop of every sample after the other, each drawn by itself', () => {
    // Image i is grey of value 50 · i.
    const images = tf.mul(tf.ones([4, 32, 24, 2]), tf.reshape(tf.range(0, 200, 50, 'float32'), [4, 1, 1, 1]));
    const found = crops(images, 'image')!;
    expect(found.shape).toEqual([12, 16, 12, 2]);
    const expected = tf.tile(tf.reshape(tf.range(0, 200, 50, 'float32'), [4, 1, 1, 1]), [3, 16, 12, 2]);
    expect(maxDifference(found, expected)).toBeLessThan(1e-3);
    const one = crops(bytesOf([1, 32, 24, 2]), 'image')!;
    const [first, second] = tf.split(one, 3, 0) as [Tensor, Tensor];
    expect(maxDifference(first, second)).toBeGreaterThan(10);
  });

  it('of images show at most the largest part: a slope across the image becomes that much smaller', () => {
    const slope = tf.tile(tf.reshape(tf.range(0, 64, 1, 'float32'), [1, 1, 64, 1]), [50, 64, 1, 1]);
    const statistics = { mean: [128], standardDeviation: [64] };
    const request = {
      samples: slope,
      seed: seed(3),
      modality: 'image' as const,
      channelStatistics: statistics,
    };
    const found = smallCrops({
      ...request,
      options: options({ count: 2, cropMinimum: 0.2, cropMaximum: 0.3 }),
    })!;
    const spans = tf.sub(tf.max(found, [1, 2, 3]), tf.min(found, [1, 2, 3])).dataSync();
    // Width of a crop of share s and ratio 3/4 to 4/3: 64 · √(s · ratio), less one output pixel.
    const pixel = (width: number) => width * (1 - 1 / 32);
    expect(Math.min(...spans)).toBeGreaterThan(pixel(64 * Math.sqrt(0.2 * 0.75)) - 0.1);
    expect(Math.max(...spans)).toBeLessThan(pixel(64 * Math.sqrt((0.3 * 4) / 3)) + 0.1);
  });

  it('of signals are windows from random places, at full resolution', () => {
    const line = tf.tile(tf.reshape(tf.range(0, 100, 1, 'float32'), [1, 100, 1]), [200, 1, 2]);
    const windows = shortWindows(line, seed(2), 30);
    expect(windows.shape).toEqual([200, 30, 2]);
    const [start, end] = [0, 29].map((at) =>
      Array.from(tf.slice(windows, [0, at, 0], [200, 1, 1]).dataSync()),
    ) as [number[], number[]];
    start.forEach((value, i) => {
      expect(Math.abs(value - Math.round(value))).toBeLessThan(1e-3);
      expect(end[i]! - value).toBeCloseTo(29, 2);
    });
    expect(Math.min(...start)).toBeLessThan(5);
    expect(Math.max(...start)).toBeGreaterThan(65);
    expect(Math.max(...start)).toBeLessThan(70.5);
    expect(crops(signalsOf(4, 40, 2), 'signal')!.shape).toEqual([12, 20, 2]);
  });

  it('are none where none are wanted', () => {
    expect(crops(bytesOf([2, 16, 16, 2]), 'image', { count: 0 })).toBeNull();
  });
});
