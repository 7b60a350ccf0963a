import { expect, it } from 'vitest';
import { nativeBackend } from '../../../src/tensor/backend.ts';
import { conv2d, profileEntry, tf, type Entry } from '../../../src/tensor/index.ts';
import { numbers, tensor } from './helpers.ts';

it('counts the operations of one step, finds the heavy one, and leaves state and runtime as they were', () => {
  const entry: Entry = {
    inputs: { x: { shape: [32, 32, 32, 16], dtype: 'float32' } },
    run: (state, { x }) => {
      const y = conv2d(conv2d(x!, state['kernel']!), state['kernel']!);
      return { state: { steps: tf.add(state['steps']!, 1) }, outputs: { y: tf.sum(y) } };
    },
  };
  const initial = { kernel: tensor([5, 5, 16, 16]), steps: tf.scalar(0) };
  const before = nativeBackend().binding.getNumOfTensors();
  const profile = profileEntry(initial, entry, { x: numbers(32 * 32 * 32 * 16) }, 3);
  const counts = Object.fromEntries(profile.operations.map(({ op, count }) => [op, count]));
  const convolution = nativeBackend().ownKernels ? 'PretextConvolution' : 'Conv2D';
  expect(counts).toEqual({ [convolution]: 2, Add: 1, Sum: 1 });
  expect(profile.operations[0]!.op).toBe(convolution);
  expect(profile.operations.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
  expect(profile.stepMs).toBeGreaterThan(profile.nativeMs);
  expect(initial.steps.dataSync()[0]).toBe(0);
  expect(nativeBackend().binding.getNumOfTensors()).toBeLessThanOrEqual(before + 2);
});
