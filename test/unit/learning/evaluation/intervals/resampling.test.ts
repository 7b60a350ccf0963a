import { describe, expect, it } from 'vitest';
import {
  resampledGroupScores,
  resampledScores,
} from '../../../../../src/learning/evaluation/intervals/resampling.ts';

const places = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
const deviation = (values: readonly number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
};

describe('a score on resamples', () => {
  it('spreads as the accuracy of so many samples does', () => {
    const hits = places(0, 400).map((place) => Number(place % 5 > 0));
    const accuracy = (chosen: Int32Array) => chosen.reduce((sum, i) => sum + hits[i]!, 0) / chosen.length;
    const scores = resampledScores([places(0, 400)], accuracy, 2000);
    // Binomial: √(0.8 · 0.2 / 400) = 0.02; of 2,000 resamples the deviation is within 5 %.
    expect(deviation(scores)).toBeGreaterThan(0.019);
    expect(deviation(scores)).toBeLessThan(0.021);
  });

  it('draws from every stratum as often as it has samples', () => {
    const strata = [places(0, 3), places(3, 7)];
    resampledScores(strata, (chosen) => {
      expect(chosen.filter((place) => place < 3)).toHaveLength(3);
      expect(chosen).toHaveLength(10);
      return 0;
    });
  });

  it('draws the same for everyone who is asked about the same samples', () => {
    const drawn = () => {
      const seen: number[][] = [];
      resampledScores([places(0, 20)], (chosen) => seen.push([...chosen]), 5);
      return seen;
    };
    expect(drawn()).toEqual(drawn());
    expect(new Set(drawn().map(String)).size).toBe(5);
  });

  it('spreads more where samples of a group are alike, and groups are drawn whole', () => {
    // 40 subjects of 10 samples: all samples of a subject are right, or none.
    const groups = places(0, 40).map((group) => places(10 * group, 10));
    const accuracy = (chosen: Int32Array) =>
      chosen.reduce((sum, place) => sum + Number(Math.floor(place / 10) % 5 > 0), 0) / chosen.length;
    const scores = resampledGroupScores(groups, accuracy, 2000);
    // Binomial over 40 subjects, not over 400 samples: √(0.8 · 0.2 / 40) = 0.0632.
    expect(deviation(scores)).toBeGreaterThan(0.059);
    expect(deviation(scores)).toBeLessThan(0.067);
    resampledGroupScores(
      groups,
      (chosen) => {
        const counts = Map.groupBy(chosen, (place) => Math.floor(place / 10));
        for (const own of counts.values()) expect(own.length % 10).toBe(0);
        return 0;
      },
      3,
    );
  });
});
