import { afterEach, describe, expect, test } from 'vitest';
import { nativeBackend } from '../../../../src/tensor/backend.ts';
import {
  gradients,
  ownCategoryDense,
  ownReplacedCells,
  ownRowParts,
  tf,
  type Scalar,
  type State,
  type Tensor,
} from '../../../../src/tensor/index.ts';
import { runNativeAll } from '../../../../src/tensor/native.ts';
import { difference, tensor } from '../helpers.ts';
import { chooseKernels, ownKernelsThere } from '../own-kernels.ts';

afterEach(() => void (nativeBackend().smallOperations = false));
const choose = () => void (nativeBackend().smallOperations = true);

test('without them, or where operations are not small, they leave it to others', () => {
  const rows = tensor([2, 2]);
  const parts = { numbers: [0], categories: [1], sizes: [2], limit: 0 };
  expect(ownRowParts(rows, parts)).toBeNull();
  choose();
  chooseKernels(false);
  expect(ownRowParts(rows, parts)).toBeNull();
});

describe.runIf(ownKernelsThere)('numbers and categories of rows', () => {
  const rows = [
    [0.5, 0, -9, 1],
    [NaN, 1.6, 3, NaN],
    [Infinity, NaN, NaN, -4],
    [-8, 7, 8, 0.5],
  ];
  const parts = { numbers: [0, 2], categories: [3, 1], sizes: [2, 3], limit: 8 };

  test('are parted, held within the limit, and what is unknown is told', () => {
    choose();
    const { told, codes } = ownRowParts(tf.tensor2d(rows), parts)!;
    expect(told.arraySync()).toEqual([
      [0.5, -8, 0, 0],
      [0, 3, 1, 0],
      [8, 0, 0, 1],
      [-8, 8, 0, 0],
    ]);
    // A half goes to the even side, as TensorFlow rounds; unknown is behind the last, what is none the nearest.
    expect(codes.arraySync()).toEqual([
      [1, 0],
      [2, 2],
      [0, 3],
      [0, 2],
    ]);
    expect(codes.dtype).toBe('int32');
    const { told: free } = ownRowParts(tf.tensor2d(rows), { ...parts, limit: 0 })!;
    expect((free.arraySync() as number[][]).map((row) => row.slice(0, 2))).toEqual([
      [0.5, -9],
      [0, 3],
      [Infinity, 0],
      [-8, 8],
    ]);
  });

  test('numbers have the gradient 1 where they are known and within the limit', () => {
    choose();
    const of = (limit: number) =>
      gradients(({ x }) => ({ loss: tf.sum(ownRowParts(x!, { ...parts, limit })!.told) as Scalar }), {
        x: tf.tensor2d(rows),
      }).grads['x']!.arraySync();
    expect(of(8)).toEqual([
      [1, 0, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 0],
      [1, 0, 1, 0],
    ]);
    expect(of(0)).toEqual([
      [1, 0, 1, 0],
      [0, 0, 1, 0],
      [1, 0, 0, 0],
      [1, 0, 1, 0],
    ]);
  });
});

interface Case {
  rows: number;
  numbers: number;
  sizes: number[];
  width: number;
  outputs: number;
  rectified: boolean;
}

/** y and all gradients of [x, vectors of the codes] · kernel + bias. */
function answers(own: boolean, { rows, numbers, sizes, width, outputs, rectified }: Case) {
  const columns = sizes.length;
  const entries = sizes.reduce((sum, size) => sum + size, 0);
  const state: State = {
    table: tensor([entries, width], -1, 1, 1),
    kernel: tensor([numbers + columns * width, outputs], -1, 1, 2),
    bias: tensor([outputs], -1, 1, 3),
    x: numbers > 0 ? tensor([rows, numbers], -1, 1, 5) : tf.zeros([rows, 0]),
  };
  const drawn = tensor([rows, columns], 0, 1, 6).dataSync();
  const codes = drawn.map((draw, at) =>
    Math.min(sizes[at % columns]! - 1, Math.floor(draw * sizes[at % columns]!)),
  );
  const codeTensor = tf.tensor2d(codes, [rows, columns], 'int32');
  const starts = sizes.map((_, at) => sizes.slice(0, at).reduce((sum, size) => sum + size, 0));
  const weights = tensor([rows, outputs], -1, 1, 4);
  const plain = ({ x, table, kernel, bias }: State) => {
    const places = tf.reshape(tf.add(codeTensor, tf.tensor1d(starts, 'int32')), [-1]);
    const vectors = tf.reshape(tf.gather(table!, places as never), [rows, columns * width]);
    const sum = tf.add(tf.matMul(tf.concat([x!, vectors], 1), kernel!), bias!);
    return rectified ? tf.relu(sum) : sum;
  };
  const apply = (given: State) =>
    own
      ? ownCategoryDense(
          { ...(given as Record<'x' | 'table' | 'kernel' | 'bias', Tensor>), codes: codeTensor },
          { rectified, sizes },
        )!
      : plain(given);
  const { x, ...weighted } = state;
  const asked = numbers > 0 ? state : weighted;
  const { grads } = gradients(
    (given) => ({ loss: tf.sum(tf.mul(apply({ x: x!, ...given }), weights)) as Scalar }),
    asked,
  );
  return Object.fromEntries(
    Object.entries({ y: apply(state), ...grads }).map(([name, value]) => [name, value.dataSync()]),
  );
}

