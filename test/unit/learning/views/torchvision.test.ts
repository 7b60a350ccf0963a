import { describe, expect, it } from 'vitest';
import { gaussianBlur } from '../../../../src/learning/views/blur.ts';
import { changeColors, sampleColorChanges, type ColorChanges } from '../../../../src/learning/views/color.ts';
import { sampleCrops } from '../../../../src/learning/views/crop.ts';
import { imageViews, sampleImageView, solarize } from '../../../../src/learning/views/image.ts';
import { tf, type Tensor } from '../../../../src/tensor/index.ts';
import { readViews } from '../../../fixtures/pytorch/read.ts';
import { difference, tensor } from '../../tensor/helpers.ts';
import { seed } from '../helpers.ts';

const peers = readViews();
const COUNT = 20_000;
const values = (found: Tensor) => found.dataSync() as Float32Array;

/**
 * The largest distance between the places at which two samples pass 5 %, 10 %, …, 95 %, in shares of samples:
 * Kolmogorov's distance at these places. Two honest samples of 20,000 stay below 0.02 but once in 1,500 times.
 */
function distance(found: ArrayLike<number>, quantiles: readonly number[]): number {
  const sorted = Float64Array.from(found).sort();
  const below = (limit: number, orEqual: boolean) =>
    sorted.filter((value) => (orEqual ? value <= limit : value < limit)).length / sorted.length;
  return Math.max(
    ...quantiles.map((limit, i) => {
      const share = 0.05 * (i + 1);
      // Where many values are equal (a crop of everything), the place lies anywhere among them.
      return Math.max(below(limit, false) - share, share - below(limit, true), 0);
    }),
  );
}

describe('crops are drawn as torchvision draws them', () => {
  // There, sides and places are whole pixels: sides are rounded here to be compared, and half a pixel is let pass
  // in them (whether a crop fits is asked before rounding here and after it there), a whole one in places.
  it.each(peers.crops)('$size, scale $scale, ratio $ratio', ({ size, scale, ratio, ...quantiles }) => {
    const [fullHeight, fullWidth] = size;
    const { top, left, height, width } = sampleCrops(seed(3), COUNT, { scale, ratio }, size);
    const [tall, wide] = [tf.round(height), tf.round(width)];
    const area = tf.div(tf.mul(tall, wide), fullHeight * fullWidth);
    const tolerance = 0.02 + 0.5 / Math.min(...size);
    expect(distance(values(area), quantiles.area)).toBeLessThan(tolerance);
    expect(distance(values(tf.log(tf.div(wide, tall))), quantiles.logRatio)).toBeLessThan(tolerance);
    const middle = tf.div(tf.add(top, tf.div(height, 2)), fullHeight);
    expect(distance(values(middle), quantiles.middle)).toBeLessThan(2 * tolerance);
    const across = tf.div(tf.add(left, tf.div(width, 2)), fullWidth);
    expect(distance(values(across), quantiles.across)).toBeLessThan(2 * tolerance);
  });
});

describe('chances and strengths are those of torchvision', () => {
  const drawn = sampleColorChanges(seed(4), COUNT, {
    ...peers.jitter.ranges,
    jitterProbability: 1,
    greyProbability: peers.shares.grey[0],
  });

  it.each(['brightness', 'contrast', 'saturation', 'hue'] as const)('%s', (name) => {
    const found = name === 'hue' ? tf.div(drawn.hue, 2 * Math.PI) : drawn[name];
    expect(distance(values(found), peers.jitter.quantiles[name])).toBeLessThan(0.02);
  });

  it('of flips, grey, solarized and jittered images', () => {
    const options = imageViews({
      solarizeProbability: peers.shares.solarize[0],
      flipProbability: peers.shares.flip[0],
      jitterProbability: peers.shares.jitter[0],
    });
    const view = sampleImageView(seed(5), COUNT, { input: [8, 8, 3] }, options);
    const [, x1, , x2] = tf.unstack(view.boxes, 1) as [Tensor, Tensor, Tensor, Tensor];
    const found = {
      flip: tf.less(x2, x1),
      grey: drawn.grey,
      solarize: view.solarized!,
      jitter: tf.notEqual(view.colors!.brightness, 1),
    };
    for (const [name, [probability, share]] of Object.entries(peers.shares)) {
      const mean = values(tf.mean(tf.cast(found[name as keyof typeof found], 'float32')))[0]!;
      const error = Math.sqrt((2 * probability * (1 - probability)) / COUNT);
      expect(Math.abs(mean - share), name).toBeLessThan(5 * error);
    }
  });
});

