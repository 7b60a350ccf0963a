import { describe, expect, it } from 'vitest';
import type { MetricName } from '../../../../../src/contract/results/metric.ts';
import { scoreOf } from '../../../../../src/learning/evaluation/metrics/metrics.ts';

// Expected numbers: scikit-learn 1.9.1 (roc_auc_score with multi_class='ovr', average_precision_score of one column a
// class, both averaged 'macro'; log_loss, brier_score_loss, cohen_kappa_score, mean_absolute_error) on the same lists.
const three = {
  targets: [0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2],
  predictions: [0, 0, 1, 2, 1, 1, 0, 2, 2, 2, 1, 2],
  classCount: 3,
  probabilities: [
    [5, 3, 2],
    [4, 4, 2],
    [2, 5, 3],
    [3, 3, 4],
    [1, 8, 1],
    [2, 6, 2],
    [5, 4, 1],
    [1, 2, 7],
    [2, 2, 6],
    [1, 1, 8],
    [2, 5, 3],
    [0, 1, 9],
  ].flatMap((row) => row.map((tenths) => tenths / 10)),
};
const ofOne = [0.1, 0.4, 0.35, 0.8, 0.5, 0.5, 0.2, 0.05, 0.3, 0.6];
const two = {
  targets: [0, 0, 0, 1, 0, 1, 0, 0, 1, 0],
  predictions: ofOne.map((chance) => (chance > 0.5 ? 1 : 0)),
  classCount: 2,
  probabilities: ofOne.flatMap((chance) => [1 - chance, chance]),
};

describe('scores of probabilities', () => {
  it.each<[MetricName, number]>([
    ['auroc', 0.9027667548500883],
    ['auprc', 0.793452380952381],
    ['log-loss', 0.7060904979292656],
    ['brier', 0.40166666666666667],
    ['kappa', 0.49473684210526314],
  ])('%s of three classes is that of scikit-learn', (metric, expected) => {
    expect(scoreOf(metric, three)).toBeCloseTo(expected, 12);
  });

  it.each<[MetricName, number]>([
    ['auroc', 0.7380952380952381],
    // The mean of both classes, 0.6428571428571428 of the rare one.
    ['auprc', (0.6428571428571428 + 0.8801587301587301) / 2],
    ['log-loss', 0.5051107349852223],
    ['brier', 0.1725],
  ])('%s of two classes, with ties, is that of scikit-learn', (metric, expected) => {
    expect(scoreOf(metric, two)).toBeCloseTo(expected, 12);
  });

  it('is as scikit-learn has it for numbers: mean absolute error', () => {
    const answers = { targets: [3, -0.5, 2, 7], predictions: [2.5, 0, 2, 8], classCount: 0 };
    expect(scoreOf('mae', answers)).toBeCloseTo(0.5, 12);
  });

  it('leaves out classes that nobody is of, and has no infinite loss', () => {
    const padded = three.probabilities.flatMap((chance, at) => (at % 3 === 2 ? [chance, 0] : [chance]));
    const wider = { ...three, classCount: 4, probabilities: padded };
    expect(scoreOf('auroc', wider)).toBeCloseTo(0.9027667548500883, 12);
    const wrong = { targets: [0], predictions: [1], classCount: 2, probabilities: [0, 1] };
    expect(scoreOf('log-loss', wrong)).toBeCloseTo(23 * Math.log(2), 10);
    expect(scoreOf('auroc', wrong)).toBe(0);
  });

  it('is a mistake to ask for without probabilities, or with too few', () => {
    const { probabilities: _, ...bare } = two;
    expect(() => scoreOf('auroc', bare)).toThrow(/probabilities/);
    expect(() => scoreOf('brier', { ...two, probabilities: [0.5] })).toThrow(/20 probabilities, not 1/);
  });
});
