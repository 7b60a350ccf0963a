import { describe, expect, it } from 'vitest';
import {
  sampleSignalView,
  signalViews,
  type SignalViewOptions,
} from '../../../../src/learning/views/signal.ts';
import { randomView } from '../../../../src/learning/modalities/views.ts';
import { maxDifference, seed, signalsOf } from '../helpers.ts';
import { tf, type Tensor } from '../../../../src/tensor/index.ts';

const unchanged: Partial<SignalViewOptions> = {
  cropProbability: 0,
  scaleProbability: 0,
  noiseProbability: 0,
  channelDropProbability: 0,
  timeMaskProbability: 0,
};
const zero = { mean: [0, 0, 0], standardDeviation: [1, 1, 1] };
const view = (signals: Tensor, changes: Partial<SignalViewOptions>, number = 1, statistics = zero) =>
  randomView(
    signals,
    seed(number),
    { modality: 'signal', options: signalViews({ ...unchanged, ...changes }) },
    statistics,
  );
const values = (tensor: Tensor) => tensor.dataSync() as Float32Array;
const signals = signalsOf(6, 32, 3);

describe('a view of a signal', () => {
  it('without any change is the signal', () => {
    expect(maxDifference(view(signals, {}), signals)).toBe(0);
  });

  it('is the same for the same seed and another for another seed', () => {
    const all = signalViews({ signFlipProbability: 0.5, ringProbability: 0.5, segmentProbability: 0.5 });
    const first = view(signals, all, 1);
    expect(first.shape).toEqual(signals.shape);
    expect(maxDifference(first, view(signals, all, 1))).toBe(0);
    expect(maxDifference(first, view(signals, all, 2))).toBeGreaterThan(0.1);
  });

  it('stretched shows a part of itself: a ramp stays a ramp of lower slope', () => {
    const ramp = tf.tile(tf.reshape(tf.range(0, 32, 1), [1, 32, 1]), [50, 1, 1]);
    const one = { mean: [0], standardDeviation: [1] };
    const found = values(view(ramp, { cropProbability: 1, cropMinimum: 0.5 }, 3, one));
    for (let i = 0; i < 50; i++) {
      const row = found.subarray(32 * i, 32 * i + 32);
      const slope = row[1]! - row[0]!;
      expect(slope).toBeGreaterThan(0.5 - 1e-3);
      expect(slope).toBeLessThan(1 + 1e-3);
      for (let t = 0; t < 32; t++) expect(row[t]).toBeCloseTo(row[0]! + t * slope, 2);
    }
  });

  it('stretched never reaches over its ends, where there is nothing', () => {
    const found = view(tf.fill([500, 37, 3], 5), { cropProbability: 0.8, cropMinimum: 0.3 });
    expect(tf.min(found).dataSync()[0]).toBeCloseTo(5, 3);
  });

  it('scaled multiplies each channel by one factor', () => {
    const ratio = tf.div(view(signals, { scaleProbability: 1, scale: 0.3 }), signals);
    const spread = tf.sub(tf.max(ratio, 1), tf.min(ratio, 1));
    expect(tf.max(spread).dataSync()[0]).toBeLessThan(1e-2);
    expect(new Set(Array.from(values(tf.mean(ratio, 1)), (value) => value.toFixed(3))).size).toBeGreaterThan(
      10,
    );
  });

  it('with noise differs by the deviation asked for, relative to each channel', () => {
    const flat = tf.zeros([2000, 16, 3]);
    const statistics = { mean: [0, 0, 0], standardDeviation: [1, 10, 100] };
    const found = view(flat, { noiseProbability: 1, noise: 0.5 }, 1, statistics);
    // The level is uniform from 0 to 0.5 a sample, so its mean square is 0.25 / 3.
    const deviation = values(tf.sqrt(tf.mean(tf.square(found), [0, 1])));
    [1, 10, 100].forEach((scale, channel) =>
      expect(deviation[channel]! / scale / Math.sqrt(0.25 / 3)).toBeCloseTo(1, 1),
    );
  });

  it('loses about as many channels as it should; a lost one holds its mean', () => {
    const statistics = { mean: [5, 5, 5], standardDeviation: [1, 1, 1] };
    const found = view(tf.fill([2000, 4, 3], 9), { channelDropProbability: 0.2 }, 1, statistics);
    expect(new Set(values(found))).toEqual(new Set([5, 9]));
    const lost = tf.mean(tf.cast(tf.equal(found, 5), 'float32')).dataSync()[0]!;
    expect(Math.abs(lost - 0.2)).toBeLessThan(5 * Math.sqrt((0.2 * 0.8) / 6000));
  });

  it('with a gap holds the mean for one stretch no longer than asked for', () => {
    const found = view(tf.ones([300, 50, 3]), { timeMaskProbability: 1, timeMask: 0.3 });
    const row = values(tf.slice(found, [0, 0, 0], [300, 50, 1]));
    for (let i = 0; i < 300; i++) {
      const own = Array.from(row.subarray(50 * i, 50 * i + 50));
      const covered = own.filter((value) => value === 0).length;
      expect(covered).toBeLessThanOrEqual(16);
      if (covered > 0) expect(own.lastIndexOf(0) - own.indexOf(0) + 1).toBe(covered);
    }
  });

  it('turned changes the sign of everything or nothing', () => {
    const found = tf.div(view(signals, { signFlipProbability: 0.5 }, 2), signals);
    const signs = values(tf.mean(found, [1, 2]));
    expect(new Set(Array.from(signs, (value) => Math.round(value)))).toEqual(new Set([-1, 1]));
  });

  it('moved along the ring is a rotation of its channels', () => {
    const marked = tf.tile(tf.reshape(tf.tensor1d([1, 2, 3, 4, 5]), [1, 1, 5]), [500, 2, 1]);
    const five = { mean: [0, 0, 0, 0, 0], standardDeviation: [1, 1, 1, 1, 1] };
    const found = values(view(marked, { ringProbability: 1, ringShift: 1 }, 1, five));
    const orders = new Map<string, number>();
    for (let i = 0; i < 500; i++) {
      const order = Array.from(found.subarray(10 * i, 10 * i + 5)).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect([...orders.keys()].sort()).toEqual(['12345', '23451', '51234']);
    for (const count of orders.values()) expect(Math.abs(count - 500 / 3)).toBeLessThan(55);
  });

  it('permuted keeps all segments, and what is left over at the end', () => {
    const ramp = tf.tile(tf.reshape(tf.range(0, 14, 1), [1, 14, 1]), [40, 1, 1]);
    const one = { mean: [0], standardDeviation: [1] };
    const found = values(view(ramp, { segmentProbability: 1, segments: 4 }, 1, one));
    let changed = 0;
    for (let i = 0; i < 40; i++) {
      const row = Array.from(found.subarray(14 * i, 14 * i + 14));
      expect(row.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 14 }, (_, t) => t));
      expect(row.slice(12)).toEqual([12, 13]);
      for (let part = 0; part < 12; part += 3) expect(row[part + 2]! - row[part]!).toBe(2);
      if (row[0] !== 0) changed++;
    }
    expect(changed).toBeGreaterThan(20);
  });
});

describe('the draw', () => {
  it('holds only what is asked for, so that an unused change costs nothing', () => {
    expect(Object.keys(sampleSignalView(seed(1), 4, [32, 3], signalViews(unchanged)))).toEqual([]);
  });
});
