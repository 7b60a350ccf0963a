import { describe, expect, it } from 'vitest';
import { gaussianBlur } from '../../../../src/learning/views/blur.ts';
import { changeColors, sampleColorChanges, type ColorChanges } from '../../../../src/learning/views/color.ts';
import { cropBoxes, sampleCrops } from '../../../../src/learning/views/crop.ts';
import { imageViews, type ImageViewOptions } from '../../../../src/learning/views/image.ts';
import { randomView } from '../../../../src/learning/modalities/views.ts';
import { bytesOf, maxDifference, seed } from '../helpers.ts';
import { cropAndResize, tf, type Tensor } from '../../../../src/tensor/index.ts';

const statistics = { mean: [100, 110, 120], standardDeviation: [50, 60, 70] };
const unchanged: Partial<ImageViewOptions> = {
  cropMinimum: 1,
  flipProbability: 0,
  jitterProbability: 0,
  greyProbability: 0,
};
const view = (images: Tensor, changes: Partial<ImageViewOptions>, number = 1) =>
  randomView(
    images,
    seed(number),
    { modality: 'image', options: imageViews({ ...unchanged, ...changes }) },
    statistics,
  );
const values = (tensor: Tensor) => tensor.dataSync() as Float32Array;

describe('a view of an image', () => {
  it('without any change is the image, also when it is not square', () => {
    const images = bytesOf([3, 6, 9, 3]);
    expect(maxDifference(view(images, {}), tf.cast(images, 'float32'))).toBeLessThan(0.02);
  });

  it('is the same for the same seed and another for another seed', () => {
    const images = bytesOf([4, 8, 8, 3]);
    const changes = imageViews({ blurProbability: 0.5, noiseProbability: 0.5, gapProbability: 0.5 });
    const first = view(images, changes, 1);
    expect(maxDifference(first, view(images, changes, 1))).toBe(0);
    expect(maxDifference(first, view(images, changes, 2))).toBeGreaterThan(1);
  });

  it('stays within 0 to 255 whatever is done to it', () => {
    const images = bytesOf([16, 8, 8, 3]);
    const strong = { brightness: 1, contrast: 1, saturation: 1, hue: 0.5, noiseProbability: 1, noise: 0.5 };
    const found = values(view(images, { ...imageViews(), ...strong, jitterProbability: 1 }));
    expect(Math.min(...found)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...found)).toBeLessThanOrEqual(255);
  });

  it('mirrored exchanges left and right, exactly', () => {
    const images = bytesOf([2, 5, 6, 3]);
    const expected = tf.reverse(tf.cast(images, 'float32'), 2);
    expect(maxDifference(view(images, { flipProbability: 1 }), expected)).toBeLessThan(0.02);
    const upsideDown = tf.reverse(tf.cast(images, 'float32'), 1);
    expect(maxDifference(view(images, { flipVerticalProbability: 1 }), upsideDown)).toBeLessThan(0.02);
  });

  it('mirrors about as many as it should', () => {
    const ramp = tf.tile(tf.reshape(tf.range(0, 2, 1), [1, 1, 2, 1]), [4000, 1, 1, 1]);
    const options = imageViews({ ...unchanged, flipProbability: 0.3 });
    const found = randomView(
      ramp,
      seed(5),
      { modality: 'image', options },
      { mean: [0], standardDeviation: [1] },
    );
    const share = tf.mean(tf.slice(found, [0, 0, 0, 0], [4000, 1, 1, 1])).dataSync()[0]!;
    // Five standard errors.
    expect(Math.abs(share - 0.3)).toBeLessThan(5 * Math.sqrt((0.3 * 0.7) / 4000));
  });

  it('covers a rectangle of the size asked for with the mean colour', () => {
    const images = tf.zeros([8, 20, 20, 3]);
    const found = view(images, { gapProbability: 1, gapSize: 0.4 });
    const covered = tf.sum(
      tf.cast(tf.greater(tf.slice(found, [0, 0, 0, 0], [8, 20, 20, 1]), 0), 'float32'),
      [1, 2, 3],
    );
    for (const count of values(covered)) expect(count).toBe(64);
    const colours = new Set(values(found));
    expect([...colours].sort((a, b) => a - b)).toEqual([0, 100, 110, 120]);
  });
});

