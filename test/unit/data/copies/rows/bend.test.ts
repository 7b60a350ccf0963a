import { expect, it } from 'vitest';
import { createBend } from '../../../../../src/data/copies/rows/bend.ts';

it('puts numbers that differ by one share of their size or of the scale equally far apart', () => {
  for (const scale of [0, 1e-3, 1, 40])
    for (const value of [-7e5, -3, -0.99999, 1e-9, 0.02, 1, 39.9999, 1e8]) {
      const bend = createBend(scale);
      const step = 1e-4 * Math.max(Math.abs(value), scale);
      const apart = bend(value + step) - bend(value);
      expect(apart).toBeGreaterThan(0);
      expect(apart).toBeLessThanOrEqual(1.0001e-4);
    }
});

it('rises, through 0, and leaves what is missing', () => {
  const bend = createBend(2);
  const bent = [-200, -2.1, -2, -1, 0, 1, 2, 2.1, 200].map(bend);
  expect(bent).toEqual(bent.toSorted((a, b) => a - b));
  expect(bent[4]).toBe(0);
  expect(bend(2)).toBe(1);
  expect(bend(2 * Math.E)).toBeCloseTo(2, 12);
  expect(bend(NaN)).toBeNaN();
});
