import { describe, expect, it } from 'vitest';
import { anyBatch, shapeWithRest } from '../../../../src/export/graph/batch.ts';
import { samePadding } from '../../../../src/export/graph/padding.ts';
import { transposed } from '../../../../src/export/graph/transposed.ts';
import { startTensorFlow, tf, traceForward, type Tensor } from '../../../../src/tensor/index.ts';

await startTensorFlow({ threads: 1 });

const traced = (run: (x: Tensor) => Tensor) =>
  anyBatch((batch) =>
    traceForward({}, { x: { shape: [batch, 4], dtype: 'float32' } }, (_, { x }) => ({ y: run(x!) })),
  );

describe('two traces as one graph', () => {
  it('knows which numbers of a shape follow the batch', () => {
    const { nodes } = traced((x) => tf.reshape(tf.reshape(x, [x.shape[0]! * 2, 2, 1]), x.shape));
    const [shape] = nodes.filter(({ op }) => op === 'Reshape').map(({ inputs }) => inputs[1]!);
    expect(shape).toMatchObject({ kind: 'constant', constant: { batches: [2, 0, 0] } });
    expect(shapeWithRest(shape)).toEqual([-1, 2, 1]);
  });

  it('refuses what depends on the batch in another way, by the operation’s name', () => {
    expect(() => traced((x) => tf.mul(x, 1 / x.shape[0]!))).toThrow(/Mul depends on the batch/);
    expect(() => traced((x) => (x.shape[0] === 2 ? tf.exp(x) : tf.square(x)))).toThrow(
      /depends on the batch/,
    );
    expect(() => traced((x) => tf.sum(x) as Tensor)).toThrow(/output y depends on the batch/);
  });

  it('keeps only what the outputs need', () => {
    const { nodes } = traced((x) => {
      tf.exp(x);
      return tf.square(x);
    });
    expect(nodes.map(({ op }) => op)).toEqual(['Square']);
  });
});

it('pads as TensorFlow does', () => {
  expect(samePadding(5, 3, 2)).toEqual({ before: 1, after: 1 });
  expect(samePadding(6, 3, 2)).toEqual({ before: 0, after: 1 });
  expect(samePadding(30, 4, 4)).toEqual({ before: 1, after: 1 });
  expect(samePadding(8, 1, 2)).toEqual({ before: 0, after: 0 });
});

it('turns axes as TensorFlow does', () => {
  const values = Float32Array.from({ length: 120 }, (_, at) => at * at);
  for (const order of [
    [3, 2, 0, 1],
    [1, 0, 3, 2],
    [0, 1, 2, 3],
  ])
    expect(transposed(values, [2, 3, 4, 5], order)).toEqual(
      tf.transpose(tf.tensor(values, [2, 3, 4, 5]), order).dataSync(),
    );
});
