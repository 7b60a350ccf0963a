import { describe, expect, it } from 'vitest';
import {
  averageReference,
  channelReference,
  drift,
  noiseAtRatio,
  permuteChannels,
} from '../../../../../src/learning/views/signals/channels.ts';
import {
  bandNoise,
  filterSignals,
  shiftFrequency,
  swapPhases,
  turnPhases,
  type FilterKind,
} from '../../../../../src/learning/views/signals/spectrum.ts';
import {
  coverStretch,
  cutSegments,
  movingAverage,
  permuteSegments,
  reverseTime,
  scaleSlopes,
  shiftInTime,
  shiftVertical,
  warpTime,
} from '../../../../../src/learning/views/signals/time.ts';
import { tf, type Tensor } from '../../../../../src/tensor/index.ts';
import { maxDifference } from '../../helpers.ts';
import fixture from './views-fixture.json' with { type: 'json' };

const { rate, shape, views } = fixture;
const [count, length, channels] = shape as [number, number, number];

/** sin(0.3 l (c + 1) + n) + 0.1 n */
function samples([n, l, c]: readonly [number, number, number]): Tensor {
  const values = Array.from({ length: n * l * c }, (_, at) => {
    const window = Math.floor(at / (l * c));
    return Math.sin(0.3 * (Math.floor(at / c) % l) * ((at % c) + 1) + window) + 0.1 * window;
  });
  return tf.tensor(values, [n, l, c]);
}
const x = samples([count, length, channels]);
const each = (value: number | readonly number[]) =>
  typeof value === 'number' ? tf.fill([count], value) : tf.tensor1d([...value]);
const order = (values: readonly number[]) =>
  tf.tensor2d(new Array<number[]>(count).fill([...values]), [count, values.length], 'int32');
/** 0.5 + 0.5 sin(0.9 i + 1), of a turn. */
const phases = tf.tile(
  tf.tensor2d([
    Array.from(
      { length: Math.floor((length - 1) / 2) },
      (_, i) => 2 * Math.PI * (0.5 + 0.5 * Math.sin(0.9 * i + 1)),
    ),
  ]),
  [count, 1],
);
const deviation = (of: Tensor) => {
  const { size } = of;
  const mean = tf.mean(of);
  return Math.sqrt(tf.sum(tf.square(tf.sub(of, mean))).dataSync()[0]! / (size - 1));
};
const band = ([low, high]: readonly number[], deviations: number) =>
  bandNoise(
    length,
    { band: tf.tile(tf.tensor2d([[low!, high!]]), [count, 1]), phases, deviations: each(deviations) },
    rate,
  );

const cases: Record<string, () => Tensor> = {
  identity: () => x,
  shift_vertical: () => shiftVertical(x, each(0.7)),
  'shift_horizontal forwards': () => shiftInTime(x, each(7)),
  'shift_horizontal back': () => shiftInTime(x, each(-7)),
  'shift_frequency up': () => shiftFrequency(x, each(3.5), rate),
  'shift_frequency down': () => shiftFrequency(x, each(-3.5), rate),
  phase_swap: () => swapPhases(x, tf.tensor1d(views.phase_swap.partners, 'int32')),
  flip_vertical: () => tf.neg(x),
  flip_horizontal: () => reverseTime(x),
  add_gaussian_noise: () => tf.add(x, tf.tensor(views.add_gaussian_noise.noise, shape)),
  add_noise_SNR: () =>
    noiseAtRatio(
      x,
      tf.tensor(views.add_noise_SNR.noise, [count, length, 1]),
      each(views.add_noise_SNR.decibels),
    ),
  add_band_noise: () => tf.add(x, band(views.add_band_noise.band, views.add_band_noise.deviation)),
  random_FT_phase: () => turnPhases(x, tf.mul(phases, views.random_FT_phase.value)),
  'add_eeg_artifact line': () => tf.add(x, band([50, 50], deviation(x))),
  'add_eeg_artifact eye': () => tf.add(x, band([1, 3], deviation(x))),
  'add_eeg_artifact muscle': () => tf.add(x, band([20, 60], deviation(x))),
  'add_eeg_artifact drift': () => tf.add(x, drift(length, each(views['add_eeg_artifact drift'].end))),
  scaling: () => tf.mul(x, 1.4),
  random_slope_scale: () =>
    scaleSlopes(x, tf.tensor(views.random_slope_scale.factors, [1, length - 1, channels])),
  'random_slope_scale adding up': () =>
    scaleSlopes(x, tf.tensor(views.random_slope_scale.factors, [1, length - 1, channels]), true),
  moving_avg: () => movingAverage(x, 5),
  permute_channels: () => permuteChannels(x, order(views.permute_channels.order)),
  permutation_signal: () => permuteSegments(x, order(views.permutation_signal.order)),
  crop_and_resize: () => {
    const { removed, segments } = views.crop_and_resize;
    const size = length / segments;
    const kept = Array.from({ length }, (_, at) => at).filter(
      (at) => !removed.includes(Math.floor(at / size)),
    );
    return cutSegments(x, order(kept));
  },
  'change_ref average': () => averageReference(x, 1),
  'change_ref channel': () => channelReference(x, tf.fill([count], 2, 'int32')),
  masking: () => coverStretch(x, each(views.masking.first), each(views.masking.count)),
  channel_dropout: () =>
    tf.mul(
      x,
      [0, 1, 2].map((at) => Number(!views.channel_dropout.dropped.includes(at))),
    ),
};

