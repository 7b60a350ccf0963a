/**
 * Traces an entry: runs it once on tensors without values and turns every native operation into a node.
 *
 * While a trace runs, the backend talks to a binding that computes nothing: an operation becomes a node, its
 * outputs become numbers that stand for them. What would be frozen into the graph against its author's will is
 * an error that names the operation and the line.
 */
import type {
  Attribute,
  Binding,
  InPlaceUpdate,
  NativeBackend,
  NativeTensor,
  TypedArray,
} from '../backend.ts';
import { nativeTypes } from '../backend.ts';
import { attribute } from '../native.ts';
import { tf, type Tensor } from '../tf.ts';
import type { Graph } from './graph.ts';
import type { Probe } from './probe.ts';
import type { TracedOperation } from './memory.ts';
import type { TracedInput, TracedOutput } from './shapes.ts';

/** A program that cannot be compiled as it is written. */
export class TraceError extends Error {
  readonly entry: string;
  readonly op: string;
  readonly place: string;

  constructor(entry: string, op: string, problem: string) {
    const place = callerLine();
    super(`Entry "${entry}", operation ${op}: ${problem} (${place})`);
    this.name = 'TraceError';
    this.entry = entry;
    this.op = op;
    this.place = place;
  }
}

/** Traced tensors have numbers beyond those of real ones. */
const firstTracedId = 2 ** 30;
/** A constant beyond this is data, not a part of the program. */
const largestConstantBytes = 4 * 2 ** 20;
/** Constants of equal values from this size on are filled by the graph itself. */
const smallestFill = 256;

type Origin = 'constant' | 'fed' | 'learned';

interface Traced extends TracedInput {
  /** Whether its memory may be that of an input of the entry. */
  borrowed: boolean;
  /** Computed from inputs of the entry alone (`fed`), from the state among others (`learned`), or a constant. */
  origin: Origin;
  /** `node:output`, made when first asked for: most constants are shapes and axes, used once. */
  source(): string;
}

export interface Trace {
  /** A tensor whose values come from a node of the graph. */
  tensor(from: 'state' | 'input', shape: number[], dtype: number, source: () => string): Tensor;
  /** What is made before the state comes in and used together with it, by `node:output`: what views result in. */
  readonly beforeState: ReadonlyMap<string, TracedOutput>;
  /** All operations so far, with the sizes of what they make. */
  readonly operations: readonly SizedOperation[];
  /** Groups of operations that one operation on variables can stand for. */
  readonly updates: readonly InPlaceUpdate[];
  /** The `node:output` that computes a tensor. */
  sourceOf(tensor: Tensor, use: string): string;
  /** As `sourceOf`, in memory that is TensorFlow's own. */
  ownedSourceOf(tensor: Tensor, use: string): string;
}

/** An operation with the shapes and types of what it makes. */
export interface SizedOperation extends TracedOperation {
  outputs: readonly (TracedOperation['outputs'][number] & TracedOutput)[];
}

/** Operations whose output may share the memory of an input. */
const sharing = new Set(
  (
    'AddN All Any BroadcastTo Cast ConcatV2 ExpandDims Identity Max Mean Min MirrorPad Pack Pad PadV2 Prod Reshape ' +
    'ReverseV2 Select SelectV2 Slice Split SplitV Squeeze StridedSlice Sum Tile Transpose Unpack'
  ).split(' '),
);
const statefulRandom = /^(Random|Multinomial|TruncatedNormal|ParameterizedTruncatedNormal|Stateful)/;
const randomMaker =
  /\b(randomNormal_|randomUniform_|randomUniformInt_|randomStandardNormal_|truncatedNormal_|randomGamma_|rand_)\b/;

/**
 * Runs `body` while every operation is recorded under `prefix`. All tensors it makes are gone afterwards.
 */
