import { expect, it } from 'vitest';
import { blocksOf, layoutOf, LEVELS } from '../../../../../src/data/signals/pyramid/layout.ts';

it('places each level of each recording behind the one before', () => {
  const { head, at, bytes } = layoutOf(
    [
      { start: 0, rows: 100 },
      { start: 800, rows: 17 },
    ],
    2,
    936,
  );
  expect(head.subarray(0, 8).toString()).toBe('PRETPYR1');
  expect(at[0]![0]).toBe(head.length);
  expect(at[0]![1]! - at[0]![0]!).toBe(7 * 2 * 8);
  expect(at[1]![0]! - at[0]!.at(-1)!).toBe(blocksOf(100, LEVELS.length - 1) * 16);
  expect(bytes).toBe(at[1]!.at(-1)! + 16);
  expect(layoutOf([{ start: 0, rows: 100 }], 2, 936).head.equals(head)).toBe(false);
});
