import { expect, it } from 'vitest';
import '../helpers.ts';
import {
  adaptiveAveraging,
  averageInTime,
  featuresOfPlaces,
  largestInTime,
} from '../../../../src/learning/layers/temporal-pooling.ts';
import { tf } from '../../../../src/tensor/index.ts';

const maps = () => tf.tensor4d([1, 2, 3, 10, 5, 6, 7], [1, 1, 7, 1]);
const pass = { training: false, parameters: {} } as never;

it('pools windows along time, and leaves one that reaches over the end out', () => {
  expect([...averageInTime(3).apply(maps(), pass).dataSync()]).toEqual([2, 7]);
  expect([...largestInTime(3, 2).apply(maps(), pass).dataSync()]).toEqual([3, 10, 7]);
});

it('averages to any number of places as PyTorch’s adaptive pooling does', () => {
  // torch.nn.AdaptiveAvgPool1d(3) on five places: means of 0–1, 1–3 and 3–4.
  expect(adaptiveAveraging(5, 3)).toEqual([
    [0.5, 0.5, 0, 0, 0],
    [0, 1 / 3, 1 / 3, 1 / 3, 0],
    [0, 0, 0, 0.5, 0.5],
  ]);
  // More places than there are: some stand twice.
  expect(adaptiveAveraging(2, 3)).toEqual([
    [1, 0],
    [0.5, 0.5],
    [0, 1],
  ]);
});

it('gives maps of any length features of one length, place by place', () => {
  const two = (length: number) =>
    tf.tensor3d(
      Array.from({ length: 2 * length }, (_, i) => i),
      [1, length, 2],
    );
  expect([...featuresOfPlaces(two(2), 2).dataSync()]).toEqual([0, 1, 2, 3]);
  expect([...featuresOfPlaces(two(4), 2).dataSync()]).toEqual([1, 2, 5, 6]);
  expect([...featuresOfPlaces(two(4), 1).dataSync()]).toEqual([3, 4]);
  expect([...featuresOfPlaces(two(1), 2).dataSync()]).toEqual([0, 1, 0, 1]);
});
