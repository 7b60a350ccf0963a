import { describe, expect, it } from 'vitest';
import {
  restorationTarget,
  strengthAround,
  targetChannels,
} from '../../../../../src/learning/pretext/parts/signal-target.ts';
import { tf, type Tensor } from '../../../../../src/tensor/index.ts';
import { bytesOf, signalsOf } from '../../helpers.ts';
import { preview } from '../previews.ts';

const [count, length, channels] = [2, 64, 3];
const signals = () => signalsOf(count, length, channels);
const both = { signalTarget: 'both' } as const;
const asPlainSums = (x: Tensor, reach: number) => {
  const values = x.dataSync();
  return Array.from(values, (_, place) => {
    const channel = place % channels;
    const at = Math.floor(place / channels) % length;
    const first = Math.floor(place / (channels * length)) * channels * length;
    let [sum, seen] = [0, 0];
    for (let near = Math.max(0, at - reach); near <= Math.min(length - 1, at + reach); near++) {
      sum += Math.abs(values[first + near * channels + channel]!);
      seen++;
    }
    return sum / seen;
  });
};

describe('the strength of a signal', () => {
  it('is the mean absolute value around each point, of fewer points at the ends', () => {
    const x = signals();
    const expected = asPlainSums(x, 2);
    const found = strengthAround(x).dataSync();
    expect(found).toHaveLength(expected.length);
    expected.forEach((value, place) => expect(found[place]).toBeCloseTo(value, 5));
  });

  it('is told as its logarithm, above a tenth of a deviation', () => {
    const quiet = tf.zeros([1, length, 1]);
    const loud = tf.fill([1, length, 1], -2.9);
    const tell = (x: Tensor) => restorationTarget(x, { signalTarget: 'strength' }, 'signal').dataSync();
    for (const value of tell(quiet)) expect(value).toBeCloseTo(Math.log(0.1), 5);
    for (const value of tell(loud)) expect(value).toBeCloseTo(Math.log(3), 5);
  });
});

describe('what is to be told of samples', () => {
  it('has as many channels as a task is told to expect', () => {
    for (const signalTarget of ['both', 'values', 'strength'] as const) {
      const choice = { signalTarget };
      const expected = targetChannels(channels, choice, 'signal');
      expect(restorationTarget(signals(), choice, 'signal').shape).toEqual([count, length, expected]);
    }
    expect(targetChannels(channels, both, 'signal')).toBe(2 * channels);
  });

  it('begins with the values', () => {
    const x = signals();
    const [values] = tf.split(restorationTarget(x, both, 'signal'), 2, 2) as [Tensor, Tensor];
    expect(values.dataSync()).toEqual(x.dataSync());
  });

  it('is the image itself, whatever is asked of signals', () => {
    const images = bytesOf([1, 8, 8, 3]);
    for (const signalTarget of ['both', 'strength'] as const) {
      expect(restorationTarget(images, { signalTarget }, 'image')).toBe(images);
      expect(targetChannels(3, { signalTarget }, 'image')).toBe(3);
    }
  });
});

describe.each(['masked-reconstruction', 'context-encoder', 'denoising', 'masked-autoencoder'])(
  'the preview of %s',
  (id) => {
    const titles = (samples: Tensor, changes = {}) =>
      preview(id, samples, changes)[0]!
        .panels.filter(({ role }) => role === 'target')
        .map(({ title }) => title);

    it('shows what is to be told', () => {
      expect(titles(signals())).toEqual(['Target', 'Strength']);
      expect(titles(signals(), { signalTarget: 'values' })).toEqual(['Target']);
      expect(titles(signals(), { signalTarget: 'strength' })).toEqual(['Target: strength']);
      expect(titles(bytesOf([count, 16, 16, 3]))).toEqual(['Target']);
    });
  },
);
