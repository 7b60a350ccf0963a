import { describe, expect, it } from 'vitest';
import type { Difference, SummaryRow } from '../../../../src/contract/results/result.ts';
import { togetherRows, togetherSentence } from '../../../../src/contract/results/together-words.ts';

const difference = (of: Difference['of'], low: number, high: number): Difference => ({
  of,
  mean: (low + high) / 2,
  low,
  high,
});
const row = (dataset: string, own: [number, number]): SummaryRow => ({
  dataset,
  labels: 40,
  labelsPerClass: 5,
  metric: 'accuracy',
  arms: {},
  difference: difference(['pretrained', 'baseline'], 0.01, 0.03),
  differences: [difference(['pretrained', 'pretrained-own'], ...own)],
});

describe('what putting datasets together bought', () => {
  it('is one sentence that says for whom it paid, whom it cost, and for whom nobody can tell', () => {
    const summary = [row('a', [0.01, 0.05]), row('b', [-0.02, 0.01]), row('c', [-0.04, -0.02])];
    expect(togetherSentence({ summary })).toBe(
      'Putting the datasets together paid for a and cost c; for b it could not be told. Beside pretraining on its own data alone, a: +3.0 points at 5 per class (95 % interval 1.0 to 5.0); b: −0.5 points at 5 per class (95 % interval −2.0 to 1.0); c: −3.0 points at 5 per class (95 % interval −4.0 to −2.0).',
    );
    expect(togetherSentence({ summary: [summary[1]!] })).toMatch(/^Whether .* could not be told for any/);
  });

  it('is nothing where no study compares it, and else every pair that there is', () => {
    const { differences: _none, ...plain } = row('a', [0, 0]);
    expect(togetherRows({ summary: [plain] })).toEqual([]);
    expect(togetherSentence({ summary: [plain] })).toBeNull();
    expect(togetherRows({ summary: [row('a', [0, 1])] }).map(({ pair }) => pair)).toEqual([
      'all together, beside own data alone',
      'all together, beside no pretraining',
    ]);
  });
});
