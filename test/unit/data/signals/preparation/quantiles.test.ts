import { expect, it } from 'vitest';
import { quantilesInPlace, quantilesOf } from '../../../../../src/data/signals/preparation/quantiles.ts';
import { storeInMemory } from '../../../../../src/data/signals/preparation/row-store.ts';

it('are those of NumPy, over all channels and stretches together', async () => {
  // numpy.quantile([-3.5, -0.25, 0, 1, 2, 7], [0, 0.25, 0.5, 0.75, 1]) is -3.5, -0.1875, 0.5, 1.75, 7.
  const stores = [
    storeInMemory(new Float32Array([7, -0.25, 0, 2]), 2),
    storeInMemory(new Float32Array([-3.5, 1]), 2),
  ];
  expect(await quantilesOf(stores, [0, 0.25, 0.5, 0.75, 1])).toEqual([-3.5, -0.1875, 0.5, 1.75, 7]);
  expect(await quantilesOf([], [0.5])).toEqual([0]);
});

it('are exact among values that differ in their last bits', async () => {
  const values = Float32Array.from({ length: 2001 }, (_, at) => 1 + ((at * 7919) % 2001) * 2 ** -23);
  const [median] = await quantilesOf([storeInMemory(values, 1)], [0.5]);
  expect(median).toBe(values.slice().sort()[1000]);
});

it('are the same by selection in memory, among equal values too', () => {
  expect(quantilesInPlace(new Float32Array([7, -0.25, 0, 2, -3.5, 1]), [0, 0.25, 0.5, 0.75, 1])).toEqual([
    -3.5, -0.1875, 0.5, 1.75, 7,
  ]);
  expect(quantilesInPlace(new Float32Array(0), [0.5])).toEqual([0]);
  for (const length of [1, 2, 3, 10, 101, 1000])
    for (const apart of [1, 3, 7919]) {
      const values = Float32Array.from({ length }, (_, at) => ((at * apart) % 97) - 40);
      const sorted = values.slice().sort();
      const found = quantilesInPlace(values, [0.1, 0.5, 0.9]);
      [0.1, 0.5, 0.9].forEach((share, index) => {
        const place = share * (length - 1);
        const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
        expect(found[index]).toBeCloseTo(below + (above - below) * (place % 1), 9);
      });
    }
});
