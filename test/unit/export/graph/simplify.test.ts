import { describe, expect, it } from 'vitest';
import type { BatchGraph, GraphNode, GraphSource, ModelGraph } from '../../../../src/export/graph/batch.ts';
import { withoutCasts, withWeightsReshaped } from '../../../../src/export/graph/simplify.ts';

const from = (node: string, output = 0): GraphSource => ({ kind: 'node', node, output });
const weight = (name: string): GraphSource => ({ kind: 'weight', name });
const constant = (values: number[], batches?: number[]): GraphSource => ({
  kind: 'constant',
  constant: {
    shape: [values.length],
    dtype: 3,
    values: Int32Array.from(values),
    ...(batches && { batches }),
  },
});
const node = (op: string, name: string, inputs: GraphSource[], more: Partial<GraphNode> = {}): GraphNode => ({
  op,
  name,
  inputs,
  attributes: [],
  outputs: [],
  ...more,
});
const cast = (name: string, input: GraphSource, to: number) =>
  node('Cast', name, [input], {
    attributes: [
      { name: 'SrcT', type: 4, value: 1 },
      { name: 'DstT', type: 4, value: to },
    ],
  });
const graph = (nodes: GraphNode[], output: GraphSource): BatchGraph => ({
  inputs: {},
  nodes,
  outputs: { y: { source: output, shape: [1], dtype: 1 } },
});

describe('casts that change nothing', () => {
  it('are read through, one after another, up to the outputs', () => {
    const x: GraphSource = { kind: 'input', name: 'x' };
    const found = withoutCasts(
      graph(
        [
          cast('a', x, 1),
          node('Identity', 'b', [from('a')]),
          node('Exp', 'c', [from('b')]),
          node('Identity', 'd', [from('c')]),
        ],
        from('d'),
      ),
    );
    expect(found.nodes).toEqual([node('Exp', 'c', [x])]);
    expect(found.outputs['y']!.source).toEqual(from('c'));
  });

  it('are others than those to another type, and than second outputs', () => {
    const nodes = [cast('a', { kind: 'input', name: 'x' }, 3), node('Exp', 'b', [from('a'), from('a', 1)])];
    expect(withoutCasts(graph(nodes, from('b'))).nodes).toEqual(nodes);
  });
});

describe('weights that are only given another shape', () => {
  const reshape = (name: string, inputs: GraphSource[], shape: number[], op = 'Reshape') =>
    node(op, name, inputs, { outputs: [{ shape, dtype: 1 } as never] });
  const model = (nodes: GraphNode[], output: GraphSource): ModelGraph => ({
    ...graph(nodes, output),
    weights: {
      w: { shape: [6], dtype: 'float32', values: Float32Array.of(1, 2, 3, 4, 5, 6) },
      unread: { shape: [1], dtype: 'float32', values: Float32Array.of(7) },
    },
  });

  it('are stored in that shape, once, and those that nothing reads are left out', () => {
    const found = withWeightsReshaped(
      model(
        [
          reshape('a', [weight('w'), constant([2, 3])], [2, 3]),
          reshape('b', [from('a'), constant([0])], [1, 2, 3], 'ExpandDims'),
          node('MatMul', 'c', [from('a'), from('b')]),
        ],
        from('c'),
      ),
    );
    expect(found.nodes).toEqual([node('MatMul', 'c', [weight('w/2x3'), weight('w/2x3/1x2x3')])]);
    expect(Object.entries(found.weights).map(([name, { shape }]) => [name, shape])).toEqual([
      ['w/2x3', [2, 3]],
      ['w/2x3/1x2x3', [1, 2, 3]],
    ]);
    expect(found.weights['w/2x3']!.values).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
  });

  it('are not those whose new shape follows the batch, nor what is computed', () => {
    const nodes = [
      reshape('a', [weight('w'), constant([2, 3], [1, 0])], [2, 3]),
      reshape('b', [from('a'), constant([6])], [6]),
    ];
    const found = withWeightsReshaped(model(nodes, from('b')));
    expect(found.nodes).toEqual(nodes);
    expect(Object.keys(found.weights)).toEqual(['w']);
  });
});
