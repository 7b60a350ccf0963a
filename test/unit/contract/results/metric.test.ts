import { describe, expect, it } from 'vitest';
import {
  advantage,
  asGain,
  defaultMetric,
  metricNameSchema,
  metricOf,
  metricsFor,
  overfitGapOf,
  differenceWithinRange,
  withinRange,
} from '../../../../src/contract/results/metric.ts';
import { allScores } from '../../../../src/learning/evaluation/metrics/metrics.ts';
import { severalScores } from '../../../../src/learning/evaluation/metrics/several.ts';

describe('the metrics', () => {
  it('are compared so that better is positive, whichever way they go', () => {
    expect(advantage('rmse', 3, 5)).toBe(2);
    expect(advantage('accuracy', 0.3, 0.5)).toBeCloseTo(-0.2, 12);
    for (const metric of metricNameSchema.options) expect(asGain(metric, asGain(metric, 0.3))).toBe(0.3);
  });

  it('have intervals that end where no score can be', () => {
    expect(withinRange('balanced-accuracy', { low: -0.4, high: 1.7 })).toEqual({ low: 0, high: 1 });
    expect(withinRange('kappa', { low: -1.4, high: 0.3 })).toEqual({ low: -1, high: 0.3 });
    expect(withinRange('rmse', { low: -2, high: 9 })).toEqual({ low: 0, high: 9 });
    expect(withinRange('r2', { low: -2, high: 9 })).toEqual({ low: -2, high: 1 });
    expect(differenceWithinRange('accuracy', { mean: 0.1, low: -2.4, high: 2.6 })).toEqual({
      mean: 0.1,
      low: -1,
      high: 1,
    });
    expect(differenceWithinRange('rmse', { low: -20, high: 26 })).toEqual({ low: -20, high: 26 });
  });

  it('have a gap that is larger where unseen data fare worse', () => {
    expect(overfitGapOf('rmse', { train: 1.2, test: 11.4 })).toBeCloseTo(10.2, 12);
    expect(overfitGapOf('r2', { train: 0.9, test: 0.4 })).toBeCloseTo(0.5, 12);
    expect(overfitGapOf('accuracy', { train: 0.7, test: 0.8 })).toBeCloseTo(-0.1, 12);
  });

  it('are each for one kind of label, and each kind has one that is taken when nobody asks', () => {
    expect(metricsFor('classes')).toEqual([
      'accuracy',
      'balanced-accuracy',
      'macro-f1',
      'kappa',
      'auroc',
      'auprc',
      'log-loss',
      'brier',
    ]);
    expect(metricsFor('number')).toEqual(['r2', 'rmse', 'mae']);
    expect([defaultMetric('classes'), defaultMetric('number')]).toEqual(['balanced-accuracy', 'r2']);
    expect([defaultMetric('labels'), defaultMetric('numbers')]).toEqual(['auroc', 'r2']);
  });

  it('are all computed', () => {
    const classes = {
      targets: [0, 1, 1],
      predictions: [0, 1, 0],
      classCount: 2,
      probabilities: [0.8, 0.2, 0.1, 0.9, 0.9, 0.1],
    };
    const numbers = { targets: [0, 1, 2], predictions: [0, 1, 1], classCount: 0 };
    const several = {
      target: 'labels' as const,
      width: 2,
      truths: [1, 0, 0, 1],
      answers: [0.4, 0.6, 0.7, 0.9],
    };
    const scores = {
      ...severalScores(several),
      ...allScores('classes', classes),
      ...allScores('number', numbers),
    };
    expect(Object.keys(scores).toSorted()).toEqual([...metricNameSchema.options].toSorted());
    // The best answers have the best score, by the direction that the registry gives.
    for (const metric of metricNameSchema.options) {
      const of = metricOf(metric).of[0]!;
      if (of === 'labels') {
        const best = severalScores({ ...several, answers: several.truths })[metric]!;
        expect(advantage(metric, best, scores[metric]!), metric).toBeGreaterThan(0);
        continue;
      }
      const given = of === 'classes' ? classes : numbers;
      const sure = of === 'classes' ? { probabilities: [1, 0, 0, 1, 0, 1] } : {};
      const right = allScores(of, { ...given, ...sure, predictions: given.targets })[metric]!;
      expect(advantage(metric, right, scores[metric]!), metric).toBeGreaterThan(0);
    }
  });
});
