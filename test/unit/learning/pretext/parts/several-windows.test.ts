import { expect, it } from 'vitest';
import {
  allWindows,
  apart,
  complete,
  requireOrder,
} from '../../../../../src/learning/pretext/parts/several-windows.ts';
import { tf } from '../../../../../src/tensor/index.ts';
import '../../helpers.ts';

const samples = tf.tensor3d([[[1]], [[2]]]);
// Of the first sample 10 and 11, of the second 20 and 21.
const companions = tf.tensor4d([
  [[[10]], [[11]]],
  [[[20]], [[21]]],
]);

it('windows stand behind the samples, the first companion of each before the second', () => {
  const all = allWindows({ samples, facts: { companions } });
  expect([...all.dataSync()]).toEqual([1, 2, 10, 20, 11, 21]);
  const parts = apart(tf.reshape(all, [6, 1]), { samples }).map((part) => [...part.dataSync()]);
  expect(parts).toEqual([
    [1, 2],
    [10, 20],
    [11, 21],
  ]);
});

it('a sample counts where all its companions were there', () => {
  const found = tf.tensor2d([
    [1, 1],
    [1, 0],
  ]);
  expect([...complete({ found }).dataSync()]).toEqual([1, 0]);
});

it('far must be farther than near', () => {
  expect(() => requireOrder({ near: 3, far: 3 })).toThrow('farther than those that are near (3). Found: 3.');
  requireOrder({ near: 3, far: 4 });
});
