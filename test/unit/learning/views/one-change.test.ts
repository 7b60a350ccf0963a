import { describe, expect, it } from 'vitest';
import {
  changeImages,
  changeSignals,
  imageChanges,
  sampleChanges,
  signalChanges,
  type Change,
} from '../../../../src/learning/views/one-change.ts';
import { tf, type Tensor } from '../../../../src/tensor/index.ts';
import { bytesOf, maxDifference, seed, signalsOf } from '../helpers.ts';

const statistics = (channels: number) => ({
  mean: new Array<number>(channels).fill(0),
  standardDeviation: new Array<number>(channels).fill(1),
});

/** All samples get the change of that name, with that strength. */
function drawOf(list: readonly Change[], id: string, strength: number, count: number) {
  const kind = list.findIndex((change) => change.id === id) + 1;
  const graded = Number(kind > 0 && list[kind - 1]!.graded);
  return {
    kinds: tf.fill([count], kind, 'int32'),
    strengths: tf.fill([count], strength * graded),
    graded: tf.fill([count], graded),
  };
}
const images = bytesOf([6, 14, 14, 3]);
const floats = tf.cast(images, 'float32');
const changedImages = (id: string, strength: number) =>
  changeImages(images, seed(5), imageChanges, drawOf(imageChanges, id, strength, 6), statistics(3));
const signals = signalsOf(6, 40, 3);
const changedSignals = (id: string, strength: number) =>
  changeSignals(signals, seed(5), signalChanges, drawOf(signalChanges, id, strength, 6), statistics(3));
const deviationOf = (x: Tensor) => Math.sqrt(tf.mean(tf.square(x)).dataSync()[0]!);

describe('the draw', () => {
  it('takes every change and none equally often; only graded ones have a strength', () => {
    const count = 8000;
    const { kinds, strengths, graded } = sampleChanges(seed(1), count, signalChanges);
    const found = Array.from(kinds.dataSync());
    const expected = count / 8;
    for (let kind = 0; kind <= signalChanges.length; kind++) {
      const times = found.filter((value) => value === kind).length;
      expect(Math.abs(times - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
    const values = strengths.dataSync();
    found.forEach((kind, i) => {
      const has = kind > 0 && signalChanges[kind - 1]!.graded;
      expect(graded.dataSync()[i]).toBe(Number(has));
      if (!has) expect(values[i]).toBe(0);
    });
    const drawn = Array.from(values).filter((value) => value > 0);
    expect(drawn.reduce((sum, value) => sum + value, 0) / drawn.length).toBeCloseTo(0.5, 1);
  });
});

describe('one change of an image', () => {
  it('that is none leaves every pixel', () => {
    expect(maxDifference(changedImages('none', 0), floats)).toBeLessThan(0.02);
  });

  it('darkens by a factor from 0.85 to 0.35', () => {
    for (const [strength, factor] of [
      [0, 0.85],
      [1, 0.35],
    ] as const)
      expect(maxDifference(changedImages('dark', strength), tf.mul(floats, factor))).toBeLessThan(0.1);
  });

  it('covers a square of 0.2 to 0.6 of the side with the mean', () => {
    for (const [strength, side] of [
      [0, 0.2],
      [1, 0.6],
    ] as const) {
      const covered = tf.mean(tf.cast(tf.equal(tf.max(changedImages('gap', strength), 3), 0), 'float32'));
      // Whole pixels: a side of 2.8 covers two or three.
      expect(Math.sqrt(covered.dataSync()[0]!)).toBeGreaterThan(side - 1 / 14);
      expect(Math.sqrt(covered.dataSync()[0]!)).toBeLessThan(side + 1 / 14);
    }
  });

  it('takes the colours away at full strength, and turns upside down', () => {
    const [red, green] = tf.split(changedImages('fade', 1), 3, 3) as [Tensor, Tensor];
    expect(maxDifference(red, green)).toBeLessThan(0.02);
    expect(maxDifference(changedImages('upsideDown', 0), tf.reverse(floats, 1))).toBeLessThan(0.02);
    expect(maxDifference(changedImages('mirror', 0), tf.reverse(floats, 2))).toBeLessThan(0.02);
  });

  it('is stronger with more strength: zoom, height, contrast, blur, noise', () => {
    for (const id of ['zoom', 'tall', 'pale', 'blur', 'noise']) {
      const away = (strength: number) => deviationOf(tf.sub(changedImages(id, strength), floats));
      expect(away(0), id).toBeGreaterThan(1);
      expect(away(1), id).toBeGreaterThan(1.1 * away(0));
    }
  });
});

describe('one change of a signal', () => {
  it('that is none leaves every point', () => {
    expect(maxDifference(changedSignals('none', 0), signals)).toBeLessThan(1e-3);
  });

  it('turns time, turns the sign, and enlarges by 1.3 to 3', () => {
    expect(maxDifference(changedSignals('reverse', 0), tf.reverse(signals, 1))).toBeLessThan(1e-3);
    expect(maxDifference(changedSignals('negate', 0), tf.neg(signals))).toBeLessThan(1e-3);
    expect(maxDifference(changedSignals('scale', 0), tf.mul(signals, 1.3))).toBeLessThan(1e-3);
    expect(maxDifference(changedSignals('scale', 1), tf.mul(signals, 3))).toBeLessThan(2e-3);
  });

  it('adds noise of 0.15 to 1 deviation, and covers 0.1 to 0.5 of the time', () => {
    const noise = (strength: number) => deviationOf(tf.sub(changedSignals('noise', strength), signals));
    expect(Math.abs(noise(0) - 0.15)).toBeLessThan(0.02);
    expect(Math.abs(noise(1) - 1)).toBeLessThan(0.1);
    const silent = (strength: number) =>
      tf.mean(tf.cast(tf.equal(changedSignals('gap', strength), 0), 'float32')).dataSync()[0]!;
    expect(Math.abs(silent(0) - 0.1)).toBeLessThan(0.026);
    expect(Math.abs(silent(1) - 0.5)).toBeLessThan(0.026);
  });

  it('moves every one of four segments to another place', () => {
    const whole = tf.tile(tf.reshape(tf.range(0, 40), [1, 40, 1]), [6, 1, 3]) as Tensor;
    const draw = drawOf(signalChanges, 'permute', 0, 6);
    const found = changeSignals(
      whole,
      seed(2),
      signalChanges,
      draw,
      statistics(3),
    ).arraySync() as number[][][];
    for (const sample of found) {
      const order = [0, 1, 2, 3].map((place) => Math.round(sample[10 * place]![0]! / 10));
      expect(order.toSorted()).toEqual([0, 1, 2, 3]);
      order.forEach((segment, place) => expect(segment).not.toBe(place));
    }
  });
});
