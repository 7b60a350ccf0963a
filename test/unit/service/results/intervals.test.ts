import { expect, it } from 'vitest';
import {
  armInterval,
  differenceOf,
  scoreEnds,
  type Measurement,
} from '../../../../src/service/results/intervals.ts';

const measured = (scores: number[], metric: 'accuracy' | 'rmse' = 'accuracy'): Measurement[] =>
  scores.map((test, at) => ({ row: { seed: at + 1, metric, test }, influences: null }));

it('pairs the seeds that both arms have: mean and t interval of the differences', () => {
  const found = differenceOf(measured([0.8, 0.7, 0.9]), measured([0.6, 0.6]))!;
  expect(found).toMatchObject({ of: ['pretrained', 'baseline'], seeds: 2 });
  // Differences 0.2 and 0.1: standard error 0.05, t(0.975, 1) = 12.7062047.
  expect(found.mean).toBeCloseTo(0.15, 12);
  expect(found.low).toBeCloseTo(0.15 - 12.7062047 * 0.05, 6);
  expect(differenceOf(measured([0.8]), [])).toBeNull();
});

it('counts a lower error as better, and gives its ends as errors', () => {
  expect(differenceOf(measured([10, 10.2], 'rmse'), measured([12, 12.1], 'rmse'))!.mean).toBeCloseTo(
    1.95,
    12,
  );
  expect(scoreEnds('rmse', { low: -12, high: -10 })).toEqual({ low: 10, high: 12 });
  const interval = armInterval(measured([20, 22], 'rmse'))!;
  // Mean 21, standard error 1.
  expect(interval.low).toBeCloseTo(21 - 12.7062047, 6);
  expect(interval.high).toBeCloseTo(21 + 12.7062047, 6);
  // No error is below 0.
  expect(armInterval(measured([10, 12], 'rmse'))!.low).toBe(0);
  expect(armInterval(measured([10], 'rmse'))).toBeNull();
});
