import { expect, it } from 'vitest';
import { jointGain } from '../../../../../src/training/finetune/scores/joint-gain.ts';

const accuracy = (score: number) => ({ metric: 'accuracy' as const, score, scales: null });
const rmse = (score: number, deviation: number) => ({
  metric: 'rmse' as const,
  score,
  scales: [{ mean: 7, deviation }],
});

it('is the score of the only head, as it is', () => {
  expect(jointGain([accuracy(0.8)])).toBe(0.8);
  expect(jointGain([rmse(5, 2)])).toBe(-5);
});

it('is the mean of several, where no unit decides how much a head counts', () => {
  expect(jointGain([accuracy(0.5), accuracy(1)])).toBe(0.75);
  // Half a deviation off: grams or kilograms.
  expect(jointGain([accuracy(1), rmse(1, 2)])).toBe(0.25);
  expect(jointGain([accuracy(1), rmse(1000, 2000)])).toBe(0.25);
});
