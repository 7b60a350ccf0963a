import { describe, expect, it } from 'vitest';
import { agreementsOf, doublingsApart, placeOf } from '../../../../../src/data/copies/rows/agreement.ts';

const evenly = (count: number, step: number) => Float64Array.from({ length: count }, (_, at) => at * step);

describe('the shares of pairs that agree', () => {
  it('double with the tolerance, also where it is too small for any pair of the sample', () => {
    // Of numbers spread evenly over 1, pairs within d of each other are a share of about 2 d.
    const shares = agreementsOf(evenly(1001, 0.001), false, 1);
    for (const [doubling, share] of shares.slice(0, 9).entries())
      expect(share / (2 * 1e-4 * 2 ** doubling)).toBeCloseTo(1, 0);
    expect(shares.at(-1)).toBe(1);
    expect([...shares].sort((one, other) => one - other)).toEqual(shares);
  });

  it('are of 1, 3, 7, … whole numbers', () => {
    const shares = agreementsOf(evenly(100_001, 10).map(Math.round).subarray(0, 2000), true, 1);
    // One of 20,000 numbers, in a sample of which no two are the same.
    expect(shares[0]! * 20_000).toBeCloseTo(1, 0);
    expect(shares[3]! / shares[0]!).toBeCloseTo(15, 5);
  });

  it('are all where there is no pair, and where all numbers are one', () => {
    expect(agreementsOf(new Float64Array(1), false, 1)).toEqual([1]);
    expect(agreementsOf(new Float64Array(9).fill(4), true, 0)).toEqual([1]);
  });
});

it('tells how many doublings of the tolerance lie between two numbers', () => {
  const place = placeOf(false, 2);
  expect(doublingsApart(Math.abs(place(1) - place(1.0001)), false)).toBe(0);
  expect(doublingsApart(Math.abs(place(1) - place(1.0016)), false)).toBeCloseTo(3, 6);
  expect([0, 1, 3, 7].map((apart) => doublingsApart(apart, true))).toEqual([0, 1, 2, 3]);
});
