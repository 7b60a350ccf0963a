import { afterEach, describe, expect, it } from 'vitest';
import type { StoredColumn } from '../../../../src/contract/data/columns.ts';
import { createPass, initialState } from '../../../../src/learning/layers/layer.ts';
import { rowDense } from '../../../../src/learning/layers/row-dense.ts';
import { NUMBER_CODES, rowVector } from '../../../../src/learning/layers/row-input.ts';
import { nativeBackend } from '../../../../src/tensor/backend.ts';
import { gradients, tf, type Scalar, type State } from '../../../../src/tensor/index.ts';
import { difference } from '../../tensor/helpers.ts';
import { chooseKernels } from '../../tensor/own-kernels.ts';
import '../helpers.ts';

const number = (name: string): StoredColumn => ({
  name,
  kind: 'number',
  missing: 0,
  mean: 0,
  standardDeviation: 1,
  quantiles: [-2, -1, 0, 1, 2],
});
const category = (name: string, categories: string[]) =>
  ({
    name,
    kind: 'category',
    missing: 0,
    categories,
    counts: categories.map(() => 1),
  }) as unknown as StoredColumn;
const [a, b] = [category('work', ['x', 'y']), category('place', ['p', 'q', 'r'])];
const rows = tf.tensor2d([
  [0.5, 0, -9, 1],
  [NaN, 1, 3, NaN],
  [1.5, NaN, NaN, 2],
  [-0.25, 1, 0.5, 0],
]);
const kinds = {
  both: { columns: [number('age'), a, number('height'), b], rows },
  categories: { columns: [a, b], rows: tf.gather(rows, tf.tensor1d([1, 3], 'int32'), 1) },
  numbers: {
    columns: [number('age'), number('height')],
    rows: tf.gather(rows, tf.tensor1d([0, 2], 'int32'), 1),
  },
};

afterEach(() => void (nativeBackend().smallOperations = false));

describe('the first dense layer of rows', () => {
  const cases = NUMBER_CODES.flatMap((code) =>
    (['both', 'categories', 'numbers'] as const).map((kind) => ({ code, kind })),
  );

  it.each(cases)('is the same by our own kernels, with its gradients: $code, $kind', ({ code, kind }) => {
    const given = kinds[kind];
    const common = {
      name: 'in',
      columns: given.columns,
      code,
      bins: 4,
      frequencies: 2,
      frequencyDeviation: 1,
    };
    const input = rowVector({ ...common, embedding: 3 });
    const { layer, stands } = rowDense(input, { name: 'first', outputs: 5, rectified: true });
    expect(layer.parameters).toEqual(stands.flatMap(({ parameters }) => parameters));
    const state = initialState(layer.parameters, 1);
    const weights = tf.tensor2d(
      Array.from({ length: 20 }, (_, at) => Math.sin(at)),
      [4, 5],
    );
    const of = (own: boolean): State => {
      chooseKernels(own);
      nativeBackend().smallOperations = own;
      const apply = ({ x, ...parameters }: State) =>
        layer.apply(x!, createPass({ parameters, statistics: {} }, true));
      const all = { x: given.rows, ...state };
      // TensorFlow's look-up has no gradient of what is looked up.
      const asked: State = kind === 'numbers' ? all : state;
      const { grads } = gradients(
        (each) => ({ loss: tf.sum(tf.mul(apply({ ...all, ...each }), weights)) as Scalar }),
        asked,
      );
      return { y: apply(all), ...grads };
    };
    const [ours, theirs] = [of(true), of(false)];
    expect(Object.keys(ours)).toEqual(Object.keys(theirs));
    for (const [name, value] of Object.entries(ours))
      expect(difference(value.dataSync(), theirs[name]!.dataSync()), name).toBeLessThan(1e-5);
  });
});
