import { expect, it } from 'vitest';
import { mixedStatistics } from '../../../../src/training/samples/channel-statistics.ts';

const part = (mean: number[], standardDeviation: number[]) => ({ mean, standardDeviation });

it('is that of a mixture: the variance within and the variance between', () => {
  const { mean, standardDeviation } = mixedStatistics([part([0], [1]), part([4], [3])]);
  expect(mean).toEqual([2]);
  expect(standardDeviation[0]).toBeCloseTo(Math.sqrt((1 + 9) / 2 + 4), 12);
  const shared = mixedStatistics([part([0], [1]), part([4], [3])], [0.75, 0.25]);
  expect(shared.mean).toEqual([1]);
  expect(shared.standardDeviation[0]).toBeCloseTo(Math.sqrt(0.75 * (1 + 1) + 0.25 * (9 + 9)), 12);
});

it('says of a channel what those have that do have it', () => {
  const parts = [part([10, 0], [2, 0]), part([20, 8], [2, 3]), part([0, 6], [0, 3])];
  expect(mixedStatistics(parts, undefined, true).mean).toEqual([15, 7]);
  const { mean, standardDeviation } = mixedStatistics(parts, [0.5, 0.25, 0.25], true);
  expect(mean[0]).toBeCloseTo((0.5 * 10 + 0.25 * 20) / 0.75, 12);
  expect(mean[1]).toBe(7);
  expect(standardDeviation[1]).toBeCloseTo(Math.sqrt(9 + 1), 12);
  expect(mixedStatistics([part([0], [0])], undefined, true)).toEqual(part([0], [0]));
});
