import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { nativeBackend } from '../../../src/tensor/backend.ts';
import {
  atPrecision,
  conv1d,
  conv2d,
  gradients,
  tf,
  type Scalar,
  type Tensor,
} from '../../../src/tensor/index.ts';
import { runNative } from '../../../src/tensor/native.ts';
import { difference, tensor } from './helpers.ts';
import { chooseKernels, ownKernelsThere } from './own-kernels.ts';

type Operation = (x: Tensor, kernel: Tensor) => Tensor;

/** What comes out, and both gradients, by our own kernels or by TensorFlow's. */
function answers(own: boolean, operation: Operation, x: Tensor, kernel: Tensor): ArrayLike<number>[] {
  chooseKernels(own);
  const y = operation(x, kernel);
  const weights = tensor(y.shape, -1, 1, 7);
  const loss = (given: Record<string, Tensor>) => ({
    loss: tf.sum(tf.mul(operation(given['x']!, given['kernel']!), weights)) as Scalar,
  });
  const { grads } = gradients(loss, { x, kernel });
  return [y, grads['x']!, grads['kernel']!].map((value) => value.dataSync());
}

/** Runs `body` and tells which operations it was made of. */
function operationsOf(body: () => void): string[] {
  const backend = nativeBackend();
  const { binding } = backend;
  const ran: string[] = [];
  const executeOp: typeof binding.executeOp = (op, ...rest) => {
    ran.push(op);
    return binding.executeOp(op, ...rest);
  };
  backend.binding = new Proxy({} as typeof binding, {
    get: (_, key: keyof typeof binding) => (key === 'executeOp' ? executeOp : binding[key]),
  });
  try {
    body();
  } finally {
    backend.binding = binding;
  }
  return ran;
}

test('are there on every processor that has the instructions for them', () => {
  const told = process.platform === 'linux' ? readFileSync('/proc/cpuinfo', 'utf8') : '';
  const able = process.arch === 'arm64' || (/\bavx2\b/.test(told) && /\bfma\b/.test(told));
  if (able) expect(ownKernelsThere).toBe(true);
  expect(operationsOf(() => void conv2d(tensor([1, 4, 4, 8]), tensor([3, 3, 8, 8])))).toContain(
    ownKernelsThere ? 'PretextConvolution' : 'Conv2D',
  );
});

