import { expect, it } from 'vitest';
import { bestShare, plannedSteps } from '../../../../src/contract/recipe/schedule.ts';

it('plans whole batches an epoch, and with few labels the least number of steps', () => {
  expect(plannedSteps({ epochs: 10, minimumSteps: 50 }, 100, 32)).toEqual({
    stepsPerEpoch: 3,
    totalSteps: 50,
  });
  expect(plannedSteps({ epochs: 20, minimumSteps: 50 }, 100, 32)).toEqual({
    stepsPerEpoch: 3,
    totalSteps: 60,
  });
  expect(plannedSteps({ epochs: 1, minimumSteps: 0 }, 5, 32).stepsPerEpoch).toBe(1);
});

it('tells the first moment at which validation was best, whichever way is better', () => {
  const point = (step: number, validation: number) => ({ step, train: 0, loss: 0, validation });
  const curve = [point(3, 0.5), point(6, 0.9), point(9, 0.9), point(12, 0.7)];
  // Ten labels make a batch of ten: a step an epoch, twelve in all.
  const pace = { epochs: 12, minimumSteps: 0, batchSize: 32 };
  expect(bestShare({ curve, labels: 10, metric: 'accuracy' }, pace)).toBe(0.5);
  expect(bestShare({ curve, labels: 10, metric: 'rmse' }, pace)).toBe(0.25);
  expect(bestShare({ curve: [], labels: 10, metric: 'accuracy' }, pace)).toBeNull();
  // Of several heads at once the curve of one says nothing.
  const noted = { curve, labels: 10, metric: 'accuracy', bestShare: 0.35 } as const;
  expect(bestShare(noted, pace, 2)).toBe(0.35);
  expect(bestShare({ ...noted, bestShare: undefined }, pace, 2)).toBeNull();
});
