/**
 * A pure function of weights and inputs as a list of TensorFlow's own operations, for programs that are not this one.
 *
 * Our own kernels are left out while it is traced: what comes out is what any TensorFlow knows.
 */
import { nativeBackend, nativeTypes, type Attribute, type TypedArray } from '../backend.ts';
import { specOf, type State, type TensorSpec } from '../program.ts';
import type { Tensor } from '../tf.ts';
import type { Graph, NodeAttribute } from './graph.ts';
import { createProbe } from './probe.ts';
import type { TracedOutput } from './shapes.ts';
import { traceEntry } from './tracer.ts';

/** A value that is known while tracing: shapes, axes, numbers of the program. */
export interface ForwardConstant {
  shape: number[];
  /** TensorFlow's number of the type. */
  dtype: number;
  values: TypedArray;
}

/** What an operation reads: an output of another (`node:output`), an input or weight by its name, or a constant. */
export type ForwardSource =
  | { kind: 'node'; node: string; output: number }
  | { kind: 'input' | 'weight'; name: string }
  | { kind: 'constant'; constant: ForwardConstant };

export interface ForwardNode {
  op: string;
  name: string;
  inputs: ForwardSource[];
  attributes: Attribute[];
  outputs: TracedOutput[];
}

export interface ForwardGraph {
  inputs: Record<string, TensorSpec>;
  /** In an order in which each comes after what it reads; only what the outputs need. */
  nodes: ForwardNode[];
  outputs: Record<string, { source: ForwardSource; shape: number[]; dtype: number }>;
}

type Function = (state: State, inputs: Record<string, Tensor>) => Record<string, Tensor>;

/**
 * Runs the function once on tensors without values and returns its operations.
 *
 * @param state weights by name; their values are not read
 * @throws TraceError where something depends on values, or on chance
 */
export function traceForward(state: State, inputs: Record<string, TensorSpec>, run: Function): ForwardGraph {
  const backend = nativeBackend();
  const own = backend.ownKernels;
  backend.ownKernels = false;
  try {
    const recorded = new Map<string, RecordedNode>();
    const graph: Graph = {
      add: (op, name, sources, attributes) => void recorded.set(name, { op, name, sources, attributes }),
      get size() {
        return recorded.size;
      },
      serialize: () => {
        throw new Error('A recorded graph is not written as it is.');
      },
    };
    const probe = createProbe(backend.binding);
    return traceEntry({ backend, graph, probe, entry: 'forward', prefix: 'forward' }, (trace) => {
      const weights: State = {};
      for (const [name, tensor] of Object.entries(state)) {
        const { shape, dtype } = specOf(tensor, `Weight "${name}"`);
        weights[name] = trace.tensor('state', shape, nativeTypes[dtype], () => `weight ${name}`);
      }
      const fed = Object.fromEntries(
        Object.entries(inputs).map(([name, { shape, dtype }]) => [
          name,
          trace.tensor('input', shape, nativeTypes[dtype], () => `input ${name}`),
        ]),
      );
      const results = run(weights, fed);
      const shapes = new Map(
        trace.operations.flatMap(({ outputs }) =>
          outputs.map(({ source, shape, dtype }) => [source, { shape, dtype }] as const),
        ),
      );
      const sources = Object.entries(results).map(([name, tensor]) => ({
        name,
        source: trace.sourceOf(tensor, `output "${name}"`),
        shape: tensor.shape,
        dtype: nativeTypes[specOf(tensor, `Output "${name}"`).dtype],
      }));
      return assembled(inputs, recorded, shapes, sources);
    });
  } finally {
    backend.ownKernels = own;
  }
}

interface RecordedNode {
  op: string;
  name: string;
  sources: string[];
  attributes: NodeAttribute[];
}

function assembled(
  inputs: ForwardGraph['inputs'],
  recorded: ReadonlyMap<string, RecordedNode>,
  shapes: ReadonlyMap<string, TracedOutput>,
  outputs: { name: string; source: string; shape: number[]; dtype: number }[],
): ForwardGraph {
  const nodes: ForwardNode[] = [];
  const names = new Map<string, string>();
  const visit = (source: string): ForwardSource => {
    const named = /^(input|weight) (.*)$/s.exec(source);
    if (named) return { kind: named[1] as 'input' | 'weight', name: named[2]! };
    const at = source.lastIndexOf(':');
    const [own, output] = [source.slice(0, at), Number(source.slice(at + 1))];
    const constant = constantOf(recorded, own);
    if (constant) return { kind: 'constant', constant };
    return { kind: 'node', node: names.get(own)!, output };
  };
  const needed = reached(recorded, outputs);
  for (const { op, name, sources, attributes } of recorded.values()) {
    if (!needed.has(name) || constantOf(recorded, name)) continue;
    const read = sources.map(visit);
    const made: TracedOutput[] = [];
    for (let output = 0; shapes.has(`${name}:${output}`); output++)
      made.push(shapes.get(`${name}:${output}`)!);
    // Constants are counted apart in every trace: without them the numbers are the same for every size of batch.
    const own = `${op.replace(/^_/, '')}_${nodes.length}`;
    names.set(name, own);
    nodes.push({ op, name: own, inputs: read, attributes: attributes as Attribute[], outputs: made });
  }
  return {
    inputs,
    nodes,
    outputs: Object.fromEntries(
      outputs.map(({ name, source, shape, dtype }) => [name, { source: visit(source), shape, dtype }]),
    ),
  };
}

/** Names of the nodes that the outputs are made of. */
function reached(
  recorded: ReadonlyMap<string, RecordedNode>,
  outputs: { source: string }[],
): ReadonlySet<string> {
  const needed = new Set<string>();
  const waiting = outputs.map(({ source }) => source);
  while (waiting.length > 0) {
    const name = waiting.pop()!.replace(/:\d+$/, '');
    const node = recorded.get(name);
    if (!node || needed.has(name)) continue;
    needed.add(name);
    waiting.push(...node.sources);
  }
  return needed;
}

/** The values of a constant, or of a constant that the graph was to fill by itself; null for all else. */
function constantOf(recorded: ReadonlyMap<string, RecordedNode>, name: string): ForwardConstant | null {
  const node = recorded.get(name);
  if (node?.op === 'Const') {
    const value = node.attributes.find((attribute) => 'constant' in attribute);
    return value && 'constant' in value ? value.constant : null;
  }
  if (node?.op !== 'Fill') return null;
  const [size, value] = node.sources.map((source) => constantOf(recorded, source.replace(/:\d+$/, '')));
  if (!size || !value) return null;
  const shape = Array.from(size.values);
  const count = shape.reduce((product, side) => product * side, 1);
  const values = new (value.values.constructor as new (length: number) => TypedArray)(count);
  return { shape, dtype: value.dtype, values: values.fill(value.values[0]!) };
}