describe('give what TensorFlow gives, with both gradients', () => {
  // The last: how far apart the answers may be, where sums of many transformed values take more than usual.
  const cases: [string, Operation, number[], number[], number?][] = [
    ['3 × 3', (x, k) => conv2d(x, k), [2, 6, 6, 16], [3, 3, 16, 16]],
    ['3 × 3, odd sides', (x, k) => conv2d(x, k), [3, 7, 5, 8], [3, 3, 8, 24]],
    ['3 × 3, one row', (x, k) => conv2d(x, k), [2, 1, 9, 16], [3, 3, 16, 40]],
    ['3 × 3, one place', (x, k) => conv2d(x, k), [5, 1, 1, 8], [3, 3, 8, 8]],
    ['3 × 3, many channels', (x, k) => conv2d(x, k), [2, 4, 4, 136], [3, 3, 136, 72]],
    [
      '3 × 3, more tiles than one thread takes at a time',
      (x, k) => conv2d(x, k),
      [9, 13, 11, 8],
      [3, 3, 8, 8],
    ],
    ['3 × 3, valid', (x, k) => conv2d(x, k, 1, 'valid'), [2, 6, 7, 8], [3, 3, 8, 16]],
    ['3 × 3, stride 2, same', (x, k) => conv2d(x, k, 2, 'same'), [2, 8, 7, 16], [3, 3, 16, 32]],
    ['3 × 3, stride 2, centred', (x, k) => conv2d(x, k, 2, 'centred'), [4, 8, 9, 16], [3, 3, 16, 32]],
    ['3 × 3, stride 2, valid', (x, k) => conv2d(x, k, 2, 'valid'), [2, 8, 9, 8], [3, 3, 8, 8]],
    ['1 × 1', (x, k) => conv2d(x, k), [3, 5, 4, 24], [1, 1, 24, 8]],
    ['1 × 1, stride 2, centred', (x, k) => conv2d(x, k, 2, 'centred'), [3, 5, 4, 8], [1, 1, 8, 40]],
    ['7 × 7, stride 2', (x, k) => conv2d(x, k, 2, 'centred'), [1, 13, 12, 8], [7, 7, 8, 16]],
    ['4 × 4, stride 4, valid', (x, k) => conv2d(x, k, 4, 'valid'), [2, 9, 8, 8], [4, 4, 8, 16]],
    ['2 × 3, other strides', (x, k) => conv2d(x, k, [3, 1]), [2, 8, 5, 8], [2, 3, 8, 8]],
    ['a signal', (x, k) => conv1d(x, k), [3, 21, 8], [5, 8, 16]],
    ['a signal, stride 2', (x, k) => conv1d(x, k, 2, 'centred'), [3, 21, 8], [7, 8, 16]],
    ['a signal of 19 channels', (x, k) => conv1d(x, k), [3, 21, 19], [5, 19, 16], 3e-6],
    [
      'a signal of 19 channels, stride 2',
      (x, k) => conv1d(x, k, 2, 'centred'),
      [3, 40, 19],
      [7, 19, 32],
      3e-6,
    ],
    ['a signal of 9 channels, stride 2', (x, k) => conv1d(x, k, 2, 'centred'), [3, 21, 9], [7, 9, 24]],
    ['a signal of 24 channels', (x, k) => conv1d(x, k), [3, 21, 24], [5, 24, 40], 3e-6],
    ['a signal, stride longer than the kernel', (x, k) => conv1d(x, k, 3, 'valid'), [2, 20, 8], [2, 8, 8]],
  ];
  test.each(cases)('%s', (_, operation, xShape, kernelShape, most = 2e-6) => {
    const [x, kernel] = [tensor(xShape), tensor(kernelShape, -1, 1, 3)];
    const [ours, theirs] = [true, false].map((own) => answers(own, operation, x, kernel));
    for (const [index, values] of ours!.entries())
      expect(difference(values, theirs![index]!)).toBeLessThan(most);
  });

  test('also over a whole batch of training, to the precision of 32 bits', () => {
    const [x, kernel] = [tensor([64, 16, 16, 32]), tensor([3, 3, 32, 32], -0.1, 0.1)];
    const [ours, theirs] = [true, false].map((own) => answers(own, (a, k) => conv2d(a, k), x, kernel));
    for (const [index, values] of ours!.entries())
      expect(difference(values, theirs![index]!)).toBeLessThan(1e-5);
  });
});

/** y, and both gradients for the upstream `dy`, by plain loops in 64 bits: windows begin `before` places early. */
function plainly(
  [x, kernel, dy]: [Tensor, Tensor, Tensor],
  stride: number,
  before: number,
): [number[], number[], number[]] {
  const [count, length, inputs] = x.shape as [number, number, number];
  const [size, , outputs] = kernel.shape as [number, number, number];
  const places = dy.shape[1]!;
  const [xs, weights, upstream] = [x.dataSync(), kernel.dataSync(), dy.dataSync()];
  const [y, dx, dKernel] = [dy, x, kernel].map(({ size: values }) => new Array<number>(values).fill(0));
  const each = (body: (at: { x: number; kernel: number; y: number }) => void) => {
    for (let sample = 0; sample < count; sample++)
      for (let place = 0; place < places; place++)
        for (let tap = 0; tap < size; tap++) {
          const from = place * stride + tap - before;
          if (from < 0 || from >= length) continue;
          for (let input = 0; input < inputs; input++)
            for (let output = 0; output < outputs; output++)
              body({
                x: (sample * length + from) * inputs + input,
                kernel: (tap * inputs + input) * outputs + output,
                y: (sample * places + place) * outputs + output,
              });
        }
  };
  each((at) => {
    y![at.y]! += xs[at.x]! * weights[at.kernel]!;
    dx![at.x]! += upstream[at.y]! * weights[at.kernel]!;
    dKernel![at.kernel]! += xs[at.x]! * upstream[at.y]!;
  });
  return [y!, dx!, dKernel!];
}

