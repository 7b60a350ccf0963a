import { expect, test } from 'vitest';
import { logTicks, spreadLabels } from '../../../../../renderer/lib/results/budget-chart.ts';

test('labels that have room stay, those that would cover each other part around their middle', () => {
  expect(spreadLabels([10, 50, 90], 5)).toEqual([10, 50, 90]);
  expect(spreadLabels([50, 50], 4)).toEqual([48, 52]);
  const crowded = spreadLabels([88, 90, 89, 20], 4);
  expect(crowded[3]).toBe(20);
  expect(crowded.slice(0, 3)).toEqual([85, 93, 89]);
  // A group that grows into its neighbour takes it in.
  const places = spreadLabels([10, 11, 15], 4);
  expect(places).toEqual([8, 12, 16]);
});

test('ticks keep both ends and what leaves room between them', () => {
  expect(logTicks([1, 2, 5, 10, 20, 50, 100], 0.1)).toEqual([1, 2, 5, 10, 20, 50, 100]);
  expect(logTicks([10, 11, 100, 95], 0.1)).toEqual([10, 100]);
  expect(logTicks([7], 0.1)).toEqual([7]);
});
