/**
 * A graph for batches of any size, from two traces of the same function on batches of two sizes.
 *
 * What differs between the two are numbers that follow the batch: shapes to reshape to, sizes to cut. Everything else
 * has to be the same, and is compared.
 */
import { PretextError } from '../../contract/errors.ts';
import type {
  ForwardConstant,
  ForwardGraph,
  ForwardSource,
  StateArrays,
  TypedArray,
} from '../../tensor/index.ts';

/** As `ForwardConstant`; where `batches` is there, the value at an index is so many times the batch, 0: not at all. */
export interface GraphConstant extends ForwardConstant {
  batches?: number[];
}

export type GraphSource =
  | { kind: 'node'; node: string; output: number }
  | { kind: 'input' | 'weight'; name: string }
  | { kind: 'constant'; constant: GraphConstant };

export interface GraphNode extends Omit<ForwardGraph['nodes'][number], 'inputs'> {
  inputs: GraphSource[];
}

/** Shapes are those of one sample a batch; the first side of inputs and outputs is the batch. */
export interface BatchGraph {
  inputs: ForwardGraph['inputs'];
  nodes: GraphNode[];
  outputs: Record<string, { source: GraphSource; shape: number[]; dtype: number }>;
}

/** With the values of the weights that it reads. */
export interface ModelGraph extends BatchGraph {
  weights: StateArrays;
}

/** @param trace the same function, traced for batches of that size */
export function anyBatch(trace: (batch: number) => ForwardGraph): BatchGraph {
  const [first, second] = [2, 3] as const;
  const [one, other] = [trace(first), trace(second)];
  if (one.nodes.length !== other.nodes.length) throw followsBatch('its operations');
  const nodes = one.nodes.map((node, index): GraphNode => {
    const twin = other.nodes[index]!;
    const same =
      node.op === twin.op &&
      node.inputs.length === twin.inputs.length &&
      JSON.stringify(node.attributes) === JSON.stringify(twin.attributes);
    if (!same) throw followsBatch(node.op);
    return {
      ...node,
      inputs: node.inputs.map((input, at) => merged(input, twin.inputs[at]!, node.op)),
    };
  });
  const outputs = Object.fromEntries(
    Object.entries(one.outputs).map(([name, output]) => {
      const twin = other.outputs[name]!;
      if (output.shape[0] !== first || twin.shape[0] !== second) throw followsBatch(`output ${name}`);
      return [name, { ...output, source: merged(output.source, twin.source, name) }];
    }),
  );
  return { inputs: one.inputs, nodes, outputs };

  function merged(a: ForwardSource, b: ForwardSource, op: string): GraphSource {
    if (a.kind !== 'constant' || b.kind !== 'constant') {
      if (JSON.stringify(a) !== JSON.stringify(b)) throw followsBatch(op);
      return a as GraphSource;
    }
    return { kind: 'constant', constant: mergedConstant(a.constant, b.constant, op) };
  }

  function mergedConstant(a: ForwardConstant, b: ForwardConstant, op: string): GraphConstant {
    if (a.dtype !== b.dtype || a.shape.join() !== b.shape.join()) throw followsBatch(op);
    const batches = Array.from(a.values, (value, at) => {
      const twin = b.values[at]!;
      if (Object.is(value, twin)) return 0;
      const times = value / first;
      if (!Number.isInteger(times) || twin !== times * second) throw followsBatch(op);
      return times;
    });
    return batches.some((times) => times > 0) ? { ...a, batches } : a;
  }
}

/** Values of a constant that is no shape: one that follows the batch has none. */
export function fixedValues(source: GraphSource | undefined): TypedArray | null {
  return source?.kind === 'constant' && !source.constant.batches ? source.constant.values : null;
}

/**
 * A shape with -1 where the batch stands, which readers work out from the size of what they reshape; null where that
 * is not enough.
 */
export function shapeWithRest(source: GraphSource | undefined): number[] | null {
  if (source?.kind !== 'constant') return null;
  const { values, batches } = source.constant;
  const shape = Array.from(values, (value, at) => (batches?.[at] ? -1 : value));
  return shape.filter((side) => side < 0).length <= 1 ? shape : null;
}

function followsBatch(what: string): PretextError {
  return new PretextError({
    code: 'export.batch',
    message: `The model cannot be exported for batches of any size: ${what} depends on the batch in a way that is not known here.`,
    remedy: 'Export it as safetensors, which holds the weights alone.',
  });
}