describe('crops', () => {
  it('never reach over the border, where there is only black', () => {
    const options = imageViews({
      ...unchanged,
      cropMinimum: 0.9,
      flipProbability: 0.5,
      flipVerticalProbability: 0.5,
    });
    for (const [height, width] of [
      [16, 12],
      [28, 28],
      [37, 51],
    ] as const) {
      const white = tf.fill([500, height, width, 1], 200);
      const one = { mean: [0], standardDeviation: [1] };
      const found = randomView(white, seed(height), { modality: 'image', options }, one);
      expect(tf.min(found).dataSync()[0]).toBeGreaterThan(199);
    }
  });

  it('have the area and ratio of torchvision’s RandomResizedCrop', () => {
    const count = 4000;
    const range = { scale: [0.2, 0.5] as const, ratio: [3 / 4, 4 / 3] as const };
    const { top, left, height, width } = sampleCrops(seed(1), count, range, [32, 32]);
    const area = Array.from(values(tf.mul(height, width)), (value) => value / 1024);
    expect(Math.min(...area)).toBeGreaterThanOrEqual(0.2 - 1e-4);
    expect(Math.max(...area)).toBeLessThanOrEqual(0.5 + 1e-4);
    // Every such crop fits, so the area is uniform: mean 0.35, standard error 0.0866 / sqrt(count).
    const mean = area.reduce((sum, value) => sum + value, 0) / count;
    expect(Math.abs(mean - 0.35)).toBeLessThan((5 * 0.0866) / Math.sqrt(count));
    const logRatio = Array.from(values(tf.log(tf.div(width, height))));
    expect(Math.max(...logRatio.map(Math.abs))).toBeLessThanOrEqual(Math.log(4 / 3) + 1e-4);
    expect(Math.abs(logRatio.reduce((sum, value) => sum + value, 0) / count)).toBeLessThan(
      (5 * Math.log(4 / 3)) / Math.sqrt(3 * count),
    );
    expect(Math.min(...values(top), ...values(left))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values(tf.add(top, height)), ...values(tf.add(left, width)))).toBeLessThanOrEqual(
      32 + 1e-3,
    );
  });

  it('that never fit become the largest central crop of an allowed ratio', () => {
    const range = { scale: [1, 1] as const, ratio: [1, 1.2] as const };
    const { top, left, height, width } = sampleCrops(seed(1), 3, range, [10, 40]);
    expect(values(height)).toEqual(new Float32Array(3).fill(10));
    expect(values(width)[0]).toBeCloseTo(12, 5);
    expect(values(left)[0]).toBeCloseTo(14, 5);
    expect(values(top)[0]).toBeCloseTo(0, 5);
  });

  it('sample where a resize with half-pixel centres samples', () => {
    const one = (value: number) => tf.tensor1d([value]);
    const crops = { top: one(2), left: one(4), height: one(4), width: one(4) };
    const boxes = cropBoxes(crops, [16, 16], [2, 2]);
    const ramp = tf.reshape(tf.range(0, 256, 1), [1, 16, 16, 1]);
    const found = values(cropAndResize(ramp, boxes, tf.tensor1d([0], 'int32'), [2, 2]));
    // Centres of the 2 × 2 blocks: rows 2.5 and 4.5, columns 4.5 and 6.5 of a picture of 16 · row + column.
    const expected = [2.5 * 16 + 4.5, 2.5 * 16 + 6.5, 4.5 * 16 + 4.5, 4.5 * 16 + 6.5];
    expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 3));
  });
});

