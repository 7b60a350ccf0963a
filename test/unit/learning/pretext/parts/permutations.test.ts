import { describe, expect, it } from 'vitest';
import {
  countPermutations,
  farPermutations,
} from '../../../../../src/learning/pretext/parts/permutations.ts';

const distance = (a: number[], b: number[]) => a.filter((value, place) => value !== b[place]).length;
const leastDistance = (orders: number[][]) =>
  Math.min(...orders.flatMap((a, i) => orders.slice(0, i).map((b) => distance(a, b))));

describe('far permutations', () => {
  it('are permutations, none twice, and always the same', () => {
    for (const [length, count] of [
      [9, 64],
      [4, 24],
      [12, 30],
    ] as const) {
      const orders = farPermutations(length, count);
      expect(orders).toHaveLength(count);
      expect(new Set(orders.map(String)).size).toBe(count);
      for (const order of orders) expect(order.toSorted((a, b) => a - b)).toEqual([...Array(length).keys()]);
    }
    expect(farPermutations(4, 3)).toEqual([
      [0, 1, 2, 3],
      [1, 0, 3, 2],
      [2, 3, 0, 1],
    ]);
  });

  it('differ everywhere as long as that is possible: as many as there are things', () => {
    expect(leastDistance(farPermutations(9, 9))).toBe(9);
    expect(leastDistance(farPermutations(4, 4))).toBe(4);
  });

  it('stay far beyond that: of 64 orders of nine tiles, any two differ in seven places', () => {
    expect(leastDistance(farPermutations(9, 64))).toBe(7);
    // The bound: no more than 9! / 7! = 72 orders can differ in eight places.
    expect(countPermutations(9) / countPermutations(7)).toBe(72);
  });

  it('are all there are where more are asked for', () => {
    expect(farPermutations(3, 64)).toHaveLength(6);
    expect(farPermutations(4, 512)).toHaveLength(24);
  });
});
