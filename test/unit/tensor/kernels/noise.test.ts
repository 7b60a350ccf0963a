import { describe, expect, test } from 'vitest';
import { addNoise, asShare, normal, tf, type Tensor } from '../../../../src/tensor/index.ts';
import { runNative } from '../../../../src/tensor/native.ts';
import { difference, tensor } from '../helpers.ts';
import { chooseKernels, ownKernelsThere } from '../own-kernels.ts';

const seedOf = (first: number, second: number) => tf.tensor1d([first, second], 'int32');

/** What `addNoise` means, by TensorFlow's own draw. */
function plainly(x: Tensor, deviations: Tensor, seed: Tensor, scales: Tensor): ArrayLike<number> {
  const ofSample = tf.reshape(deviations, [x.shape[0]!, ...new Array<number>(x.rank - 1).fill(1)]);
  return tf.add(x, tf.mul(normal(x.shape, seed), tf.mul(ofSample, scales))).dataSync();
}

describe('noise has the numbers that TensorFlow draws', () => {
  const cases: [string, number[], [number, number]][] = [
    ['a signal', [6, 50, 8], [1, 2]],
    ['samples that begin inside of a group of four numbers', [7, 5, 3], [0, 0]],
    ['samples smaller than a group', [9, 1], [3, -4]],
    ['an image', [3, 9, 7, 3], [-1, 2 ** 31 - 1]],
    ['a table', [5, 41], [-(2 ** 31), 12345]],
  ];
  test.each(cases)('%s', (_, shape, [first, second]) => {
    const [x, seed] = [tensor(shape), seedOf(first, second)];
    const deviations = tensor([shape[0]!], 0.1, 2, 5);
    const scales = tensor([shape.at(-1)!], 0.5, 3, 9);
    const found = addNoise(x, deviations, seed, scales).dataSync();
    expect(difference(found, plainly(x, deviations, seed, scales))).toBeLessThan(2e-6);
  });

  test('far from the middle too', () => {
    const shape = [2, 500_000];
    const [x, seed, ones] = [tf.zeros(shape), seedOf(5, 6), tf.ones([2])];
    const [found, wanted] = [addNoise(x, ones, seed).dataSync(), normal(shape, seed).dataSync()];
    expect(difference(found, wanted)).toBeLessThan(2e-6);
    const mean = tf.tidy(() => tf.mean(found as never).dataSync()[0]!);
    expect(Math.abs(mean)).toBeLessThan(4 / 1000);
    expect(Math.max(...found.slice(0, 100_000))).toBeGreaterThan(3.5);
  });
});

test('a sample whose deviation is 0 stays as it is', () => {
  const x = tensor([3, 10, 2]);
  const rows = addNoise(x, tf.tensor1d([1, 0, 1]), seedOf(1, 1)).arraySync() as number[][][];
  const before = x.arraySync() as number[][][];
  expect(rows[1]).toEqual(before[1]);
  expect(rows[0]).not.toEqual(before[0]);
  expect(rows[2]).not.toEqual(before[2]);
});

test('is the same by TensorFlow’s operations, and the rows of the whole batch in a share of it', () => {
  const [x, deviations, seed] = [tensor([4, 6, 3]), tensor([4], 0.5, 1, 2), seedOf(8, 9)];
  const whole = addNoise(x, deviations, seed).dataSync();
  chooseKernels(false);
  expect(difference(addNoise(x, deviations, seed).dataSync(), whole)).toBeLessThan(2e-6);
  chooseKernels(true);
  const half = asShare({ processes: 2, rank: 1, samples: 2 }, () =>
    addNoise(tf.slice(x, [2, 0, 0]), tf.slice(deviations, 2), seed).dataSync(),
  );
  expect(difference(half, whole.slice(36))).toBeLessThan(2e-6);
});

test('lets gradients of x through', () => {
  const [x, seed] = [tensor([2, 3, 2]), seedOf(1, 2)];
  const slope = tf.grad((value) => tf.sum(tf.square(addNoise(value as Tensor, tf.ones([2]), seed))) as never)(
    x,
  );
  const noisy = addNoise(x, tf.ones([2]), seed);
  expect(difference(slope.dataSync(), tf.mul(noisy, 2).dataSync())).toBeLessThan(1e-6);
});

test.runIf(ownKernelsThere)('what does not fit together is refused in words', () => {
  const noise = (x: Tensor, deviations: number, scales: number) => () =>
    runNative('PretextNoise', [], [x, tf.ones([deviations]), tf.ones([scales]), seedOf(1, 2)]);
  expect(noise(tensor([3, 4]), 2, 4)).toThrow('The number of deviations must be 3. Found: 2.');
  expect(noise(tensor([3, 4]), 3, 2)).toThrow('The number of scales must be 4. Found: 2.');
  expect(noise(tensor([4]), 4, 1)).toThrow('x must be [samples, ..., channels]. Found: [4].');
});
