import { expect, it } from 'vitest';
import { kept } from '../../../../src/data/shards/kept.ts';

it('keeps values by what they are and where they stand, in an array of the same kind', () => {
  expect(kept(Int32Array.of(5, 6, 7, 8), (value) => value % 2 === 0)).toEqual(Int32Array.of(6, 8));
  expect(kept(Float64Array.of(0.5, 2 ** 40, 3), (_, index) => index > 0)).toEqual(
    Float64Array.of(2 ** 40, 3),
  );
  expect(kept(new Int32Array(0), () => true)).toEqual(new Int32Array(0));
});
