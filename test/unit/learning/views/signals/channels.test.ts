import { expect, it } from 'vitest';
import {
  averageReference,
  channelReference,
  noiseAtRatio,
  permuteChannels,
} from '../../../../../src/learning/views/signals/channels.ts';
import { tf } from '../../../../../src/tensor/index.ts';
import { maxDifference, signalsOf } from '../../helpers.ts';

/** That each is selfEEG's is tested in views.test.ts. */
const x = signalsOf(3, 32, 4);

it('brings channels back by the order that undoes another', () => {
  const order = tf.tensor2d(new Array<number[]>(3).fill([2, 0, 3, 1]), [3, 4], 'int32');
  const back = tf.tensor2d(new Array<number[]>(3).fill([1, 3, 0, 2]), [3, 4], 'int32');
  expect(maxDifference(permuteChannels(permuteChannels(x, order), back), x)).toBe(0);
});

it('leaves of a channel that all others become relative to nothing', () => {
  const relative = channelReference(x, tf.fill([3], 1, 'int32'));
  expect(maxDifference(tf.slice(relative, [0, 0, 1], [-1, -1, 1]), tf.zeros([3, 32, 1]))).toBe(0);
});

it('leaves the mean of the channels without the old reference 0', () => {
  const others = tf.slice(averageReference(x, 0), [0, 0, 1], [-1, -1, 3]);
  expect(maxDifference(tf.mean(others, 2), tf.zeros([3, 32]))).toBeLessThan(1e-5);
});

it('adds noise whose power is the signal’s less the decibels', () => {
  const signs = tf.tensor(
    Array.from({ length: 96 }, (_, at) => (at % 2 === 0 ? 1 : -1)),
    [3, 32, 1],
  );
  const added = tf.sub(noiseAtRatio(x, signs, tf.fill([3], 10)), x);
  const power = (of: typeof x) => tf.mean(tf.square(of), 1);
  expect(maxDifference(tf.mul(power(added), 10), power(x))).toBeLessThan(1e-3);
});
