import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { expect, test } from 'vitest';
import {
  classRows,
  halfInterval,
  studentT975,
  sumConfusion,
} from '../../../../../renderer/lib/results/results.ts';
import type { ResultRow, StudyResult, SummaryRow } from '../../../../../src/contract/result.ts';

test('the quantile of Student’s t agrees with the library that the service uses', () => {
  for (const degrees of [1, 2, 4, 9, 10, 11, 15, 29, 99])
    expect(studentT975(degrees)).toBeCloseTo(tQuantile(0.975, degrees), 3);
});

test('the interval of a mean is the textbook’s', () => {
  expect(halfInterval(0.1, 5)).toBeCloseTo((2.7764 * 0.1) / Math.sqrt(5), 6);
  expect(halfInterval(0.1, 1)).toBe(0);
});

const row = (arm: ResultRow['arm'], seed: number, recall: number, confusion: number[][]): ResultRow => ({
  arm,
  dataset: 'cells',
  labels: 4,
  labelsPerClass: 2,
  seed,
  metric: 'accuracy',
  test: recall,
  validation: recall,
  train: 1,
  confusion,
  perClass: [{ name: 'round', support: 3, precision: 1, recall, f1: recall }],
});
const results = [
  row('pretrained', 1, 0.8, [
    [2, 1],
    [0, 3],
  ]),
  row('pretrained', 2, 0.6, [
    [1, 2],
    [1, 2],
  ]),
  row('baseline', 1, 0.5, [
    [0, 3],
    [3, 0],
  ]),
];

test('confusion matrices are summed over seeds', () => {
  expect(sumConfusion(results.slice(0, 2))).toEqual([
    [3, 3],
    [1, 5],
  ]);
  expect(sumConfusion([])).toBeNull();
});

test('per class, every arm has its mean over seeds', () => {
  const arm = { mean: 0, sd: 0, n: 2, overfitGap: 0 };
  const summary: SummaryRow = {
    dataset: 'cells',
    labels: 4,
    labelsPerClass: 2,
    metric: 'accuracy',
    arms: { pretrained: arm, baseline: arm },
    difference: null,
  };
  const result = { results, summary: [summary] } as unknown as StudyResult;
  const [line] = classRows(result, summary);
  expect(line?.name).toBe('round');
  expect(line?.recall.pretrained).toBeCloseTo(0.7, 12);
  expect(line?.recall.baseline).toBe(0.5);
});
