import { expect, it } from 'vitest';
import { createPairList, joinPairs, partsOf } from '../../../../src/data/copies/pairs.ts';

it('parts samples, and joins the pairs of all parts in their order', () => {
  expect(partsOf(5, 2)).toEqual([
    { first: 0, count: 2 },
    { first: 2, count: 2 },
    { first: 4, count: 1 },
  ]);
  expect(partsOf(0, 2)).toEqual([]);
  const [one, other] = [createPairList(), createPairList()];
  one.add(3, 1, true, 1);
  other.add(7, 2, false, 0.99);
  other.add(8, 3, true, 1);
  expect(joinPairs([one.columns(), other.columns()])).toEqual({
    asked: Int32Array.of(3, 7, 8),
    known: Int32Array.of(1, 2, 3),
    exact: Uint8Array.of(1, 0, 1),
    likeness: Float64Array.of(1, 0.99, 1),
  });
  expect(joinPairs([]).asked).toHaveLength(0);
});
