import { expect, test } from 'vitest';
import { gridStep } from '../../../../../renderer/lib/pictures/grid-keys.ts';

const grid = { count: 23, columns: 5, page: 10 };

test.each([
  ['ArrowRight', 3, 4],
  ['ArrowRight', 22, 22],
  ['ArrowLeft', 0, 0],
  ['ArrowDown', 3, 8],
  ['ArrowDown', 19, 19],
  ['ArrowUp', 8, 3],
  ['ArrowUp', 3, 3],
  ['PageDown', 3, 13],
  ['PageDown', 18, 22],
  ['PageUp', 13, 3],
  ['Home', 17, 0],
  ['End', 0, 22],
])('%s leads from %i to %i', (key, from, to) => {
  expect(gridStep(key, from, grid)).toBe(to);
});

test('other keys are left to others, and an empty grid has no other place', () => {
  expect(gridStep('a', 3, grid)).toBeNull();
  expect(gridStep('End', 0, { ...grid, count: 0 })).toBe(0);
});
