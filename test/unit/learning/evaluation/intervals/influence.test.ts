import { describe, expect, it } from 'vitest';
import { asGain, metricNameSchema, metricOf } from '../../../../../src/contract/results/metric.ts';
import { blockSums, influences } from '../../../../../src/learning/evaluation/intervals/influence.ts';
import { scoreOf, type Answers } from '../../../../../src/learning/evaluation/metrics/metrics.ts';

const classes: Answers = {
  targets: [0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 1, 0],
  predictions: [0, 0, 1, 2, 1, 1, 0, 2, 2, 2, 1, 2, 2, 0],
  classCount: 4,
  // Rows that sum to 1, some of them equal, so that ranks are shared.
  probabilities: Array.from({ length: 14 }, (_, row) => {
    const weights = [0, 1, 2, 3].map((id) => 1 + ((row * 7 + id * 5) % 4));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / total);
  }).flat(),
};
const numbers: Answers = {
  targets: [1, 2, 3.5, 4, 7, 9, -2, 0.5],
  predictions: [1.5, 2, 3, 4.4, 6, 9.5, -1, 0],
  classCount: 0,
};

describe('influences', () => {
  it.each(metricNameSchema.options.filter((metric) => metric !== 'all-right'))(
    'of %s are the derivatives of the score by weights of samples',
    (metric) => {
      const answers = metricOf(metric).of.includes('classes') ? classes : numbers;
      const found = influences(metric, answers);
      expect(found.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 10);
      // Independent of the formulas: so many copies of all samples, and one more of this one.
      const copies = 2000;
      const times = (list: ArrayLike<number>) =>
        Array.from({ length: copies }, () => Array.from(list)).flat();
      const { probabilities, classCount } = answers;
      const all = {
        targets: times(answers.targets),
        predictions: times(answers.predictions),
        ...(probabilities && { probabilities: times(probabilities) }),
      };
      const before = asGain(metric, scoreOf(metric, { ...answers, ...all }));
      for (let i = 0; i < answers.targets.length; i++) {
        const after = asGain(
          metric,
          scoreOf(metric, {
            ...answers,
            targets: [...all.targets, answers.targets[i]!],
            predictions: [...all.predictions, answers.predictions[i]!],
            ...(probabilities && {
              probabilities: [
                ...all.probabilities!,
                ...Array.from(probabilities).slice(i * classCount, (i + 1) * classCount),
              ],
            }),
          }),
        );
        const slope = (after - before) * (all.targets.length + 1);
        expect(slope).toBeCloseTo(found[i]!, 2);
      }
    },
  );

  it('are 0 where nothing can be told: no error at all, targets that are all alike', () => {
    const perfect = { ...numbers, predictions: numbers.targets };
    expect([...influences('rmse', perfect)]).toEqual(new Array(8).fill(0));
    expect([...influences('r2', { targets: [1, 1], predictions: [0, 1], classCount: 0 })]).toEqual([0, 0]);
  });
});

describe('blocks of test samples', () => {
  it('hold what their samples contribute, a group in one', () => {
    const sums = blockSums([1, 2, 3, 4], [7, 7, -1, 9]);
    expect(sums.length).toBe(3);
    expect([...sums].toSorted()).toEqual([0.75, 0.75, 1]);
  });

  it('are a thousand at most, of even sizes, and the same for every model', () => {
    const ones = new Float64Array(10_500).fill(1);
    const sums = blockSums(ones, null);
    expect(sums.length).toBe(1000);
    expect(new Set([...sums].map((sum) => Math.round(sum * ones.length)))).toEqual(new Set([10, 11]));
    expect(blockSums(ones, null)).toEqual(sums);
  });
});
