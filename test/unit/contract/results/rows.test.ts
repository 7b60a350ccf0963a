import { expect, test } from 'vitest';
import { classRows, meanInterval, sumConfusion } from '../../../../src/contract/results/rows.ts';
import type { ResultRow, StudyResult, SummaryRow } from '../../../../src/contract/results/result.ts';

test('the interval of an arm is that of the document, within what its score can be', () => {
  const arm = { mean: 0.97, sd: 0.02, n: 5, overfitGap: 0, interval: { low: 0.93, high: 1.01 } };
  expect(meanInterval(arm, 'accuracy')).toEqual([0.93, 1]);
  expect(meanInterval(arm, 'rmse')).toEqual([0.93, 1.01]);
  expect(meanInterval({ ...arm, interval: null }, 'accuracy')).toBeNull();
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
