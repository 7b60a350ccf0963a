import { afterEach, describe, expect, test } from 'vitest';
import { nativeBackend } from '../../../src/tensor/backend.ts';
import { runNative } from '../../../src/tensor/native.ts';
import {
  columnProducts,
  gradients,
  linear,
  multiply,
  rectifiedLinear,
  rowProducts,
  tf,
  type Scalar,
  type Tensor,
} from '../../../src/tensor/index.ts';
import { difference, gradientError, tensor } from './helpers.ts';
import { chooseKernels, ownKernelsThere } from './own-kernels.ts';

afterEach(() => void (nativeBackend().smallOperations = false));
const choose = (own: boolean) => {
  chooseKernels(own);
  nativeBackend().smallOperations = own;
};

interface Case {
  rows: number;
  inputs: number;
  outputs: number;
  bias: boolean;
  rectified: boolean;
}

/** y and all gradients, by our own kernel or by TensorFlow's operations. */
function answers(own: boolean, { rows, inputs, outputs, bias, rectified }: Case) {
  choose(own);
  const state = {
    x: tensor([rows, inputs], -1, 1, 1),
    kernel: tensor([inputs, outputs], -1, 1, 2),
    ...(bias && { bias: tensor([outputs], -1, 1, 3) }),
  };
  const weights = tensor([rows, outputs], -1, 1, 4);
  const apply = ({ x, kernel, bias: offset }: Record<string, Tensor>) =>
    offset ? (rectified ? rectifiedLinear : linear)(x!, kernel!, offset) : multiply(x!, kernel!);
  const { grads } = gradients((given) => ({ loss: tf.sum(tf.mul(apply(given), weights)) as Scalar }), state);
  // Of the kernel alone, as in the first layer.
  const { x, ...others } = state;
  const first = gradients(
    (given) => ({ loss: tf.sum(tf.mul(apply({ x, ...given }), weights)) as Scalar }),
    others,
  );
  const values = { y: apply(state), ...grads, first: first.grads['kernel']! };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.dataSync()]));
}

describe('a dense layer at once gives what the operations give one after the other', () => {
  const sizes = [
    [512, 74, 128],
    [256, 128, 64],
    [1, 1, 1],
    [7, 3, 5],
    [25, 33, 31],
    [65, 200, 17],
    [130, 16, 96],
  ] as const;
  const cases = sizes.flatMap(([rows, inputs, outputs]) =>
    [
      { bias: true, rectified: true },
      { bias: true, rectified: false },
      { bias: false, rectified: false },
    ].map((kind): Case => ({ rows, inputs, outputs, ...kind })),
  );
  test.each(cases)('$rows × $inputs × $outputs, bias: $bias, rectified: $rectified', (given) => {
    const [ours, theirs] = [answers(true, given), answers(false, given)];
    expect(Object.keys(ours)).toEqual(Object.keys(theirs));
    for (const [name, values] of Object.entries(ours))
      expect(difference(values, theirs[name]!), name).toBeLessThan(5e-5);
  });
});

test('its gradients equal central differences', () => {
  choose(true);
  const [x, kernel, bias] = [tensor([5, 3]), tensor([3, 9], -1, 1, 2), tensor([9], 0.1, 0.2)];
  const plain = (...[a, b, c]: Tensor[]) => linear(a!, b!, c!);
  for (const error of gradientError(plain, [x, kernel, bias])) expect(error).toBeLessThan(1e-2);
});

test('products of rows with rows, and their gradients, are those of TensorFlow', () => {
  const of = (own: boolean) => {
    choose(own);
    const state = { a: tensor([67, 20]), b: tensor([41, 20], -1, 1, 2) };
    const weights = tensor([67, 41], -1, 1, 4);
    const { grads } = gradients(
      ({ a, b }) => ({ loss: tf.sum(tf.mul(rowProducts(a!, b!), weights)) as Scalar }),
      state,
    );
    return [rowProducts(state.a, state.b), grads['a']!, grads['b']!].map((value) => value.dataSync());
  };
  const [ours, theirs] = [of(true), of(false)];
  for (const [at, values] of ours.entries()) expect(difference(values, theirs[at]!)).toBeLessThan(1e-5);
});

test('products of columns with columns, and their gradients, are those of TensorFlow', () => {
  const of = (own: boolean) => {
    choose(own);
    const state = { a: tensor([67, 20]), b: tensor([67, 41], -1, 1, 2) };
    const weights = tensor([20, 41], -1, 1, 4);
    const { grads } = gradients(
      ({ a, b }) => ({ loss: tf.sum(tf.mul(columnProducts(a!, b!), weights)) as Scalar }),
      state,
    );
    return [columnProducts(state.a, state.b), grads['a']!, grads['b']!].map((value) => value.dataSync());
  };
  const [ours, theirs] = [of(true), of(false)];
  for (const [at, values] of ours.entries()) expect(difference(values, theirs[at]!)).toBeLessThan(1e-5);
});

test('gives the same bits again, however the threads share the work', () => {
  const given = { rows: 300, inputs: 74, outputs: 100, bias: true, rectified: true };
  const first = answers(true, given);
  for (let run = 0; run < 4; run++) expect(answers(true, given)).toEqual(first);
});

test('what is no number stays none', () => {
  choose(true);
  const y = rectifiedLinear(tf.tensor2d([[NaN], [1]]), tf.tensor2d([[2]]), tf.tensor1d([0]));
  expect([...y.dataSync()]).toEqual([NaN, 2]);
});

test.skipIf(!ownKernelsThere)('refuses what does not fit together, in words', () => {
  const plain = [{ name: 'rectified', type: 3, value: false }];
  const wrong = () => runNative('PretextDense', plain, [tensor([1, 4]), tensor([3, 2]), tensor([2])]);
  expect(wrong).toThrow("The kernel's inputs must be 4. Found: 3.");
});