describe('one picture changed by both', () => {
  const image = tensor([1, 4, 4, 3], 20, 235);
  const neutral = (): ColorChanges => ({
    brightness: tf.ones([1]),
    contrast: tf.ones([1]),
    saturation: tf.ones([1]),
    hue: tf.zeros([1]),
    grey: tf.zeros([1]),
  });
  const largest = (found: Tensor, expected: readonly number[]) =>
    Math.max(...values(found).map((value, i) => Math.abs(value - expected[i]!)));

  it.each([
    ['brightness', { brightness: 1.3 }],
    ['contrast', { contrast: 0.6 }],
    ['saturation', { saturation: 0.4 }],
    ['grey', { grey: 1 }],
  ] as const)('%s is the same', (name, change) => {
    const changes = Object.fromEntries(
      Object.entries(change).map(([key, value]) => [key, tf.fill([1], value)]),
    );
    // Of 255: torchvision weighs red, green and blue by 0.2989, 0.587 and 0.114, whose sum is 0.9999.
    expect(largest(changeColors(image, { ...neutral(), ...changes }), peers.colours[name]!)).toBeLessThan(
      0.05,
    );
  });

  it('solarized is the same, and only where it is asked for', () => {
    expect(largest(solarize(image, tf.ones([1]), 128), peers.colours['solarize']!)).toBeLessThan(1e-3);
    expect(difference(values(solarize(image, tf.zeros([1]), 128)), values(image))).toBe(0);
  });

  // A turn about the grey axis here, a shift in HSV there: the same way round the circle, by similar amounts.
  it.each([-0.1, -0.05, 0.05, 0.1])('hue by %f of the circle is near', (turn) => {
    const found = values(changeColors(image, { ...neutral(), hue: tf.fill([1], 2 * Math.PI * turn) }));
    const expected = peers.colours[`hue ${turn}`]!;
    const change = (to: ArrayLike<number>) => Array.from(values(image), (value, i) => to[i]! - value);
    const [ours, theirs] = [change(found), change(expected)];
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    expect(dot(ours, theirs) / Math.sqrt(dot(ours, ours) * dot(theirs, theirs))).toBeGreaterThan(0.75);
    expect(Math.sqrt(dot(ours, ours) / dot(theirs, theirs))).toBeGreaterThan(0.6);
    expect(Math.sqrt(dot(ours, ours) / dot(theirs, theirs))).toBeLessThan(1.4);
  });

  it.each(['0.1', '0.5', '1.0', '2.0'])('a blur of %s pixels has the same weights', (sigma) => {
    const side = 31;
    const impulse = tf.pad(tf.ones([1, 1, 1, 1]), [
      [0, 0],
      [15, 15],
      [15, 15],
      [0, 0],
    ]);
    // Kernels reach three times the strongest blur: 6 pixels, as in the fixture.
    const found = values(gaussianBlur(impulse, tf.fill([1], Number(sigma)), 2));
    const row = Array.from({ length: 13 }, (_, i) => {
      const column = found.filter((_, place) => place % side === 9 + i);
      return column.reduce((sum, value) => sum + value, 0);
    });
    expect(difference(row, peers.blur.kernels[sigma]!)).toBeLessThan(1e-5);
  });

  it.each(['0.5', '2.0'])('blurred by %s pixels, edges mirrored, it is the same', (sigma) => {
    const picture = tensor([1, 16, 16, 3], 0, 255);
    const found = values(gaussianBlur(picture, tf.fill([1], Number(sigma)), 2));
    expect(difference(found, peers.blur.pictures[sigma]!)).toBeLessThan(1e-4);
  });
});
