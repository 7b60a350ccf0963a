import { describe, expect, it } from 'vitest';
import { asGain, metricsFor } from '../../../../../src/contract/results/metric.ts';
import { severalInfluences } from '../../../../../src/learning/evaluation/intervals/several-influence.ts';
import { severalScore, type SeveralAnswers } from '../../../../../src/learning/evaluation/metrics/several.ts';

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

describe('influences on scores of several', () => {
  const cases = [labels, masked, numbers].flatMap((answers, at) =>
    metricsFor(answers.target).map((metric) => [metric, at, answers] as const),
  );
  it.each(cases)('of %s (%i) are the derivatives by weights of samples', (metric, _at, answers) => {
    const found = severalInfluences(metric, answers);
    expect(found.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 9);
    const copies = 2000;
    const { width } = answers;
    const count = answers.truths.length / width;
    const times = (list: ArrayLike<number>) => Array.from({ length: copies }, () => Array.from(list)).flat();
    const all = { ...answers, truths: times(answers.truths), answers: times(answers.answers) };
    const before = asGain(metric, severalScore(metric, all));
    for (const row of [0, 3]) {
      const own = (list: ArrayLike<number>) => Array.from(list).slice(row * width, (row + 1) * width);
      const more = {
        ...all,
        truths: [...all.truths, ...own(answers.truths)],
        answers: [...all.answers, ...own(answers.answers)],
      };
      const slope = (asGain(metric, severalScore(metric, more)) - before) * (count * copies);
      expect(Math.abs(slope - found[row]!)).toBeLessThan(0.01 * Math.max(1, Math.abs(found[row]!)));
    }
  });
});
