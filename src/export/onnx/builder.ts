/**
 * Collects the nodes and tensors of an ONNX model while a graph is translated.
 *
 * TensorFlow's maps are channels-last, ONNX's convolutions channels-first. A map is kept in the order in which it was
 * made and turned only when somebody asks for the other one, so that a convolutional network is turned once at its
 * beginning and once at its end.
 */
import { nativeTypes, type StateArrays, type TypedArray } from '../../tensor/index.ts';
import type { GraphConstant, GraphSource } from '../graph/batch.ts';
import { transposed } from '../graph/transposed.ts';
import { onnxTypes, type OnnxAttribute, type OnnxNode, type OnnxTensor } from './messages.ts';

/** A value by its names, in either order of its axes. */
interface Placed {
  shape: readonly number[];
  last?: string;
  first?: string;
}

const TO_FIRST = [0, 3, 1, 2];
const TO_LAST = [0, 2, 3, 1];

export class OnnxBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly tensors: OnnxTensor[] = [];
  readonly #values = new Map<string, Placed>();
  readonly #weights: StateArrays;
  readonly #kept = new Map<string, string>();
  readonly #input: string;
  #count = 0;

  constructor(weights: StateArrays, input: { name: string; shape: readonly number[] }) {
    this.#weights = weights;
    this.#input = input.name;
    this.#values.set(`input ${input.name}`, { shape: input.shape, last: input.name });
  }

  /** Adds a node and returns the names of what it makes. */
  add(
    op: string,
    inputs: string[],
    attributes: Record<string, OnnxAttribute> = {},
    outputs = 1,
  ): [string, ...string[]] {
    const names = Array.from({ length: outputs }, () => `v${this.#count++}`);
    this.nodes.push({ op, inputs, outputs: names, attributes });
    return names as [string, ...string[]];
  }

  /** Says what an operation of the graph has become. */
  set(node: string, output: number, placed: Placed): void {
    this.#values.set(`${node}:${output}`, placed);
  }

  shapeOf(source: GraphSource): readonly number[] {
    if (source.kind === 'constant') return source.constant.shape;
    if (source.kind === 'weight') return this.#weights[source.name]!.shape;
    return this.#placed(source).shape;
  }

  /** The name of a value with its axes as TensorFlow has them. */
  value(source: GraphSource): string {
    if (source.kind === 'constant') return this.#constant(source.constant);
    if (source.kind === 'weight') return this.weight(source.name);
    const placed = this.#placed(source);
    placed.last ??= this.add('Transpose', [placed.first!], { perm: TO_LAST })[0];
    return placed.last;
  }

  /** The name of a map of rank 4 with its channels first. */
  first(source: GraphSource): string {
    const placed = this.#placed(source);
    placed.first ??= this.add('Transpose', [placed.last!], { perm: TO_FIRST })[0];
    return placed.first;
  }

  /** Whether a value is there with its channels first. */
  isFirst(source: GraphSource): boolean {
    return source.kind === 'node' && this.#placed(source).first !== undefined;
  }

  /** A weight, its axes in another order where `order` says so, and in another shape: always the same for one weight. */
  weight(name: string, order?: readonly number[], shape?: readonly number[]): string {
    const { shape: own, values } = this.#weights[name]!;
    const turned = order ? transposed(values as Float32Array, own, order) : (values as Float32Array);
    const sides = shape ?? order?.map((axis) => own[axis]!) ?? own;
    return (
      this.#kept.get(`weight ${name}`) ?? this.#keep(`weight ${name}`, name, sides, onnxTypes.float32, turned)
    );
  }

  /** An int64 tensor: shapes, axes, places. */
  integers(values: readonly number[], scalar = false): string {
    const wide = BigInt64Array.from(values, BigInt);
    const name = `integers/${scalar ? 'scalar/' : ''}${values.join('_')}`;
    return this.#tensor(name, scalar ? [] : [values.length], onnxTypes.int64, wide);
  }

  float(value: number): string {
    return this.#tensor(`float/${value}`, [], onnxTypes.float32, Float32Array.of(value));
  }

  /** An int64 tensor of a shape in which the batch occurs, made while the model runs. */
  shapeWithBatch({ values, batches = [] }: GraphConstant): string {
    const batch = (this.#kept.get('batch') ?? this.#batch()) as string;
    this.#kept.set('batch', batch);
    const sides = Array.from(values, (value, at) => {
      if (!batches[at]) return this.integers([value]);
      return batches[at] === 1 ? batch : this.add('Mul', [batch, this.integers([batches[at]!])])[0];
    });
    return this.add('Concat', sides, { axis: 0 })[0];
  }

  #batch(): string {
    const [shape] = this.add('Shape', [this.#input]);
    return this.add('Gather', [shape, this.integers([0])], { axis: 0 })[0];
  }

  #placed(source: GraphSource): Placed {
    const key =
      source.kind === 'node'
        ? `${source.node}:${source.output}`
        : `input ${(source as { name: string }).name}`;
    const found = this.#values.get(key);
    if (!found) throw new Error(`The graph reads ${key} before it is made.`);
    return found;
  }

  #constant(constant: GraphConstant): string {
    if (constant.batches) return this.shapeWithBatch(constant);
    const { shape, dtype, values } = constant;
    const type = dtype === nativeTypes.float32 ? onnxTypes.float32 : onnxTypes.int32;
    return this.#tensor(`constant${this.#kept.size}`, shape, type, values);
  }

  #tensor(name: string, shape: readonly number[], type: number, values: TypedArray | BigInt64Array): string {
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    const key = bytes.length <= 64 ? `${type}/${shape.join()}/${bytes.toString('base64')}` : name;
    return this.#kept.get(key) ?? this.#keep(key, name, shape, type, values);
  }

  #keep(
    key: string,
    name: string,
    shape: readonly number[],
    type: number,
    values: TypedArray | BigInt64Array,
  ): string {
    this.#kept.set(key, name);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.tensors.push({ name, shape, type, bytes });
    return name;
  }
}
