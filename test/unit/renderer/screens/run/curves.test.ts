import { expect, test } from 'vitest';
import { levelDomain, seriesOf, smooth } from '../../../../../renderer/screens/run/curves.ts';

/** Points as fine-tuning tells them: epochs begin anew with each seed. */
const points = [1, 2].flatMap((seed) =>
  [0, 1, 2].map((step) => ({
    step: 3 * seed + step,
    epoch: step,
    values: { seed, loss: seed === 1 ? 4 - step : 10 },
  })),
);

test('a curve knows which seed each point is of', () => {
  expect(seriesOf(points, 'loss').map(({ x, seed }) => [x, seed])).toEqual([
    [0, 1],
    [1, 1],
    [2, 1],
    [0, 2],
    [1, 2],
    [2, 2],
  ]);
  expect(seriesOf([{ step: 1, epoch: 1, values: { loss: 1 } }], 'loss')).toEqual([{ x: 1, y: 1 }]);
});

test('smoothing begins anew with each seed', () => {
  const smoothed = smooth(seriesOf(points, 'loss'));
  // The second seed is level: nothing of the first is left in it.
  expect(smoothed.slice(3).map(({ y }) => y)).toEqual([10, 10, 10]);
  expect(smoothed[0]!.y).toBe(4);
  expect(smoothed[2]!.y).toBeLessThan(3.1);
});

test('a level curve gets a range whose ticks can be read', () => {
  const level = [64.772792, 64.772795, 64.772793].map((y, x) => ({ x, y }));
  const [low, high] = levelDomain(level)!;
  expect(high - low).toBeGreaterThan(1);
  expect((low + high) / 2).toBeCloseTo(64.772793, 4);
  expect(levelDomain([1, 2].map((y, x) => ({ x, y })))).toBeNull();
  expect(levelDomain([])).toBeNull();
});
