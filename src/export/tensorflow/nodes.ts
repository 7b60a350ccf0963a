/** A graph as nodes of TensorFlow: placeholders, constants and operations by name, for every format that holds them. */
import { attributeTypes, nativeTypes, type Attribute, type TypedArray } from '../../tensor/index.ts';
import {
  shapeWithRest,
  type GraphConstant,
  type GraphNode,
  type GraphSource,
  type ModelGraph,
} from '../graph/batch.ts';
import { INPUT } from '../graph/model-graph.ts';

export interface TensorFlowConstant {
  shape: readonly number[];
  dtype: number;
  values: TypedArray;
}

export interface TensorFlowNode {
  op: string;
  name: string;
  inputs: string[];
  attributes: Attribute[];
  /** Of a `Const`. */
  constant?: TensorFlowConstant;
}

export interface TensorFlowSignature {
  /** Name, shape with -1 for the batch, and the node's output. */
  inputs: Record<string, { source: string; shape: number[] }>;
  outputs: Record<string, { source: string; shape: number[] }>;
}

export interface TensorFlowGraph {
  nodes: TensorFlowNode[];
  signature: TensorFlowSignature;
}

const type = (name: string, value: number): Attribute => ({ name, type: attributeTypes.type, value });
const integer = (name: string, value: number): Attribute => ({ name, type: attributeTypes.int, value });

/** @returns nodes in an order in which each comes after what it reads */
export function tensorFlowNodes(graph: ModelGraph): TensorFlowGraph {
  const nodes: TensorFlowNode[] = [];
  const constants = new Map<string, string>();
  const shape = [-1, ...graph.inputs[INPUT]!.shape.slice(1)];
  nodes.push({
    op: 'Placeholder',
    name: INPUT,
    inputs: [],
    attributes: [
      type('dtype', nativeTypes.float32),
      { name: 'shape', type: attributeTypes.shape, value: shape },
    ],
  });
  for (const [name, weight] of Object.entries(graph.weights))
    addConstant(name, { shape: weight.shape, dtype: nativeTypes.float32, values: weight.values });

  for (const node of graph.nodes)
    nodes.push({
      op: node.op,
      name: node.name,
      inputs: node.inputs.map((_, index) => inputOf(node, index)),
      attributes: node.attributes,
    });
  const outputs = Object.entries(graph.outputs).map(([name, { source, shape: sides }]) => {
    nodes.push({
      op: 'Identity',
      name,
      inputs: [sourceOf(source)],
      attributes: [type('T', nativeTypes.float32)],
    });
    return { name, source: `${name}:0`, shape: [-1, ...sides.slice(1)] };
  });
  return {
    nodes,
    signature: {
      inputs: { [INPUT]: { source: `${INPUT}:0`, shape } },
      outputs: Object.fromEntries(outputs.map(({ name, ...output }) => [name, output])),
    },
  };

  function addConstant(name: string, constant: TensorFlowConstant): string {
    nodes.push({
      op: 'Const',
      name,
      inputs: [],
      attributes: [type('dtype', constant.dtype)],
      constant,
    });
    return name;
  }

  function inputOf(node: GraphNode, index: number): string {
    const source = node.inputs[index]!;
    if (source.kind !== 'constant' || !source.constant.batches) return sourceOf(source);
    // Both know -1: what is left, and to the end.
    const open = index > 0 && (node.op === 'Reshape' || (node.op === 'Slice' && index === 2));
    const rest = open ? shapeWithRest(source) : null;
    if (!rest) return shapeWithBatch(source.constant);
    const { batches: _, ...fixed } = source.constant;
    return constantNamed({ ...fixed, values: Int32Array.from(rest) });
  }

  function sourceOf(source: GraphSource): string {
    if (source.kind === 'constant') return constantNamed(source.constant);
    if (source.kind !== 'node') return source.name;
    return source.output === 0 ? source.node : `${source.node}:${source.output}`;
  }

  function constantNamed({ shape: sides, dtype, values }: GraphConstant): string {
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    const key = `${dtype}/${sides.join()}/${bytes.toString('base64')}`;
    const known = constants.get(key);
    if (known) return known;
    const name = addConstant(`constants/${constants.size}`, { shape: sides, dtype, values });
    constants.set(key, name);
    return name;
  }

  /** Makes a shape in which the batch occurs while the model runs. */
  function shapeWithBatch({ values, batches = [] }: GraphConstant): string {
    const parts = Array.from(values, (value, at) => {
      if (!batches[at]) return integers([value], []);
      return batches[at] === 1 ? batchSize() : timesBatch(batches[at]!);
    });
    const name = `shapes/${nodes.length}`;
    nodes.push({
      op: 'Pack',
      name,
      inputs: parts,
      attributes: [type('T', nativeTypes.int32), integer('N', parts.length), integer('axis', 0)],
    });
    return name;
  }

  function timesBatch(times: number): string {
    const name = `shapes/${nodes.length}/times`;
    const inputs = [batchSize(), integers([times], [])];
    nodes.push({ op: 'Mul', name, inputs, attributes: [type('T', nativeTypes.int32)] });
    return name;
  }

  function batchSize(): string {
    const known = constants.get('batch');
    if (known) return known;
    nodes.push({
      op: 'Shape',
      name: 'batch/shape',
      inputs: [INPUT],
      attributes: [type('T', nativeTypes.float32), type('out_type', nativeTypes.int32)],
    });
    const [begin, end, stride] = [integers([0], [1]), integers([1], [1]), integers([1], [1])];
    const masks = ['begin_mask', 'end_mask', 'ellipsis_mask', 'new_axis_mask'].map((mask) =>
      integer(mask, 0),
    );
    nodes.push({
      op: 'StridedSlice',
      name: 'batch',
      inputs: ['batch/shape', begin, end, stride],
      attributes: [
        type('T', nativeTypes.int32),
        type('Index', nativeTypes.int32),
        ...masks,
        integer('shrink_axis_mask', 1),
      ],
    });
    constants.set('batch', 'batch');
    return 'batch';
  }

  function integers(values: number[], sides: number[]): string {
    return constantNamed({ shape: sides, dtype: nativeTypes.int32, values: Int32Array.from(values) });
  }
}
