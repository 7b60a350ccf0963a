import { describe, expect, it } from 'vitest';
import { randomStream, shuffled, streamFromState } from '../../../src/learning/random.ts';

describe('random numbers outside of tensors', () => {
  it('are those of xoshiro128** (test vector of the reference implementation, version 1.1)', () => {
    const stream = streamFromState([1, 2, 3, 4]);
    const found = Array.from({ length: 10 }, () => stream.bits());
    expect(found).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it('are the same for the same seed and name, and others for another name or seed', () => {
    const first = (seed: number, name: string) => randomStream(seed, name).bits();
    expect(first(1, 'a')).toBe(first(1, 'a'));
    expect(new Set([first(1, 'a'), first(2, 'a'), first(1, 'b'), first(11, '')]).size).toBe(4);
  });

  it('have the moments of a uniform and of a normal distribution', () => {
    const stream = randomStream(3, 'moments');
    const count = 100_000;
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const uniform = Array.from({ length: count }, () => stream.uniform());
    const normal = Array.from({ length: count }, () => stream.normal());
    // Five standard errors each.
    expect(Math.abs(mean(uniform) - 0.5)).toBeLessThan((5 * Math.sqrt(1 / 12)) / Math.sqrt(count));
    expect(Math.abs(mean(normal))).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(mean(normal.map((value) => value ** 2)) - 1)).toBeLessThan(
      (5 * Math.SQRT2) / Math.sqrt(count),
    );
    expect(Math.abs(mean(normal.map((value) => value ** 4)) - 3)).toBeLessThan(
      (5 * Math.sqrt(96)) / Math.sqrt(count),
    );
  });

  it('shuffle without losing anything, and every order about equally often', () => {
    const counts = new Map<string, number>();
    const stream = randomStream(5, 'shuffle');
    for (let i = 0; i < 6000; i++) {
      const order = shuffled(['a', 'b', 'c'], stream).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(1000));
  });
});