export function traceEntry<Result>(
  setup: { backend: NativeBackend; graph: Graph; probe: Probe; entry: string; prefix: string },
  body: (trace: Trace) => Result,
): Result {
  const { backend, graph, probe, entry, prefix } = setup;
  const addon = backend.binding;
  const traced = new Map<number, Traced>();
  const madeHere = new WeakSet<object>();
  const beforeState = new Map<string, TracedOutput>();
  const operations: SizedOperation[] = [];
  const updates: InPlaceUpdate[] = [];
  const constants = new Map<string, string>();
  let nextId = firstTracedId;
  let nextNode = 0;
  let current = 'none';
  const fail = (problem: string, op = current): never => {
    throw new TraceError(entry, op, problem);
  };

  const register = (value: Traced): number => {
    traced.set(nextId, value);
    return nextId++;
  };
  const addNode = (op: string, inputs: string[], attributes: Parameters<Graph['add']>[3]): string => {
    const name = `${prefix}/${op.replace(/^_/, '')}_${nextNode++}`;
    graph.add(op, name, inputs, attributes);
    return name;
  };
  const once = (make: () => string): (() => string) => {
    let made: string | undefined;
    return () => (made ??= make());
  };

  const constantNode = (shape: number[], dtype: number, values: TypedArray): string => {
    if (dtype === nativeTypes.string) fail('Text cannot be part of a compiled program.');
    const key = values.length <= 64 ? `${dtype}/${shape.join()}/${bitsOf(values)}` : '';
    const known = key && constants.get(key);
    if (known) return known;
    const source = `${constantOrFill(shape, dtype, values)}:0`;
    if (key) constants.set(key, source);
    return source;
  };
  const constantOrFill = (shape: number[], dtype: number, values: TypedArray): string => {
    if (values.length >= smallestFill && dtype !== nativeTypes.int64 && allEqual(values)) {
      const size = constantNode([shape.length], nativeTypes.int32, Int32Array.from(shape));
      const value = constantNode([], dtype, values.slice(0, 1));
      return addNode(
        'Fill',
        [size, value],
        [attribute.type('T', dtype), attribute.type('index_type', 'int32')],
      );
    }
    if (values.byteLength > largestConstantBytes) {
      fail(
        `A constant of ${(values.byteLength / 2 ** 20).toFixed(1)} MiB, shape [${shape}], would be written into ` +
          'the graph. Make it part of the state or an input.',
      );
    }
    return addNode(
      'Const',
      [],
      [attribute.type('dtype', dtype), { name: 'value', constant: { shape, dtype, values } }],
    );
  };

  const executeOp = (op: string, given: Attribute[], ids: number[], outputs: number): NativeTensor[] => {
    current = op;
    if (statefulRandom.test(op)) {
      fail('Its random numbers depend on a hidden state. Use the seeded functions of the tensor vocabulary.');
    }
    const inputs = ids.map(
      (id) =>
        traced.get(id) ?? fail('It reads a tensor made outside the entry. Pass it as state or as an input.'),
    );
    const attributes = withType(op, given, inputs);
    const results = infer(op, attributes, inputs, outputs);
    const sources = inputs.map((input) => input.source());
    const node = addNode(op, sources, attributes);
    operations.push({
      op,
      inputs: sources,
      outputs: results.map((result, index) => ({
        source: `${node}:${index}`,
        bytes: bytesOf(result),
        shape: result.shape,
        dtype: result.dtype,
      })),
    });
    const origin = originOf(inputs);
    if (origin === 'learned')
      for (const input of inputs)
        if (input.origin === 'fed')
          beforeState.set(input.source(), { shape: input.shape, dtype: input.dtype });
    const borrowed = sharing.has(op) && inputs.some((input) => input.borrowed);
    return results.map((result, index) => ({
      ...result,
      id: register({ ...result, borrowed, origin, source: () => `${node}:${index}` }),
    }));
  };
  const infer = (op: string, attributes: Attribute[], inputs: Traced[], outputs: number) => {
    try {
      return probe(op, attributes, inputs, outputs);
    } catch (error) {
      return fail((error as Error).message, op);
    }
  };

  const recording: Partial<Binding> = {
    executeOp,
    createTensor: (shape, dtype, values) =>
      register({
        shape,
        dtype,
        values,
        borrowed: false,
        origin: 'constant',
        source: once(() => constantNode(shape, dtype, values)),
      }),
    deleteTensor: (id) => {
      if (id < firstTracedId) addon.deleteTensor(id);
    },
    tensorDataSync: () =>
      fail(
        'Its values are read while the entry is compiled, when there are none yet. ' +
          'What depends on values must be expressed with operations such as tf.where.',
      ),
    runSavedModel: () => fail('A compiled program cannot run inside an entry.', 'runSavedModel'),
  };
  const binding = new Proxy({} as Binding, {
    get: (_, key) => recording[key as keyof Binding] ?? (addon[key as keyof Binding] as unknown),
  });

  const tracedOf = (tensor: Tensor, use: string): Traced => {
    current = use;
    const { values } = backend.tensorMap.get(tensor.dataId);
    if (values !== null && !madeHere.has(tensor.dataId)) fail('It is a tensor made outside the entry.');
    const [id] = backend.getInputTensorIds([tensor]);
    return traced.get(id!) ?? fail('It is a tensor made outside the entry.');
  };

  const trace: Trace = {
    beforeState,
    operations,
    updates,
    tensor: (from, shape, dtype, source) => {
      const origin = from === 'state' ? 'learned' : 'fed';
      const borrowed = from === 'input';
      const id = register({ shape, dtype, borrowed, origin, source: once(source) });
      return backend.createOutputTensor({ id, shape, dtype });
    },
    sourceOf: (tensor, use) => tracedOf(tensor, use).source(),
    ownedSourceOf: (tensor, use) => {
      const found = tracedOf(tensor, use);
      if (!found.borrowed) return found.source();
      return `${addNode('DeepCopy', [found.source()], [attribute.type('T', found.dtype)])}:0`;
    },
  };

  const listener = {
    made: (dataId: object) => {
      madeHere.add(dataId);
      const maker = randomMaker.exec(stackHere());
      if (maker)
        fail('Its random numbers would be the same in every step. Use the seeded functions.', maker[1]!);
    },
    used: (dataId: object, op: string) => {
      if (!madeHere.has(dataId))
        fail('It reads a tensor made outside the entry. Pass it as state or as an input.', op);
    },
    updated: (update: InPlaceUpdate) => void updates.push(update),
  };

  const random = Math.random;
  Math.random = () => fail('A JavaScript random number would be the same in every step.', 'Math.random');
  backend.binding = binding;
  backend.listener = listener;
  try {
    let result: Result;
    tf.tidy(() => {
      result = body(trace);
    });
    return result!;
  } finally {
    backend.binding = addon;
    backend.listener = null;
    Math.random = random;
  }
}

