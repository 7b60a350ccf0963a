import { describe, expect, it } from 'vitest';
import {
  attributeTypes,
  nativeBackend,
  nativeTypes,
  type TypedArray,
} from '../../../../src/tensor/backend.ts';
import { createGraph, type Graph } from '../../../../src/tensor/compile/graph.ts';
import { openSession } from '../../../../src/tensor/compile/session.ts';
import { attribute } from '../../../../src/tensor/native.ts';
import '../helpers.ts';

const typed = (name = 'T') => attribute.type(name, 'float32');

function addConstant(
  graph: Graph,
  name: string,
  shape: number[],
  values: TypedArray,
  type = 'float32' as const,
) {
  graph.add(
    'Const',
    name,
    [],
    [
      attribute.type('dtype', values instanceof Int32Array ? 'int32' : type),
      {
        name: 'value',
        constant: {
          shape,
          dtype: values instanceof Int32Array ? nativeTypes.int32 : nativeTypes.float32,
          values,
        },
      },
    ],
  );
}

/** The values of one output, computed by TensorFlow. */
function computed(build: (graph: Graph) => void, output: string): number[] {
  const graph = createGraph();
  build(graph);
  const session = openSession(nativeBackend().binding, graph);
  try {
    return Array.from(session.run([], [output])[0] as Float32Array);
  } finally {
    session.dispose();
  }
}

describe('a graph that TensorFlow loads', () => {
  it('has constants of their shape, and only the part of a buffer that is theirs', () => {
    const buffer = Float32Array.of(9, 1, 2, 3, 4, 9);
    const build = (graph: Graph) => {
      addConstant(graph, 'a', [2, 2], buffer.subarray(1, 5));
      addConstant(graph, 'b', [2, 1], Float32Array.of(10, 20));
      graph.add('MatMul', 'product', ['a:0', 'b:0'], [typed(), attribute.bool('transpose_a', true)]);
    };
    // [[1, 3], [2, 4]] · [10, 20]
    expect(computed(build, 'product:0')).toEqual([70, 100]);
  });

  it('takes numbers with a point, texts, types and lists of whole numbers', () => {
    const build = (graph: Graph) => {
      addConstant(graph, 'image', [1, 1, 4, 1], Float32Array.of(1, -2, 3, -4));
      addConstant(graph, 'kernel', [1, 2, 1, 1], Float32Array.of(1, 1));
      graph.add(
        'Conv2D',
        'convolved',
        ['image:0', 'kernel:0'],
        [typed(), attribute.int('strides', [1, 1, 2, 1]), attribute.string('padding', 'VALID')],
      );
      graph.add('LeakyRelu', 'leaky', ['convolved:0'], [typed(), attribute.float('alpha', 0.25)]);
      graph.add('Cast', 'whole', ['leaky:0'], [typed('SrcT'), attribute.type('DstT', 'int32')]);
      graph.add('Cast', 'back', ['whole:0'], [attribute.type('SrcT', 'int32'), typed('DstT')]);
    };
    expect(computed(build, 'leaky:0')).toEqual([-0.25, -0.25]);
    expect(computed(build, 'back:0').map(Math.abs)).toEqual([0, 0]);
  });

  it('takes shapes, and lists of types and of numbers with a point', () => {
    const build = (graph: Graph) => {
      const shape = { name: 'shape', type: attributeTypes.shape, value: [3] };
      graph.add('Placeholder', 'fed', [], [attribute.type('dtype', 'float32'), shape]);
      addConstant(graph, 'ones', [3], Float32Array.of(1, 1, 1));
      graph.add(
        'IdentityN',
        'both',
        ['ones:0', 'ones:0'],
        [{ name: 'T', type: attributeTypes.type, value: [nativeTypes.float32, nativeTypes.float32] }],
      );
      graph.add('AddV2', 'sum', ['both:0', 'both:1'], [typed()]);
      addConstant(graph, 'values', [4], Float32Array.of(-5, 0.5, 2, 7));
      graph.add(
        'Bucketize',
        'buckets',
        ['values:0'],
        [typed(), { name: 'boundaries', type: attributeTypes.float, value: [0, 1, 5] }],
      );
      graph.add('Cast', 'bucket', ['buckets:0'], [attribute.type('SrcT', 'int32'), typed('DstT')]);
    };
    expect(computed(build, 'sum:0')).toEqual([2, 2, 2]);
    expect(computed(build, 'bucket:0')).toEqual([0, 1, 2, 3]);
  });

  it('knows how many nodes it has', () => {
    const graph = createGraph();
    expect(graph.size).toBe(0);
    addConstant(graph, 'a', [], Float32Array.of(1));
    expect(graph.size).toBe(1);
  });
});
