import { describe, expect, it } from 'vitest';
import { median, overfitGap, spread } from '../../../../../src/learning/evaluation/intervals/statistics.ts';

// Expected numbers: numpy std(ddof=1).
const pretrained = [0.61, 0.58, 0.64, 0.6, 0.59];

describe('statistics over seeds', () => {
  it('give mean and sample standard deviation', () => {
    const { mean, sd, n } = spread(pretrained);
    expect(mean).toBeCloseTo(0.604, 12);
    expect(sd).toBeCloseTo(0.023021728866442694, 12);
    expect(n).toBe(5);
    expect(spread([3])).toEqual({ mean: 3, sd: 0, n: 1 });
  });

  it('give the value in the middle, of an even number the mean of two', () => {
    expect(median([5, 1, 30])).toBe(5);
    expect(median([4, 1, 30, 2])).toBe(3);
    expect(median([7])).toBe(7);
    expect(median([])).toBeNaN();
  });

  it('are not of nothing', () => {
    expect(() => spread([])).toThrow(RangeError);
  });

  it('give the overfit gap as how much better training data fare, also where lower is better', () => {
    expect(
      overfitGap([
        { metric: 'accuracy', train: 1, test: 0.6 },
        { metric: 'accuracy', train: 0.9, test: 0.7 },
      ]),
    ).toBeCloseTo(0.3, 12);
    expect(overfitGap([{ metric: 'rmse', train: 1.2, test: 11.4 }])).toBeCloseTo(10.2, 12);
  });
});
