import { expect, it } from 'vitest';
import '../../learning/helpers.ts';
import {
  allFinite,
  lossScale,
  nextScaling,
  scalingSlots,
  unlessSkipped,
  unscaled,
} from '../../../../src/training/step/loss-scaling.ts';
import { tf, type State } from '../../../../src/tensor/index.ts';

const read = (state: State) =>
  Object.fromEntries(Object.entries(state).map(([name, value]) => [name, value.dataSync()[0]]));
const slots = (scale: number, steps: number): State => ({
  'optimizer/lossScale': tf.scalar(scale),
  'optimizer/goodSteps': tf.scalar(steps),
});
const good = () => tf.scalar(true, 'bool');
const bad = () => tf.scalar(false, 'bool');

it('begins at 2^15, halves after an overflow and begins to count anew', () => {
  expect(lossScale(scalingSlots()).dataSync()[0]).toBe(32768);
  expect(read(nextScaling(bad(), slots(32768, 1500)))).toEqual({
    'optimizer/lossScale': 16384,
    'optimizer/goodSteps': 0,
  });
});

it('doubles after 2000 good steps, and only then', () => {
  expect(read(nextScaling(good(), slots(1024, 1998)))).toEqual({
    'optimizer/lossScale': 1024,
    'optimizer/goodSteps': 1999,
  });
  expect(read(nextScaling(good(), slots(1024, 1999)))).toEqual({
    'optimizer/lossScale': 2048,
    'optimizer/goodSteps': 0,
  });
});

it('stays between 1 and 2^24', () => {
  expect(read(nextScaling(bad(), slots(1, 0)))['optimizer/lossScale']).toBe(1);
  expect(read(nextScaling(good(), slots(2 ** 24, 1999)))['optimizer/lossScale']).toBe(2 ** 24);
});

it('divides gradients by the scale, and sees an overflow in any of them', () => {
  const gradients = { a: tf.tensor1d([8, -4]), b: tf.tensor1d([16]) };
  const plain = unscaled(gradients, tf.scalar(8));
  expect([...plain['a']!.dataSync(), ...plain['b']!.dataSync()]).toEqual([1, -0.5, 2]);
  expect(allFinite(gradients).dataSync()[0]).toBe(1);
  expect(allFinite({ ...gradients, c: tf.tensor1d([1, Infinity]) }).dataSync()[0]).toBe(0);
  expect(allFinite({ ...gradients, c: tf.tensor1d([NaN]) }).dataSync()[0]).toBe(0);
});

it('leaves the state as it was where a step overflowed', () => {
  const [before, next] = [{ w: tf.scalar(1) }, { w: tf.scalar(2) }];
  expect(read(unlessSkipped(bad(), next, before))).toEqual({ w: 1 });
  expect(read(unlessSkipped(good(), next, before))).toEqual({ w: 2 });
});
