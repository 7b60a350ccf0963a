import { describe, expect, it } from 'vitest';
import type { MetricName } from '../../../../../src/contract/results/metric.ts';
import {
  perTarget,
  severalLosses,
  severalScore,
  severalScores,
  singleAnswers,
  type SeveralAnswers,
} from '../../../../../src/learning/evaluation/metrics/several.ts';

// Expected numbers: scikit-learn 1.7.2 (roc_auc_score, average_precision_score, f1_score with average="macro",
// hamming_loss, accuracy_score, log_loss, brier_score_loss; r2_score, root_mean_squared_error, mean_absolute_error).
const labels: SeveralAnswers = {
  target: 'labels',
  width: 3,
  truths: [1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 1, 1, 0, 1, 0, 1, 0],
  answers: [
    0.9, 0.2, 0.6, 0.4, 0.1, 0.8, 0.35, 0.7, 0.3, 0.2, 0.45, 0.55, 0.8, 0.55, 0.6, 0.6, 0.05, 0.9, 0.7, 0.3,
    0.4, 0.1, 0.6, 0.2,
  ],
};
const numbers: SeveralAnswers = {
  target: 'numbers',
  width: 2,
  truths: [3, -10, -0.5, 20, 2, 15, 7, -3],
  answers: [2.5, -8, 0, 18, 2, 11, 8, 2],
};
/** The second label is not known of the first sample and of the fourth. */
const masked = {
  ...labels,
  truths: Array.from(labels.truths, (truth, i) => (i === 1 || i === 10 ? NaN : truth)),
};

describe('scores of several labels', () => {
  it('are the means that scikit-learn gives', () => {
    const expected: Partial<Record<MetricName, number>> = {
      auroc: 0.8805555555555555,
      auprc: 0.9033333333333333,
      'macro-f1': 0.7388888888888889,
      accuracy: 0.75,
      'all-right': 0.375,
      'log-loss': 0.4392156864147963,
      brier: 0.14135416666666667,
    };
    const found = severalScores(labels);
    expect(Object.keys(found).toSorted()).toEqual(Object.keys(expected).toSorted());
    for (const [metric, score] of Object.entries(expected))
      expect(found[metric as MetricName], metric).toBeCloseTo(score, 12);
  });

  it('tell of each label by itself', () => {
    const [first, second] = perTarget(labels, ['a', 'b', 'c']);
    expect(first).toMatchObject({ name: 'a', samples: 8, positives: 4 });
    expect(first!.scores.auroc).toBeCloseTo(0.875, 12);
    expect(second!.scores.auprc).toBeCloseTo(0.9166666666666666, 12);
    expect(second!.scores['macro-f1']).toBeCloseTo(0.6666666666666666, 12);
  });

  it('are over the samples where a label is known, and leave out what cannot be told', () => {
    expect(severalScore('auroc', masked)).toBeCloseTo(0.9027777777777778, 12);
    const never = { ...labels, truths: Array.from(labels.truths, (truth, i) => (i % 3 === 1 ? 0 : truth)) };
    expect(severalScore('auroc', never)).toBeCloseTo((0.875 + 0.8333333333333334) / 2, 12);
    expect(perTarget(never, ['a', 'b', 'c'])[1]!.scores.auroc).toBeUndefined();
  });
});

describe('scores of several numbers', () => {
  it('are the means that scikit-learn gives', () => {
    expect(severalScore('r2', numbers)).toBeCloseTo(0.9343366949498901, 12);
    expect(severalScore('rmse', numbers)).toBeCloseTo(2.0561862178478973, 12);
    expect(severalScore('mae', numbers)).toBeCloseTo(1.875, 12);
    expect(perTarget(numbers, ['a', 'b'])[1]!.scores.r2).toBeCloseTo(0.9200652528548124, 12);
  });
});

it('what calibration takes is every label that is known', () => {
  const { targets, probabilities } = singleAnswers(masked)!;
  expect(targets).toHaveLength(22);
  expect([...probabilities.subarray(0, 4)]).toEqual([expect.closeTo(0.1, 12), 0.9, 0.4, 0.6]);
  expect(singleAnswers(numbers)).toBeNull();
});

it('the loss of a sample is a mean over what is known of it', () => {
  expect(severalLosses(masked)(0)).toBeCloseTo(-(Math.log(0.9) + Math.log(0.6)) / 2, 12);
  // The third number is off by 0 and by 4; the second target's variance is 613 / 4.
  expect(severalLosses(numbers)(2)).toBeCloseTo(4 / Math.sqrt(613 / 4) / 2, 12);
});