describe('a change of signals', () => {
  it.each(Object.keys(cases))('is selfEEG’s for the same arguments: %s', (name) => {
    const theirs = tf.tensor(views[name as 'identity'].result, shape);
    // Adding steps up, selfEEG forgets the first point, which leaves a jump behind it.
    const begun = tf.concat(
      [tf.zeros([count, 1, channels]), tf.tile(tf.slice(x, [0, 0, 0], [-1, 1, -1]), [1, length - 1, 1])],
      1,
    );
    const expected = name.endsWith('adding up') ? tf.add(theirs, begun) : theirs;
    expect(maxDifference(cases[name]!(), expected)).toBeLessThan(1e-4);
  });

  it.each(['filter_lowpass', 'filter_highpass', 'filter_bandpass', 'filter_bandstop'] as const)(
    'filters as selfEEG’s Butterworth filters, run both ways: %s',
    (name) => {
      const { result, edges, order: steepness, kind } = views[name];
      const y = samples(fixture.long as [number, number, number]);
      const own = { kind: kind as FilterKind, edges: tf.tensor2d([edges, edges]), order: steepness };
      const [from, size] = fixture.middle as [number, number];
      const middle = tf.slice(filterSignals(y, own, rate), [0, from, 0], [2, size, 2]);
      expect(maxDifference(middle, tf.tensor(result, [2, size, 2]))).toBeLessThan(1e-4);
    },
  );

  it('warps time as selfEEG, whose last segment ends a point beyond the window', () => {
    const { result, stretched, segments, stretch, squeeze } = views.warp_signal;
    const step = 0.05;
    const wave = tf.tensor(
      Array.from({ length: 400 }, (_, at) => Math.sin(step * at)),
      [1, 400, 1],
    );
    // Pieces of 80 points become 160 or 40, of which selfEEG leaves out the last.
    const speeds = Array.from(
      { length: segments },
      (_, at) => 80 * (stretched.includes(at) ? stretch : squeeze) - 1,
    );
    const found = warpTime(wave, tf.tensor2d([speeds]));
    expect(maxDifference(found, tf.tensor(result, [1, 400, 1]))).toBeLessThan(1.05 * step);
  });
});

describe('time that is warped', () => {
  it('stays as it is where no segment is longer than another', () => {
    expect(maxDifference(warpTime(x, tf.ones([count, 8])), x)).toBeLessThan(1e-4);
  });

  it('is a ramp of two slopes for a ramp: three times slower in the first half', () => {
    const ramp = tf.reshape(tf.range(0, 101, 1), [1, 101, 1]);
    const found = warpTime(ramp, tf.tensor2d([[3, 1]])).dataSync();
    // The first half of the ramp takes three quarters of the time.
    expect(found[75]).toBeCloseTo(50, 3);
    expect(found[30]).toBeCloseTo(20, 3);
    expect(found[100]).toBeCloseTo(100, 3);
  });
});
