import { expect, it } from 'vitest';
import { gainAt, jointGain } from '../../../../../src/training/finetune/scores/joint-gain.ts';

const accuracy = (score: number) => ({ metric: 'accuracy' as const, score, scales: null });
const r2 = (score: number) => ({ metric: 'r2' as const, score, scales: null });
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
  // Half a deviation off, a quarter of the variance: grams or kilograms, and as R² would say it.
  expect(jointGain([accuracy(1), rmse(1, 2)])).toBe(0.875);
  expect(jointGain([accuracy(1), rmse(1000, 2000)])).toBe(0.875);
  expect(jointGain([accuracy(1), r2(0.75)])).toBe(0.875);
});

it('lets no head that fails decide alone, and still tells bad from worse', () => {
  // A plain mean would be −19.6 and −19.7: the head that fails would choose the moment of the one that learns.
  const [learns, forgets] = [jointGain([accuracy(0.8), r2(-40)]), jointGain([accuracy(0.6), r2(-39.8)])];
  expect(learns).toBeCloseTo((0.8 - 40 / 41) / 2, 12);
  expect(learns).toBeGreaterThan(forgets);
  expect(jointGain([accuracy(0.8), r2(-3)])).toBeGreaterThan(jointGain([accuracy(0.8), r2(-4)]));
  expect(jointGain([accuracy(0), r2(-1e12)])).toBeGreaterThanOrEqual(-0.5);
  expect(jointGain([accuracy(0), rmse(1e12, 1)])).toBeGreaterThanOrEqual(-0.5);
});

it.each([
  ['r2', [-50, -1, -0.5, 0, 0.5, 1]],
  ['rmse', [9, 3, 1.5, 1, 0.2, 0]],
  ['mae', [9, 3, 1.5, 1, 0.2, 0]],
  ['log-loss', [9, 2, 0.7, 0]],
  ['brier', [2, 1, 0.5, 0]],
  ['kappa', [-1, 0, 0.5, 1]],
  ['auroc', [0, 0.5, 1]],
] as const)('of %s it grows from −1 at the least to 1, which is perfect', (metric, scores) => {
  const scales = [{ mean: 0, deviation: 1 }];
  const found = scores.map((score) => 2 * jointGain([{ metric, score, scales }, accuracy(0)]));
  expect(found).toEqual(found.toSorted((a, b) => a - b));
  expect(new Set(found).size).toBe(found.length);
  expect(Math.min(...found)).toBeGreaterThanOrEqual(-1);
  expect(found.at(-1)).toBe(1);
});

it('is told anew of an earlier step by the curves of all heads', () => {
  const moments = (...scores: number[]) => scores.map((validation, at) => ({ step: at + 1, validation }));
  const heads = [accuracy(0), r2(0)].map(({ metric, scales }) => ({ metric, scales }));
  const curves = [moments(0.2, 0.8), moments(-40, -1)];
  expect(gainAt(heads, curves, 2)).toBe(jointGain([accuracy(0.8), r2(-1)]));
  expect(gainAt(heads, curves, 3)).toBeNull();
  expect(gainAt(heads, curves.slice(0, 1), 2)).toBeNull();
});
