import { describe, expect, it } from 'vitest';
import { resampledScores } from '../../../../src/learning/evaluation/resampling.ts';

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
});
