import { expect, test } from 'vitest';
import { cellStep, gridStep } from '../../../../../renderer/lib/pictures/grid-keys.ts';

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

test.each([
  ['ArrowRight', false, [3, 5], [3, 5]],
  ['ArrowUp', false, [1, 2], [0, 2]],
  ['ArrowUp', false, [0, 2], [0, 2]],
  ['PageDown', false, [95, 2], [99, 2]],
  ['Home', false, [7, 4], [7, 0]],
  ['Home', true, [7, 4], [0, 0]],
  ['End', true, [7, 4], [99, 5]],
] as const)(
  '%s (Ctrl: %s) leads from the cell %j to %j',
  (key, ctrlKey, [row, column], [toRow, toColumn]) => {
    const table = { rows: 100, columns: 6, page: 20 };
    expect(cellStep({ key, ctrlKey }, { row, column }, table)).toEqual({ row: toRow, column: toColumn });
  },
);

test('other keys are not the table’s', () => {
  expect(
    cellStep({ key: 'a', ctrlKey: false }, { row: 0, column: 0 }, { rows: 2, columns: 2, page: 1 }),
  ).toBeNull();
});
