import { describe, expect, it } from 'vitest';
import { cutPatches, dropColors, equalizePatches } from '../../../../src/learning/views/patches.ts';
import { fittingEnlargement } from '../../../../src/learning/modalities/views.ts';
import { tf, type Tensor } from '../../../../src/tensor/index.ts';
import { bytesOf, maxDifference, seed, signalsOf } from '../helpers.ts';

describe('patches', () => {
  it('of images are cut out exactly, in every corner', () => {
    const images = bytesOf([2, 9, 7, 3]);
    const starts = [
      [0, 0],
      [6, 3],
      [2, 1],
      [6, 0],
    ];
    const found = cutPatches(images, tf.tensor3d([starts, starts.toReversed()]), [3, 4]);
    const expected = [starts, starts.toReversed()].flatMap((list, image) =>
      list.map(([row, column]) => tf.slice(images, [image, row!, column!, 0], [1, 3, 4, 3])),
    );
    expect(found.shape).toEqual([8, 3, 4, 3]);
    expect(maxDifference(found, tf.cast(tf.concat(expected), 'float32'))).toBeLessThan(0.01);
  });

  it('of signals are cut out exactly, to the last point', () => {
    const signals = signalsOf(2, 20, 3);
    const found = cutPatches(
      signals,
      tf.tensor3d([
        [[0], [15]],
        [[7], [3]],
      ]),
      [5],
    );
    const expected = [
      [0, 0],
      [0, 15],
      [1, 7],
      [1, 3],
    ].map(([sample, start]) => tf.slice(signals, [sample!, start!, 0], [1, 5, 3]));
    expect(maxDifference(found, tf.concat(expected))).toBeLessThan(1e-4);
  });

  it('may be enlarged: corners stay, what is between lies on straight lines', () => {
    const slope = tf.tile(tf.reshape(tf.range(0, 12), [1, 12, 1, 1]), [1, 1, 12, 1]);
    const found = cutPatches(slope, tf.tensor3d([[[3, 2]]]), [4, 4], 2).arraySync() as number[][][][];
    expect(found[0]!.map((row) => row[5]![0]!.toFixed(3))).toEqual(
      Array.from({ length: 8 }, (_, i) => (3 + (3 * i) / 7).toFixed(3)),
    );
    expect([14, 7, 8, 30, 3].map((side) => fittingEnlargement(side, 'image'))).toEqual([1, 2, 2, 1, 4]);
  });

  it('lose all colours but one, each its own, as often as asked', () => {
    const count = 600;
    const patches = tf.add(tf.ones([count, 4, 4, 3]), tf.tensor1d([0, 1, 2]));
    const found = dropColors(patches, seed(3), 0.75);
    const kept = tf.cast(tf.less(tf.abs(tf.sub(found, patches)), 1e-6), 'float32');
    const colors = tf.reshape(tf.mean(kept, [1, 2]), [count, 3]).arraySync() as number[][];
    const dropped = colors.filter((row) => row.some((value) => value < 0.5));
    for (const row of dropped) expect(row.filter((value) => value > 0.5)).toHaveLength(1);
    expect(Math.abs(dropped.length - 450)).toBeLessThan(5 * Math.sqrt(count * 0.75 * 0.25));
    for (const color of [0, 1, 2]) {
      const share = dropped.filter((row) => row[color]! > 0.5).length / dropped.length;
      expect(Math.abs(share - 1 / 3)).toBeLessThan(0.1);
    }
    // What is left in a dropped colour is noise of deviation 0.01.
    const lost = tf.mul(found, tf.sub(1, kept));
    const deviation = Math.sqrt(
      tf.sum(tf.square(lost)).dataSync()[0]! / tf.sum(tf.sub(1, kept)).dataSync()[0]!,
    );
    expect(deviation).toBeCloseTo(0.01, 3);
  });

  it('of one channel keep it', () => {
    const grey = tf.cast(bytesOf([4, 3, 3, 1]), 'float32');
    expect(maxDifference(dropColors(grey, seed(1), 1), grey)).toBe(0);
  });

  it('are brought to mean 0 and deviation 1, flat ones to 0', () => {
    const found = equalizePatches(
      tf.concat([tf.mul(tf.cast(bytesOf([1, 4, 4, 2]), 'float32'), 3), tf.fill([1, 4, 4, 2], 7)]),
    );
    const [rough, flat] = tf.split(found, 2) as [Tensor, Tensor];
    expect(tf.max(tf.abs(tf.mean(rough, [1, 2]))).dataSync()[0]).toBeLessThan(1e-4);
    for (const square of tf.mean(tf.square(rough), [1, 2]).dataSync()) expect(square).toBeCloseTo(1, 3);
    expect(tf.max(tf.abs(flat)).dataSync()[0]).toBe(0);
  });
});
