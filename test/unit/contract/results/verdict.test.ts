import { describe, expect, it } from 'vitest';
import type { Difference } from '../../../../src/contract/results/result.ts';
import { scopeSentences, scopeWords, verdictOf } from '../../../../src/contract/results/verdict.ts';

const difference = (low: number, high: number, more: Partial<Difference> = {}): Difference => ({
  of: ['pretrained', 'baseline'],
  mean: (low + high) / 2,
  low,
  high,
  ...more,
});

describe('what a difference says', () => {
  it.each([
    ['better', 0.01, 0.03],
    ['worse', -0.03, -0.01],
    ['same', -0.01, 0.02],
    ['same', 0, 0.02],
    // Two seeds that happen to agree prove nothing.
    ['unknown', 0.02, 0.02],
  ] as const)('is “%s” from %d to %d', (verdict, low, high) => {
    expect(verdictOf({ difference: difference(low, high) })).toBe(verdict);
  });

  it('is nothing about pretraining where other arms are compared, or none', () => {
    const other = difference(0.1, 0.2, { of: ['linear-probe', 'baseline'] });
    expect(verdictOf({ difference: other })).toBe('unknown');
    expect(verdictOf({ difference: null })).toBe('unknown');
  });
});

describe('how far it reaches', () => {
  it('names what the interval is not over', () => {
    expect(scopeWords({ pretrainings: 1 })).toBe('for this pretraining and these test samples');
    expect(scopeWords({ pretrainings: 1, testSamples: true })).toBe('for this pretraining');
    expect(scopeWords({ pretrainings: 5, testSamples: true })).toBe('over 5 pretrainings');
    expect(scopeWords({ pretrainings: 5 })).toBe('over 5 pretrainings, for these test samples');
  });

  it('says at length what other numbers could have been found', () => {
    const [drawn, ...rest] = scopeSentences(
      difference(0, 1, { seeds: 4, pretrainings: 3, testSamples: true }),
    );
    expect(drawn).toBe(
      'The 95 % interval is over 3 pretrainings, label draws and first weights (4 seeds) and test samples.',
    );
    expect(rest).toEqual([expect.stringContaining('five would make it narrower')]);
    expect(scopeSentences(difference(0, 1))).toEqual([
      'The 95 % interval is over label draws and first weights.',
      expect.stringContaining('It holds for this pretraining'),
      expect.stringContaining('nothing of other test samples'),
    ]);
    expect(scopeSentences(difference(0, 1, { pretrainings: 5, testSamples: true }))).toHaveLength(1);
  });
});
