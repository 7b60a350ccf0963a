/** Samples that count differently: scores and fits as scikit-learn has them, and what one sample does to a score. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { MetricName } from '../../../../../src/contract/results/metric.ts';
import { influencesOf } from '../../../../../src/learning/evaluation/intervals/several-influence.ts';
import { scoreOf, type Answers } from '../../../../../src/learning/evaluation/metrics/metrics.ts';
import { severalScore, type SeveralAnswers } from '../../../../../src/learning/evaluation/metrics/several.ts';
import { asGain } from '../../../../../src/contract/results/metric.ts';
import { ofMeanOne } from '../../../../../src/learning/evaluation/probes/features.ts';
import {
  applyLinearModel,
  fitLogisticRegression,
  largestClass,
  softmaxRows,
} from '../../../../../src/learning/evaluation/probes/logistic-regression.ts';
import { fitRidge } from '../../../../../src/learning/evaluation/probes/ridge.ts';
import { startTensorFlow } from '../../../../../src/tensor/index.ts';

interface Fixture {
  targets: number[];
  weights: number[];
  probabilities: number[];
  numbers: number[];
  guesses: number[];
  classScores: Record<string, number>;
  numberScores: Record<string, number>;
  features: number[];
  ridge: { kernel: number[]; bias: number };
  logistic: number[];
}
const file = new URL('./weighted-fixture.json', import.meta.url);
const fixture = JSON.parse(readFileSync(file, 'utf8')) as Fixture;
const { targets, weights, probabilities, numbers, guesses } = fixture;
const ofClasses: Answers = {
  targets,
  predictions: largestClass(probabilities, 3),
  classCount: 3,
  probabilities,
  weights,
};
const ofNumbers: Answers = { targets: numbers, predictions: guesses, classCount: 0, weights };
const cases = [
  ...Object.entries(fixture.classScores).map(([metric, score]) => ({ metric, score, answers: ofClasses })),
  ...Object.entries(fixture.numberScores).map(([metric, score]) => ({ metric, score, answers: ofNumbers })),
].map((one) => ({ ...one, metric: one.metric as MetricName }));

it.each(cases)('$metric of weighted samples is that of scikit-learn', ({ metric, score, answers }) => {
  expect(scoreOf(metric, answers)).toBeCloseTo(score, 10);
});

describe('what a sample does to a score', () => {
  /** The score where one sample is there a little more often than once. */
  const slope = (metric: MetricName, answers: Answers, sample: number) => {
    const step = 1e-6;
    const more = weights.map((weight, i) => weight * (i === sample ? 1 + step : 1));
    const changed = scoreOf(metric, { ...answers, weights: more }) - scoreOf(metric, answers);
    return (asGain(metric, changed) / step) * weights.length;
  };

  it.each(cases)('$metric: its influence is the slope by how often it is there', ({ metric, answers }) => {
    const found = influencesOf(metric, answers);
    for (let sample = 0; sample < weights.length; sample += 7)
      expect(found[sample]).toBeCloseTo(slope(metric, answers, sample), 3);
    expect(found.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 8);
  });

  it('of several labels: each label by the rows where it is known', () => {
    const truths = targets.flatMap((target, i) => [target === 0 ? 1 : 0, i % 5 === 0 ? NaN : target % 2]);
    const answers = targets.flatMap((_, i) => [probabilities[3 * i]!, probabilities[3 * i + 1]!]);
    const given = (counts: readonly number[]): SeveralAnswers => ({
      target: 'labels',
      width: 2,
      truths,
      answers,
      weights: counts,
    });
    for (const metric of ['macro-f1', 'auroc', 'auprc', 'log-loss', 'all-right'] as const) {
      const found = influencesOf(metric, given(weights));
      for (const sample of [3, 5, 20]) {
        const more = weights.map((weight, i) => weight * (i === sample ? 1 + 1e-6 : 1));
        const changed = severalScore(metric, given(more)) - severalScore(metric, given(weights));
        const expected = (asGain(metric, changed) / 1e-6) * weights.length;
        expect(found[sample], `${metric}, sample ${sample}`).toBeCloseTo(expected, 3);
      }
    }
  });
});

describe('fits to weighted samples', () => {
  const features = { values: Float32Array.from(fixture.features), rows: 60, columns: 3 };
  beforeAll(() => startTensorFlow());

  it('ridge regression', () => {
    const { kernel, bias } = fitRidge(features, numbers, 2, ofMeanOne(weights));
    expect(bias[0]).toBeCloseTo(fixture.ridge.bias, 6);
    fixture.ridge.kernel.forEach((value, at) => expect(kernel[at]).toBeCloseTo(value, 6));
  });

  it('logistic regression', () => {
    const options = { classCount: 3, inverseStrength: 0.5, weights: ofMeanOne(weights) };
    const model = fitLogisticRegression(features, targets, options);
    const found = softmaxRows(applyLinearModel(model, features), 3);
    fixture.logistic.forEach((value, at) => expect(found[at]).toBeCloseTo(value, 3));
  });
});
