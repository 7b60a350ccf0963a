import { describe, expect, it } from 'vitest';
import {
  cramersV,
  GroupedNumbers,
  mutualInformationBits,
  PairedNumbers,
  partsBy,
  StretchCounts,
} from '../../../../src/data/tables/relation.ts';

// Right values by NumPy, from their definitions.
const COUNTS = [12, 3, 5, 4, 9, 1, 7, 7, 20];
const X = [1, 2, 3, 10, 11, 12.5, 5, 6];

describe('the relation of two columns', () => {
  it('of categories is Cramér’s V, and the information that they share', () => {
    expect(cramersV(COUNTS, 3)).toBeCloseTo(0.40789245599766444, 12);
    expect(mutualInformationBits(COUNTS, 3)).toBeCloseTo(0.2341641056520396, 12);
    expect(cramersV([5, 0, 7, 0], 2)).toBeNull();
    expect(cramersV([5, 0, 0, 7], 2)).toBeCloseTo(1, 12);
  });

  it('of numbers in groups is the correlation ratio, also far from zero', () => {
    for (const offset of [0, 1e9]) {
      const grouped = new GroupedNumbers(3);
      [0, 0, 0, 1, 1, 1, 2, 2].forEach((group, at) => grouped.add(group, X[at]! + offset));
      expect(grouped.correlationRatio()).toBeCloseTo(0.9785413227189117, 9);
    }
    const still = new GroupedNumbers(2);
    for (const at of [0, 1, 0, 1]) still.add(at, 4);
    expect(still.correlationRatio()).toBeNull();
  });

  it('of numbers is Pearson’s correlation, also far from zero', () => {
    for (const offset of [0, 1e9]) {
      const paired = new PairedNumbers();
      [2, 1, 4, 9, 13, 12, 5, 8].forEach((other, at) => paired.add(X[at]! + offset, other));
      expect(paired.correlation()).toBeCloseTo(0.9609672805027522, 8);
    }
  });

  it('counts numbers in stretches of one length, each with its lower end, the last with both', () => {
    const stretches = new StretchCounts([0, 1, 2, 10]);
    for (const value of [0, 0.99, 1, 8.9, 9, 10, 11, -3]) stretches.add(value);
    expect(stretches.counts).toEqual([3, 1, 0, 0, 0, 0, 0, 0, 1, 3]);
    const still = new StretchCounts([4, 4]);
    still.add(4);
    expect(still.counts).toEqual([1]);
  });

  it('parts numbers by their quantiles, equal ones together', () => {
    const even = partsBy(Array.from({ length: 65 }, (_, at) => at));
    expect([even.count, even.of(0), even.of(4), even.of(5), even.of(64)]).toEqual([16, 0, 0, 1, 15]);
    const steps = partsBy([0, ...Array.from({ length: 60 }, () => 1), 2, 2, 2, 2]);
    expect([steps.of(0), steps.of(1), steps.of(2)]).toEqual([0, 0, 1]);
  });
});
