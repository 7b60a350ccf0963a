import { expect, it } from 'vitest';
import { createPlaner } from '../../../../src/data/copies/planes.ts';

const image = (shape: number[]) => ({ modality: 'image' as const, shape, dtype: 'uint8' as const });

it('adds up the channels of a picture and each pixel’s nine neighbours, the border repeated', () => {
  const target = new Float64Array(9);
  createPlaner(image([3, 3, 1]), [3, 3])(Uint8Array.of(0, 0, 0, 0, 9, 0, 0, 0, 0), target);
  expect([...target]).toEqual([9, 9, 9, 9, 9, 9, 9, 9, 9]);
  createPlaner(image([3, 3, 1]), [3, 3])(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0), target);
  // A corner stands for those beyond it: it counts four times for itself, twice for its neighbours, once across.
  expect([...target]).toEqual([4, 2, 0, 2, 1, 0, 0, 0, 0]);
  createPlaner(image([3, 3, 2]), [3, 3])(new Uint8Array(18).fill(5), target);
  expect([...target]).toEqual(new Array(9).fill(90));
});

it('brings a larger picture to the size asked for by means of areas', () => {
  const target = new Float64Array(1);
  createPlaner(image([2, 2, 1]), [1, 1])(Uint8Array.of(1, 2, 3, 6), target);
  expect([...target]).toEqual([27]);
  const wide = new Float64Array(2);
  createPlaner(image([1, 3, 1]), [1, 2])(Uint8Array.of(3, 6, 9), wide);
  // (3 + 6 / 2) / 1.5 = 4 and (6 / 2 + 9) / 1.5 = 8; three rows of neighbours, two of the three columns the same.
  expect([...wide]).toEqual([3 * (4 + 4 + 8), 3 * (4 + 8 + 8)]);
});

it('takes the mean of each channel from a window', () => {
  const window = new Float64Array(6);
  const signal = { modality: 'signal' as const, shape: [3, 2], dtype: 'float32' as const };
  createPlaner(signal, [])(new Uint8Array(Float32Array.of(1, 10, 2, 20, 3, 60).buffer), window);
  expect([...window]).toEqual([-1, -20, 0, -10, 1, 30]);
});