describe('along lines give what plain loops give, with both gradients', () => {
  const cases: [string, number, number, number, number, number][] = [
    // Stride, length, kernel size, inputs, outputs; by tiles of 9 − size outputs, or 9 − the folded size.
    ['3 places', 1, 13, 3, 16, 32],
    ['4 places', 1, 21, 4, 8, 16],
    ['5 places', 1, 37, 5, 16, 24],
    ['5 places, more tiles than one thread takes at a time', 1, 200, 5, 8, 8],
    ['5 places, shorter than a tile', 1, 3, 5, 16, 16],
    ['5 places, one place', 1, 1, 5, 8, 8],
    ['5 places, many channels', 1, 12, 5, 72, 136],
    ['6 places', 1, 20, 6, 8, 40],
    ['7 places', 1, 19, 7, 16, 16],
    ['9 places', 1, 19, 9, 8, 16],
    ['5 places, stride 2', 2, 36, 5, 16, 32],
    ['5 places, stride 2, odd length', 2, 37, 5, 16, 32],
    ['7 places, stride 2', 2, 30, 7, 8, 16],
    ['9 places, stride 3', 3, 30, 9, 8, 16],
    ['5 places, stride 2, inputs that are no whole registers', 2, 24, 5, 8, 16],
  ];
  test.each(cases)('%s', (_, stride, length, size, inputs, outputs) => {
    const [x, kernel] = [tensor([5, length, inputs]), tensor([size, inputs, outputs], -1, 1, 3)];
    const paddings = { centred: Math.floor((size - 1) / 2), valid: 0 };
    for (const [padding, before] of Object.entries(paddings)) {
      if (padding === 'valid' && length < size) continue;
      const operation: Operation = (a, k) => conv1d(a, k, stride, padding as 'centred');
      const found = answers(true, operation, x, kernel);
      const dy = tensor(operation(x, kernel).shape, -1, 1, 7);
      const wanted = plainly([x, kernel, dy], stride, before);
      for (const [index, values] of found.entries()) {
        const largest = Math.max(...wanted[index]!.map(Math.abs));
        expect(difference(values, wanted[index]!) / largest).toBeLessThan(1e-5);
      }
    }
  });

  test('images are as many lines as they have rows', () => {
    const [x, kernel] = [tensor([2, 3, 11, 8]), tensor([1, 5, 8, 16], -1, 1, 3)];
    const [ours, theirs] = [true, false].map((own) => answers(own, (a, k) => conv2d(a, k), x, kernel));
    for (const [index, values] of ours!.entries())
      expect(difference(values, theirs![index]!)).toBeLessThan(1e-5);
  });
});

test('give the same bits again, however the threads share the work', () => {
  const [x, kernel] = [tensor([32, 15, 15, 16]), tensor([3, 3, 16, 16])];
  const runs = Array.from({ length: 5 }, () => answers(true, (a, k) => conv2d(a, k), x, kernel));
  for (const run of runs) expect(run).toEqual(runs[0]);
  const strided = Array.from({ length: 5 }, () => answers(true, (a, k) => conv2d(a, k, 2), x, kernel));
  for (const run of strided) expect(run).toEqual(strided[0]);
  const [signal, taps] = [tensor([32, 90, 16]), tensor([5, 16, 16])];
  const lines = Array.from({ length: 5 }, () => answers(true, (a, k) => conv1d(a, k), signal, taps));
  for (const run of lines) expect(run).toEqual(lines[0]);
});

test('leave other channels and other precisions to TensorFlow', () => {
  const ran = (x: Tensor, kernel: Tensor) => operationsOf(() => void conv2d(x, kernel));
  expect(ran(tensor([1, 4, 4, 3]), tensor([3, 3, 3, 8]))).toContain('Conv2D');
  expect(ran(tensor([1, 4, 4, 8]), tensor([3, 3, 8, 4]))).toContain('Conv2D');
  const low = operationsOf(
    () => void atPrecision('bfloat16', () => conv2d(tensor([1, 4, 4, 8]), tensor([3, 3, 8, 8]))),
  );
  expect(low).toContain('Conv2D');
});

test('refuse what does not fit together, in words', () => {
  const size = [{ name: 'size', type: 1, value: [4, 4] }];
  const wrong = () => runNative('PretextConvolution', size, [tensor([1, 4, 4, 16]), tensor([3, 3, 8, 8])]);
  expect(wrong).toThrow("The kernel's inputs must be 16. Found: 8.");
  const flat = () => runNative('PretextConvolution', size, [tensor([4, 16]), tensor([3, 3, 16, 8])]);
  expect(flat).toThrow('x must be [batch, height, width, channels]. Found: [4, 16].');
});