describe.runIf(ownKernelsThere)('a dense layer of numbers and categories', () => {
  const cases: Case[] = [
    { rows: 256, numbers: 10, sizes: [9, 17, 8, 15, 7, 6, 3, 42], width: 8, outputs: 128, rectified: true },
    { rows: 70, numbers: 3, sizes: [2, 5], width: 5, outputs: 33, rectified: false },
    { rows: 9, numbers: 0, sizes: [4], width: 20, outputs: 3, rectified: true },
    { rows: 65, numbers: 1, sizes: [1, 1, 30], width: 1, outputs: 1, rectified: false },
    { rows: 200, numbers: 7, sizes: [60, 2], width: 33, outputs: 70, rectified: true },
  ];
  test.each(cases)('gives what the operations give: $rows × $numbers + $sizes × $width', (given) => {
    choose();
    const [ours, theirs] = [answers(true, given), answers(false, given)];
    expect(Object.keys(ours)).toEqual(Object.keys(theirs));
    for (const [name, values] of Object.entries(ours))
      expect(difference(values, theirs[name]!), name).toBeLessThan(5e-5);
  });

  test('gives the same bits again, however the threads share the work', () => {
    choose();
    const first = answers(true, cases[0]!);
    for (let run = 0; run < 4; run++) expect(answers(true, cases[0]!)).toEqual(first);
  });

  test('leaves it to others where there are more categories than cells', () => {
    choose();
    const weights = { kernel: tensor([3, 2]), bias: tensor([2]), x: tensor([2, 1]) };
    const codes = tf.zeros([2, 1], 'int32');
    const of = (size: number) =>
      ownCategoryDense({ ...weights, codes, table: tensor([size, 2]) }, { rectified: false, sizes: [size] });
    expect(of(2)?.shape).toEqual([2, 2]);
    expect(of(3)).toBeNull();
  });

  test('refuses a code that is none, in words', () => {
    choose();
    const weights = { kernel: tensor([3, 2]), bias: tensor([2]), x: tensor([2, 1]), table: tensor([2, 2]) };
    const codes = tf.tensor2d([0, 2], [2, 1], 'int32');
    expect(() => ownCategoryDense({ ...weights, codes }, { rectified: false, sizes: [2] })).toThrow(
      'A code must be from 0 to 1. Found: 2.',
    );
  });
});

describe.runIf(ownKernelsThere)('replaced cells', () => {
  const rows = tf.tensor2d([
    [1, 2, 3],
    [4, NaN, 6],
  ]);
  const draws = tf.tensor2d([
    [0.1, 0.9, 0.5],
    [0.7, 0.2, 0.3],
  ]);
  const picked = tf.tensor2d([1, 1, 1, 0, 0, 0], [2, 3], 'int32');
  const input = { rows, draws, sources: rows, picked };

  test('are those of the greatest draws, and have the value of their column in the row picked', () => {
    choose();
    const { view, replaced } = ownReplacedCells(input, 2)!;
    expect(view.arraySync()).toEqual([
      [1, NaN, 6],
      [1, NaN, 3],
    ]);
    expect(replaced.arraySync()).toEqual([
      [0, 1, 1],
      [1, 0, 1],
    ]);
    expect(tf.sum(ownReplacedCells(input, 0)!.replaced).arraySync()).toBe(0);
    expect(tf.sum(ownReplacedCells(input, 3)!.replaced).arraySync()).toBe(6);
  });

  test('a row that is none, or too many cells, are refused in words', () => {
    choose();
    const far = { ...input, picked: tf.fill([2, 3], 2, 'int32') };
    expect(() => ownReplacedCells(far, 1)).toThrow('A row picked must be from 0 to 1. Found: 2.');
    expect(() => ownReplacedCells(input, 4)).toThrow('must be from 0 to 3. Found: 4.');
    const count = [{ name: 'count', type: 1, value: 1 }];
    expect(() =>
      runNativeAll('PretextReplaceCells', count, [rows, draws, tensor([1, 2]), picked], 2),
    ).toThrow('The columns of the rows that values are taken from must be 3. Found: 2.');
  });
});
