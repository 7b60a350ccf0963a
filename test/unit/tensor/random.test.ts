import { describe, expect, it } from 'vitest';
import {
  childSeed,
  integers,
  normal,
  permutation,
  seedOf,
  tf,
  uniform,
  type Tensor,
} from '../../../src/tensor/index.ts';
import './helpers.ts';

const seed = (run = 1, step = 2) => tf.tensor1d(seedOf(run, step), 'int32');
const list = (x: Tensor) => Array.from(x.dataSync());
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: number[]) => {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** 2));
};

describe('seeded random numbers', () => {
  it('repeat for the same seed and differ for another run, step or label', () => {
    const draw = (s: Tensor) => list(uniform([8], s)).join();
    expect(draw(seed())).toBe(draw(seed()));
    const others = [
      seed(2, 2),
      seed(1, 3),
      childSeed(seed(), 'flip'),
      childSeed(seed(), 'crop'),
      childSeed(seed(), ''),
    ];
    expect(new Set([seed(), ...others].map(draw)).size).toBe(6);
    expect(draw(childSeed(seed(), 'flip'))).toBe(draw(childSeed(seed(), 'flip')));
  });

  it('give children of neighbouring steps that are not correlated', () => {
    const left = list(uniform([20000], childSeed(seed(1, 1), 'x')));
    const right = list(uniform([20000], childSeed(seed(1, 2), 'x')));
    const correlation = mean(left.map((value, index) => (value - 0.5) * (right[index]! - 0.5))) * 12;
    // The standard error is 1 / √20000 = 0.007.
    expect(Math.abs(correlation)).toBeLessThan(0.03);
  });

  it('are uniform over their range', () => {
    const values = list(uniform([100_000], seed(), -2, 4));
    expect(Math.min(...values.slice(0, 50_000))).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...values.slice(0, 50_000))).toBeLessThan(4);
    expect(Math.abs(mean(values) - 1)).toBeLessThan(0.03);
    expect(Math.abs(variance(values) - 36 / 12)).toBeLessThan(0.05);
    const bins = Array.from(
      { length: 10 },
      (_, bin) => values.filter((v) => Math.floor(((v + 2) / 6) * 10) === bin).length,
    );
    const chiSquare = bins.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    // The 99.9 % point of chi-square with 9 degrees of freedom.
    expect(chiSquare).toBeLessThan(27.88);
  });

  it('are normal', () => {
    const values = list(normal([100_000], seed()));
    expect(Math.abs(mean(values))).toBeLessThan(0.015);
    expect(Math.abs(variance(values) - 1)).toBeLessThan(0.02);
    const inside = values.filter((value) => Math.abs(value) < 1).length / values.length;
    expect(Math.abs(inside - 0.6827)).toBeLessThan(0.006);
  });

  it('are whole numbers of the range, each as often as the others', () => {
    const values = list(integers([60_000], seed(), -2, 4));
    const counts = [-2, -1, 0, 1, 2, 3].map((wanted) => values.filter((value) => value === wanted).length);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(60_000);
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  it('put the numbers 0 … n − 1 in an order that depends on the seed', () => {
    const orders = [seed(1, 1), seed(1, 2)].map((s) => list(permutation(50, s)));
    for (const order of orders)
      expect(order.slice().sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(orders[0]).not.toEqual(orders[1]);
  });
});
