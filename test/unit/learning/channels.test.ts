import { beforeAll, describe, expect, it } from 'vitest';
import { isConstantChannel } from '../../../src/contract/data/recordings/channels.ts';
import { normalizeChannels, restoreChannels, statisticsFor } from '../../../src/learning/channels.ts';
import { learningModality } from '../../../src/learning/modalities/registry.ts';
import { startTensorFlow, tf } from '../../../src/tensor/index.ts';

beforeAll(async () => {
  await startTensorFlow();
});

describe('a channel', () => {
  it('is constant when its deviation is rounding only, whatever its unit', () => {
    expect(isConstantChannel(0, 0)).toBe(true);
    expect(isConstantChannel(1e6, 0.01)).toBe(true);
    expect(isConstantChannel(1e6, 0.5)).toBe(false);
    expect(isConstantChannel(0, 1e-13)).toBe(false);
    expect(isConstantChannel(3e-13, 1e-14)).toBe(false);
    expect(isConstantChannel(3e-13, 1e-21)).toBe(true);
    expect(isConstantChannel(Number.NaN, Number.NaN)).toBe(true);
  });
});

describe('normalised channels', () => {
  const values = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i) + (i % 2));
  const normalized = (scale: number) => {
    const samples = tf.tensor3d(
      values.map((value) => value * scale),
      [4, 8, 2],
    );
    const statistics = {
      mean: [0.1 * scale, 0.9 * scale],
      standardDeviation: [0.7 * scale, 0.8 * scale],
    };
    const found = normalizeChannels(samples, statistics);
    const back = restoreChannels(found, statistics);
    expect(Math.max(...tf.abs(tf.sub(back, samples)).dataSync()) / scale).toBeLessThan(1e-6);
    return found.dataSync();
  };

  it('are the same in tesla as in units in which they are around one', () => {
    // A power of two near 1e-13 changes no digit.
    expect(normalized(2 ** -43)).toEqual(normalized(1));
    expect(Math.max(...normalized(2 ** -43))).toBeGreaterThan(1);
  });

  it('stay finite where a channel never changes', () => {
    const samples = tf.fill([2, 4, 1], 5e-13);
    const found = normalizeChannels(samples, { mean: [5e-13], standardDeviation: [0] });
    expect([...found.dataSync()].every((value) => Math.abs(value) < 1e-12)).toBe(true);
  });
});

describe('a channel that is missing', () => {
  const statistics = { mean: [100, 50], standardDeviation: [20, 10] };
  /** Of two pictures the second lacks its second channel. */
  const pictures = tf.tensor4d([120, 60, 80, 40, 120, 0, 80, 0], [2, 2, 1, 2]);

  it('is 0 when normalised as well, and changes no other', () => {
    const masked = normalizeChannels(pictures, statisticsFor(statistics, { mayMiss: true }));
    expect([...masked.dataSync()].map((value) => value + 0)).toEqual([1, 1, -1, -1, 1, 0, -1, 0]);
    const plain = normalizeChannels(pictures, statisticsFor(statistics, {}));
    expect([...plain.dataSync()]).toEqual([1, 1, -1, -1, 1, -5, -1, -5]);
  });

  it('stays so in views of images, whatever they do', () => {
    const { views } = learningModality('image');
    const view = views.random({
      samples: tf.cast(tf.tile(pictures, [1, 8, 16, 1]), 'float32'),
      seed: tf.tensor1d([1, 2], 'int32'),
      options: views.options({ jitterProbability: 1, noiseProbability: 1 }),
      statistics: statisticsFor(statistics, { mayMiss: true }),
    });
    const [first, second] = tf.unstack(tf.max(tf.abs(view), [1, 2]));
    expect([...second!.dataSync()][1]).toBe(0);
    expect(Math.min(...first!.dataSync())).toBeGreaterThan(0);
  });
});
