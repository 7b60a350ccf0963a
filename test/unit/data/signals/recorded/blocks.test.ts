import { expect, it } from 'vitest';
import { partsOf } from '../../../../../src/data/signals/recorded/blocks.ts';

it('keeps all windows that do not overlap', () => {
  expect([...partsOf([5, 17, 40, 52, 90], 10, 30)]).toEqual([0, 0, 1, 1, 2]);
});

it('gives up those that reach into the next part', () => {
  // Rows 0–9, 5–14, 10–19, …; a part of 20 rows at least.
  expect([...partsOf([0, 5, 10, 15, 20, 25, 30], 10, 20)]).toEqual([0, 0, 0, -1, 1, 1, 1]);
});

it('has nothing to part where there is nothing', () => {
  expect(partsOf([], 10, 20)).toHaveLength(0);
});