describe('colours', () => {
  const neutral = (): ColorChanges => ({
    brightness: tf.ones([1]),
    contrast: tf.ones([1]),
    saturation: tf.ones([1]),
    hue: tf.zeros([1]),
    grey: tf.zeros([1]),
  });
  const image = tf.tensor4d([100, 50, 20, 30, 60, 90, 10, 200, 70, 40, 40, 40], [1, 2, 2, 3]);
  const pixels = Array.from({ length: 4 }, (_, i) => Array.from(values(image)).slice(3 * i, 3 * i + 3));
  const luma = ([red, green, blue]: number[]) => 0.299 * red! + 0.587 * green! + 0.114 * blue!;
  const meanGrey = pixels.map(luma).reduce((sum, value) => sum + value, 0) / 4;
  const expectPixels = (found: Tensor, expected: (pixel: number[]) => number[]) => {
    const wanted = pixels.flatMap((pixel) =>
      expected(pixel).map((value) => Math.min(255, Math.max(0, value))),
    );
    wanted.forEach((value, i) => expect(values(found)[i]).toBeCloseTo(value, 2));
  };

  it('do not change without changes', () => {
    expectPixels(changeColors(image, neutral()), (pixel) => pixel);
  });

  it('change in brightness, contrast and saturation as in torchvision', () => {
    const blend = (value: number, other: number, factor: number) => factor * value + (1 - factor) * other;
    expectPixels(changeColors(image, { ...neutral(), brightness: tf.tensor1d([1.4]) }), (pixel) =>
      pixel.map((value) => 1.4 * value),
    );
    expectPixels(changeColors(image, { ...neutral(), contrast: tf.tensor1d([0.6]) }), (pixel) =>
      pixel.map((value) => blend(value, meanGrey, 0.6)),
    );
    expectPixels(changeColors(image, { ...neutral(), saturation: tf.tensor1d([0.3]) }), (pixel) =>
      pixel.map((value) => blend(value, luma(pixel), 0.3)),
    );
    expectPixels(changeColors(image, { ...neutral(), grey: tf.ones([1]) }), (pixel) =>
      pixel.map(() => luma(pixel)),
    );
  });

  it('turn by a third of the circle: red becomes green or blue, grey stays', () => {
    const found = changeColors(image, { ...neutral(), hue: tf.tensor1d([(2 * Math.PI) / 3]) });
    expectPixels(found, ([red, green, blue]) => [blue!, red!, green!]);
  });

  it('of grey images change in brightness and contrast only', () => {
    const grey = tf.tensor4d([10, 20, 30, 60], [1, 2, 2, 1]);
    const changes = { ...neutral(), brightness: tf.tensor1d([2]), contrast: tf.tensor1d([0.5]) };
    const found = changeColors(grey, changes);
    expect(Array.from(values(found))).toEqual([20, 40, 60, 120].map((value) => 0.5 * value + 30));
  });

  it('are drawn within the strengths, and not at all where the share is 0', () => {
    const strengths = { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1, greyProbability: 0.2 };
    const drawn = sampleColorChanges(seed(1), 2000, { ...strengths, jitterProbability: 1 });
    const brightness = Array.from(values(drawn.brightness));
    expect(Math.min(...brightness)).toBeGreaterThanOrEqual(0.6 - 1e-6);
    expect(Math.max(...brightness)).toBeLessThanOrEqual(1.4 + 1e-6);
    expect(Math.max(...values(tf.abs(drawn.hue)))).toBeLessThanOrEqual(0.2 * Math.PI + 1e-6);
    const share = tf.mean(drawn.grey).dataSync()[0]!;
    expect(Math.abs(share - 0.2)).toBeLessThan(5 * Math.sqrt((0.2 * 0.8) / 2000));
    const none = sampleColorChanges(seed(1), 50, { ...strengths, jitterProbability: 0 });
    expect(new Set(values(none.contrast))).toEqual(new Set([1]));
  });
});

describe('blur', () => {
  it('is the Gaussian, each image by its own width', () => {
    const impulse = tf.pad(tf.ones([2, 1, 1, 1]), [
      [0, 0],
      [6, 6],
      [6, 6],
      [0, 0],
    ]);
    const found = gaussianBlur(impulse, tf.tensor1d([0, 1]), 1);
    const sharp = values(tf.slice(found, [0, 0, 0, 0], [1, 13, 13, 1]));
    expect(sharp[6 * 13 + 6]).toBeCloseTo(1, 5);
    const soft = values(tf.slice(found, [1, 0, 0, 0], [1, 13, 13, 1]));
    const weights = [-3, -2, -1, 0, 1, 2, 3].map((x) => Math.exp((-x * x) / 2));
    const total = weights.reduce((sum, value) => sum + value, 0);
    for (const [dy, dx] of [
      [0, 0],
      [1, 0],
      [2, -1],
      [3, 3],
    ] as const)
      expect(soft[(6 + dy) * 13 + 6 + dx]).toBeCloseTo((weights[3 + dy]! * weights[3 + dx]!) / total ** 2, 6);
  });

  it('keeps a flat image flat up to its edges', () => {
    const flat = tf.fill([2, 7, 9, 3], 80);
    expect(maxDifference(gaussianBlur(flat, tf.tensor1d([1, 2]), 2), flat)).toBeLessThan(1e-3);
  });
});
