import { expect, it } from 'vitest';
import { barsOf } from '../../../../../renderer/lib/words/column-bars.ts';

it('shows the most frequent categories first, and the others as one', () => {
  const categories = Array.from({ length: 12 }, (_, at) => `c${at}`);
  const bars = barsOf({
    name: 'x',
    kind: 'category',
    missing: 0,
    categories,
    counts: categories.map((_, at) => at),
  });
  expect(bars.length).toBe(10);
  expect(bars[0]).toEqual({ title: 'c11', share: 11 / 66 });
  expect(bars[9]).toEqual({ title: '3 more', share: 3 / 66 });
});

it('shows numbers in ten stretches of one length, by their quantiles', () => {
  const even = { name: 'x', kind: 'number', missing: 0, mean: 0, standardDeviation: 1 } as const;
  const bars = barsOf({ ...even, quantiles: Array.from({ length: 65 }, (_, at) => at / 64) });
  expect(bars.map(({ share }) => Number(share.toFixed(6)))).toEqual(Array.from({ length: 10 }, () => 0.1));
  expect(bars[0]!.title).toBe('0 to 0.1');
  // Half of the rows have the least value.
  const half = barsOf({
    ...even,
    quantiles: [
      ...Array.from({ length: 33 }, () => 0),
      ...Array.from({ length: 32 }, (_, at) => (at + 1) / 32),
    ],
  });
  expect(half[0]!.share).toBeCloseTo(0.55, 6);
  // As they were counted, once they are.
  const counted = barsOf({ ...even, quantiles: [0, 1, 10] }, [90, 0, 0, 0, 0, 0, 0, 0, 0, 10]);
  expect(counted.map(({ share }) => share)).toEqual([0.9, 0, 0, 0, 0, 0, 0, 0, 0, 0.1]);
  expect(counted[9]!.title).toBe('9 to 10');
  expect(barsOf({ ...even, quantiles: [2, 2] }, [7])).toEqual([{ title: '2 to 2', share: 1 }]);
  expect(barsOf({ ...even, quantiles: [2, 2] })).toEqual([{ title: '2 to 2', share: 1 }]);
});
