import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  colorBins,
  rarityWeights,
  spreadOverBins,
} from '../../../../../src/learning/pretext/parts/color-bins.ts';
import { tf } from '../../../../../src/tensor/index.ts';
import { maxDifference } from '../../helpers.ts';

/** From scikit-image and NumPy: color-fixture.py. */
const fixture = JSON.parse(
  readFileSync(new URL('../../color-fixture.json', import.meta.url), 'utf8'),
) as Record<'bins20' | 'ab' | 'spread', number[][]> &
  Record<'frequency' | 'weights', number[]> & { binCounts: Record<string, number> };

describe('colour bins', () => {
  it('are those that scikit-image finds in use, and at most a few more at the edge', () => {
    for (const size of [10, 20]) {
      const { centres } = colorBins(size);
      expect(centres.length).toBeGreaterThanOrEqual(fixture.binCounts[size]!);
      expect(centres.length).toBeLessThanOrEqual(fixture.binCounts[size]! + 2);
    }
    const found = new Set(colorBins(20).centres.map(String));
    for (const centre of fixture.bins20) expect(found).toContain(String(centre));
  });

  it('share a colour among the five nearest, as NumPy does it', () => {
    const bins = { size: 20, centres: fixture.bins20 as [number, number][] };
    const found = spreadOverBins(tf.tensor2d(fixture.ab), bins);
    expect(maxDifference(found, tf.tensor2d(fixture.spread))).toBeLessThan(1e-4);
    expect(maxDifference(tf.sum(found, 1), tf.ones([fixture.ab.length]))).toBeLessThan(1e-5);
  });

  it('count more where they are rare, and 1 on average over the data', () => {
    const frequency = tf.tensor1d(fixture.frequency);
    const weights = rarityWeights(frequency);
    expect(maxDifference(weights, tf.tensor1d(fixture.weights))).toBeLessThan(1e-4);
    expect(tf.sum(tf.mul(weights, frequency)).dataSync()[0]).toBeCloseTo(1, 5);
  });
});