const BYTES: Record<number, number> = {
  [nativeTypes.uint8]: 1,
  [nativeTypes.bool]: 1,
  [nativeTypes.bfloat16]: 2,
  [nativeTypes.float16]: 2,
  [nativeTypes.int64]: 8,
  [nativeTypes.complex64]: 8,
};

const bytesOf = ({ shape, dtype }: TracedOutput) =>
  shape.reduce((product, length) => product * length, BYTES[dtype] ?? 4);

function originOf(inputs: readonly Traced[]): Origin {
  if (inputs.some(({ origin }) => origin === 'learned')) return 'learned';
  return inputs.some(({ origin }) => origin === 'fed') ? 'fed' : 'constant';
}

/** Operations that tfjs-node runs without naming their type, which only a graph insists on. */
const untyped = new Set(['ExpandDims']);

function withType(op: string, attributes: Attribute[], inputs: Traced[]): Attribute[] {
  return untyped.has(op) ? [...attributes, attribute.type('T', inputs[0]!.dtype)] : attributes;
}

function allEqual(values: TypedArray): boolean {
  const first = values[0];
  return values.every((value) => Object.is(value, first));
}

function bitsOf(values: TypedArray): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

function stackHere(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 60;
  const stack = new Error().stack ?? '';
  Error.stackTraceLimit = limit;
  return stack;
}

/** The line of the program that asked for the operation: the first outside of libraries and this folder. */
function callerLine(): string {
  const own = /node_modules|\/src\/tensor\/|\\src\\tensor\\|node:|<anonymous>/;
  const line = stackHere()
    .split('\n')
    .slice(1)
    .find((frame) => !own.test(frame));
  const match = line && /\(?((?:file:\/\/)?[^()\s]+:\d+):\d+\)?$/.exec(line);
  return match ? match[1]!.replace('file://', '') : 'unknown place';
}
