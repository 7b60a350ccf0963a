import { describe, expect, it } from 'vitest';
import {
  classificationScores,
  confusionMatrix,
  regressionScores,
} from '../../../../../src/learning/evaluation/metrics/metrics.ts';

// Expected numbers: scikit-learn 1.9.1 (accuracy_score, balanced_accuracy_score, f1_score, confusion_matrix,
// precision_recall_fscore_support, r2_score, root_mean_squared_error) on the same lists.
const targets = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2];
const predictions = [0, 0, 1, 2, 1, 1, 0, 2, 2, 2, 1, 2];

describe('scores of a classification', () => {
  const scores = classificationScores(targets, predictions, 3);

  it('equal those of scikit-learn', () => {
    expect(scores.accuracy).toBeCloseTo(0.6666666666666666, 12);
    expect(scores.balancedAccuracy).toBeCloseTo(0.6555555555555556, 12);
    expect(scores.macroF1).toBeCloseTo(0.6476190476190476, 12);
    expect(scores.confusion).toEqual([
      [2, 1, 1],
      [1, 2, 0],
      [0, 1, 4],
    ]);
    expect(scores.perClass.map((row) => row.support)).toEqual([4, 3, 5]);
    expect(scores.perClass[0]!.precision).toBeCloseTo(0.6666666666666666, 12);
    expect(scores.perClass[1]!.recall).toBeCloseTo(0.6666666666666666, 12);
    expect(scores.perClass[1]!.f1).toBeCloseTo(0.5714285714285714, 12);
  });

  it('leave out classes that are not there', () => {
    const some = classificationScores([0, 0, 2, 2], [0, 1, 2, 2], 5);
    expect(some.balancedAccuracy).toBeCloseTo(0.75, 12);
    expect(some.macroF1).toBeCloseTo(0.5555555555555555, 12);
  });

  it('refuse class ids that do not exist and lists of unequal length', () => {
    expect(() => confusionMatrix([0, 3], [0, 0], 3)).toThrow(/from 0 to 2/);
    expect(() => confusionMatrix([0, 1], [0], 3)).toThrow(RangeError);
  });
});

describe('scores of a regression', () => {
  it('equal those of scikit-learn', () => {
    const scores = regressionScores([3, -0.5, 2, 7], [2.5, 0, 2, 8]);
    expect(scores.r2).toBeCloseTo(0.9486081370449679, 12);
    expect(scores.rmse).toBeCloseTo(0.6123724356957945, 12);
  });

  it('give R² 0 to the mean and to anything about constant targets', () => {
    expect(regressionScores([1, 2, 3], [2, 2, 2]).r2).toBeCloseTo(0, 12);
    expect(regressionScores([4, 4], [4, 5]).r2).toBe(0);
  });
});
