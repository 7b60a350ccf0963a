import { describe, expect, test } from 'vitest';
import { answerOf, answerSentence } from '../../../../src/contract/results/answer.ts';
import type { SummaryRow } from '../../../../src/contract/results/result.ts';

const arm = (mean: number, overfitGap: number) => ({ mean, sd: 0.02, n: 5, overfitGap });

function rowOf(difference: SummaryRow['difference'], change: Partial<SummaryRow> = {}): SummaryRow {
  return {
    dataset: 'cells',
    labels: 80,
    labelsPerClass: 10,
    metric: 'balanced-accuracy',
    arms: { pretrained: arm(0.602, 0.36), baseline: arm(0.499, 0.5) },
    difference,
    ...change,
  };
}
const difference = (mean: number, low: number, high: number): SummaryRow['difference'] => ({
  of: ['pretrained', 'baseline'],
  mean,
  low,
  high,
});

describe('the answer', () => {
  test('says what was gained, with interval, budget and overfit gap', () => {
    expect(answerSentence(rowOf(difference(0.103, 0.079, 0.127)))).toBe(
      'Pretraining added 10.3 points, 95 % interval 7.9 to 12.7 for this pretraining and these test samples, at 10 labels per class; the overfit gap shrank from 0.50 to 0.36.',
    );
  });

  test('names what did better without any network, and the best of it', () => {
    const arms = { pretrained: arm(0.73, 0), baseline: arm(0.711, 0) };
    const of = (references: SummaryRow['arms'], change: Partial<SummaryRow> = {}) =>
      answerSentence(rowOf(difference(0.019, 0.007, 0.031), { arms: { ...arms, ...references }, ...change }));
    expect(of({ 'reference-linear': arm(0.758, 0), 'reference-trees': arm(0.74, 0) })).toContain(
      ' Without any network, a linear model did better: 75.8 % on average, 73.0 % after pretraining.',
    );
    expect(of({ 'reference-trees': arm(0.646, 0) })).not.toContain('network');
    expect(of({ 'reference-trees': arm(0.646, 0) }, { metric: 'rmse' })).toContain(
      'boosted trees did better: 0.646 on average, 0.730 after pretraining.',
    );
  });

  test('claims nothing when the interval includes zero, however large the mean', () => {
    const answer = answerOf(rowOf(difference(0.103, -0.01, 0.216)));
    expect(answer.verdict).toBe('same');
    expect(answer.headline).toBe('Pretraining made no measurable difference');
    expect(answer.detail).toContain('95 % interval −1.0 to 21.6');
  });

  test('shows on which side of zero a bound lies', () => {
    expect(answerOf(rowOf(difference(0.024, -0.0002, 0.048))).detail).toContain('interval −0.02 to 4.8');
    expect(answerOf(rowOf(difference(0.024, 0.0003, 0.048))).detail).toContain('interval 0.03 to 4.8');
  });

  test('names a loss as one', () => {
    const answer = answerOf(rowOf(difference(-0.04, -0.06, -0.02)));
    expect([answer.verdict, answer.headline]).toEqual(['worse', 'Pretraining cost 4.0 points']);
  });

  test('knows that a lower error is better', () => {
    const lower = answerOf(rowOf(difference(0.2, 0.1, 0.3), { metric: 'rmse' }));
    expect([lower.verdict, lower.headline]).toEqual([
      'better',
      'Pretraining lowered the error by 0.200 RMSE',
    ]);
    const higher = answerOf(rowOf(difference(-0.2, -0.3, -0.1), { metric: 'rmse' }));
    expect([higher.verdict, higher.headline]).toEqual([
      'worse',
      'Pretraining raised the error by 0.200 RMSE',
    ]);
  });

  test('says that the overfit gap grew when it did, and names labels in all', () => {
    const row = rowOf(difference(0.1, 0.05, 0.15), {
      labels: 20,
      labelsPerClass: null,
      arms: { pretrained: arm(0.6, 0.55), baseline: arm(0.5, 0.5) },
    });
    expect(answerOf(row).detail).toBe(
      '95 % interval 5.0 to 15.0 for this pretraining and these test samples, at 20 labels; the overfit gap grew from 0.50 to 0.55.',
    );
  });

  test('writes a gap below zero with a minus sign', () => {
    const row = rowOf(difference(0.1, 0.05, 0.15), {
      arms: { pretrained: arm(0.6, -0.02), baseline: arm(0.5, -0.01) },
    });
    expect(answerOf(row).detail).toContain('the overfit gap shrank from −0.01 to −0.02');
  });

  test('says how far the interval reaches', () => {
    const over = (pretrainings: number, testSamples: boolean) =>
      answerOf(rowOf({ ...difference(0.1, 0.05, 0.15)!, pretrainings, testSamples })).detail;
    expect(over(1, true)).toContain('5.0 to 15.0 for this pretraining, at');
    expect(over(5, true)).toContain('5.0 to 15.0 over 5 pretrainings, at');
    expect(over(5, false)).toContain('over 5 pretrainings, for these test samples, at');
  });

  test('claims nothing where all seeds agree and nothing else is known', () => {
    const answer = answerOf(rowOf(difference(0.25, 0.25, 0.25)));
    expect([answer.verdict, answer.headline]).toEqual([
      'unknown',
      'All seeds gave the same difference, 25.0 points',
    ]);
    expect(answer.detail).toContain('It takes more seeds to say how sure that is');
  });

  test('names the arm that is missing', () => {
    const detail = (arms: object) => answerOf(rowOf(null, { arms })).detail;
    expect(detail({ pretrained: arm(0.6, 0.1) })).toContain('the baseline), of which there is no result');
    expect(detail({ baseline: arm(0.6, 0.1) })).toContain(
      'the pretrained model, of which there is no result',
    );
    expect(detail({ pretrained: arm(0.6, 0.1), baseline: arm(0.6, 0.1) })).toContain('at least two seeds');
  });

  test('claims nothing of a difference between other arms, or of none', () => {
    expect(answerOf(rowOf(null)).verdict).toBe('unknown');
    expect(answerOf(rowOf({ of: ['frozen', 'baseline'], mean: 0.1, low: 0.05, high: 0.2 })).verdict).toBe(
      'unknown',
    );
  });
});
