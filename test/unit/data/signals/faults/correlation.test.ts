import { expect, it } from 'vitest';
import { createCorrelation } from '../../../../../src/data/signals/faults/correlation.ts';

/** Pearson's definition. */
function pearson(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [a.map((value) => value - mean(a)), b.map((value) => value - mean(b))];
  const dot = (one: number[], other: number[]) => one.reduce((sum, value, i) => sum + value * other[i]!, 0);
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}
const channels = [
  [1, 4, 2, 8, 5],
  [2, 1, 7, 3, 9],
  [-1, -4, -2, -8, -5],
  [3, 3, 3, 3, 3],
];
const take = (correlation: ReturnType<typeof createCorrelation>, offset = 0) => {
  for (let row = 0; row < 5; row++)
    correlation.add(
      Float32Array.from(channels, (values) => values[row]! + offset),
      0,
    );
  return [...correlation.end(5)];
};

it('finds of each channel the largest absolute correlation with another; none of one that never changes', () => {
  const between = Math.abs(pearson(channels[0]!, channels[1]!));
  expect(take(createCorrelation(4))).toEqual([1, between, 1, 0].map((value) => expect.closeTo(value, 5)));
});

it('finds the same far from zero, and begins anew with each piece', () => {
  const correlation = createCorrelation(4);
  const first = take(correlation);
  expect(take(correlation, 4096)).toEqual(first.map((value) => expect.closeTo(value, 5)));
});
