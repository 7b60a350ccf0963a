import { describe, expect, it } from 'vitest';
import { filterAndPool, pointsOf } from '../../../../../src/learning/encoders/signals/options.ts';

describe('a time of the paper in points', () => {
  const paper = { seconds: 0.5, points: 64 };

  it('follows the rate of the recordings, where it is known', () => {
    expect(pointsOf(0, paper, 250, { most: 1000 })).toBe(125);
    expect(pointsOf(0, paper, undefined, { most: 1000 })).toBe(64);
  });

  it('stays within what a window holds, unless a person says otherwise', () => {
    expect(pointsOf(0, paper, 250, { most: 32 })).toBe(32);
    expect(pointsOf(0, paper, 1, { least: 3, most: 32 })).toBe(3);
    expect(pointsOf(0, paper, 0.1, { most: 32 })).toBe(1);
    expect(pointsOf(500, paper, 250, { most: 32 })).toBe(500);
  });
});

describe('filters and pools of ShallowConvNet', () => {
  const paper = { kernelSize: 0, pool: 0, poolStride: 0 };

  it('are the paper’s at its rate, and without one', () => {
    // Schirrmeister et al. 2017: filters of 25 points, means of 75 every 15, at 250 Hz.
    const found = { size: 25, pool: 75, stride: 15 };
    expect(filterAndPool(paper, 1125, 250)).toEqual(found);
    expect(filterAndPool(paper, 1125, undefined)).toEqual(found);
  });

  it('last as long at another rate', () => {
    expect(filterAndPool(paper, 1125, 500)).toEqual({ size: 50, pool: 150, stride: 30 });
  });

  it('take no more than a quarter and a half of a short window, and step by no more than they take', () => {
    expect(filterAndPool(paper, 10, 250)).toEqual({ size: 3, pool: 5, stride: 5 });
    expect(filterAndPool({ kernelSize: 7, pool: 4, poolStride: 2 }, 10, 250)).toEqual({
      size: 7,
      pool: 4,
      stride: 2,
    });
  });
});
