import { expect, it } from 'vitest';
import type { FinetuneInputs } from '../../../../../src/training/inputs.ts';
import { resultRow, scoresOf } from '../../../../../src/training/finetune/scores/scores.ts';

const classes = {
  target: 'classes',
  metric: 'balanced-accuracy',
  arm: 'baseline',
  budget: { perClass: 4 },
  dataset: {
    name: 'pets',
    classNames: ['cat', 'dog'],
    classIds: Int32Array.of(-1, 0, 1, 0, 0, 1),
    numbers: new Float32Array(),
  },
} as unknown as FinetuneInputs;
const numbers = {
  target: 'number',
  metric: 'rmse',
  arm: 'baseline',
  budget: 'all',
  dataset: { name: 'ages', classNames: [], classIds: new Int32Array(), numbers: Float32Array.of(9, 1, 2, 4) },
} as unknown as FinetuneInputs;

/** Three cats, of which one is taken for a dog, and a dog. */
const asked = Int32Array.of(1, 3, 4, 5);
const probabilities = [0.9, 0.1, 0.4, 0.6, 0.7, 0.3, 0.3, 0.7];

it('scores answers against the labels of the samples that were asked about, not of the first ones', () => {
  const { score, metrics, confusion, perClass } = scoresOf(classes, asked, probabilities);
  expect(confusion).toEqual([
    [2, 1],
    [0, 1],
  ]);
  expect(score).toBeCloseTo((2 / 3 + 1) / 2, 12);
  expect(metrics['accuracy']).toBe(0.75);
  expect(perClass).toEqual([
    { name: 'cat', support: 3, precision: 1, recall: 2 / 3, f1: 0.8 },
    { name: 'dog', support: 1, precision: 0.5, recall: 1, f1: 2 / 3 },
  ]);
});

it('scores numbers in their own unit', () => {
  const { score, metrics, predictions } = scoresOf(numbers, Int32Array.of(1, 2, 3), [1, 3, 2]);
  expect(score).toBeCloseTo(Math.sqrt(5 / 3), 12);
  expect(metrics['r2']).toBeCloseTo(1 - 5 / (42 / 9), 12);
  expect(predictions).toBeUndefined();
});

it('makes a row of the three splits, with calibration where there are probabilities', () => {
  const scores = scoresOf(classes, asked, probabilities);
  const splits = { train: scores, validation: scores, test: scores };
  const row = resultRow(classes, 7, 8, splits);
  expect(row).toMatchObject({ arm: 'baseline', dataset: 'pets', labels: 8, labelsPerClass: 4, seed: 7 });
  expect(row.test).toBe(scores.score);
  expect(row.calibration!.temperature).toBeGreaterThan(0);
  // Votes of neighbours are no softmax: no temperature can be fitted to them.
  const votes = resultRow({ ...classes, arm: 'knn-probe' }, 7, 8, splits).calibration!;
  expect(votes).toEqual({ before: row.calibration!.before, temperature: null, after: null });
});

it('says no labels per class where the budget is another, and nothing of calibration where numbers are predicted', () => {
  const scores = scoresOf(numbers, Int32Array.of(1, 2, 3), [1, 3, 2]);
  const row = resultRow(numbers, 1, 3, { train: scores, validation: scores, test: scores });
  expect(row.labelsPerClass).toBeNull();
  expect(Object.keys(row)).not.toContain('calibration');
});
