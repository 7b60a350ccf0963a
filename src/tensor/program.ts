/**
 * A program: named entries that read and write one state. See `compileProgram` and `eagerProgram`.
 */
import { nativeBackend, nativeTypes, type TypedArray } from './backend.ts';
import { PretextError } from '../contract/errors.ts';
import { attribute, bytesTensor, nativeTypeOf, runNative } from './native.ts';
import { tf, type Tensor } from './tf.ts';

/** Named tensors; names with slashes, such as `encoder/stem/kernel`. */
export type State = Record<string, Tensor>;

export type SpecType = 'float32' | 'int32' | 'bool' | 'uint8';

export interface TensorSpec {
  shape: number[];
  dtype: SpecType;
}

export interface EntryResult {
  /** New values of those names of the state that change. */
  state: Partial<State>;
  outputs: Record<string, Tensor>;
}

/** One pure function of the program. It must compute from its arguments alone. */
export interface Entry {
  inputs: Record<string, TensorSpec>;
  run(state: State, inputs: Record<string, Tensor>): EntryResult;
}

export interface TensorValues {
  shape: number[];
  dtype: SpecType;
  values: TypedArray;
}
export type StateArrays = Record<string, TensorValues>;

/** What an entry is called with: an array of the input's whole size in row-major order, or a number. */
export type InputValue = TypedArray | number;

export interface Program {
  /** Runs an entry: new state is stored, outputs come back as arrays. Inputs are copied once. */
  run(entry: string, inputs: Record<string, InputValue>): Record<string, TypedArray>;
  /** Bytes of an entry's own tensors at the fullest moment of a run, worked out from its graph. */
  peakBytes?(entry: string): number;
  /**
   * Computes only what an entry makes of its inputs before the state comes in (views, pseudo-labels), and drops
   * it: for measuring how long that takes. Compiled programs can.
   */
  runViews?(entry: string, inputs: Record<string, InputValue>): void;
  /** A copy of the whole state. */
  readState(): StateArrays;
  /** Stores the named values; what is not named stays. Shapes and types must fit. */
  writeState(values: Partial<StateArrays>): void;
  dispose(): void;
}

const specTypes = new Map<number, SpecType>([
  [nativeTypes.float32, 'float32'],
  [nativeTypes.int32, 'int32'],
  [nativeTypes.bool, 'bool'],
  [nativeTypes.uint8, 'uint8'],
]);

/** The shape and native type of a tensor. Throws for types that no state or input can have. */
export function specOf(tensor: Tensor, name: string): TensorSpec {
  const dtype = specTypes.get(nativeTypeOf(tensor));
  if (!dtype) throw new Error(`${name} has type ${tensor.dtype}, which a program cannot keep.`);
  return { shape: tensor.shape, dtype };
}

/** Makes a tensor of any type of a spec around a copy of the values. */
export function tensorOf(spec: TensorSpec, values: TypedArray): Tensor {
  const own = values.slice();
  if (spec.dtype === 'uint8') return bytesTensor(own as Uint8Array, spec.shape);
  return tf.tensor(own, spec.shape, spec.dtype);
}

/** A copy of the values of a tensor; bytes as `Uint8Array`. */
export function valuesOf(tensor: Tensor): TypedArray {
  if (nativeTypeOf(tensor) !== nativeTypes.uint8) {
    const values = tensor.dataSync() as TypedArray;
    // What has not entered the runtime yet is still the very array that the tensor was made from.
    return nativeBackend().tensorMap.get(tensor.dataId).values === values ? values.slice() : values;
  }
  const cast = [
    attribute.type('SrcT', 'uint8'),
    attribute.type('DstT', 'int32'),
    attribute.bool('Truncate', false),
  ];
  const readable = runNative('Cast', cast, [tensor]);
  const values = Uint8Array.from(readable.dataSync());
  readable.dispose();
  return values;
}

const arrayTypes = {
  float32: Float32Array,
  int32: Int32Array,
  bool: Uint8Array,
  uint8: Uint8Array,
} as const;

/** Checks that a value fits its spec and returns it as an array: the caller's own, or one around a number. */
export function checkedValues(value: InputValue | undefined, spec: TensorSpec, name: string): TypedArray {
  const size = spec.shape.reduce((product, length) => product * length, 1);
  const Wanted = arrayTypes[spec.dtype];
  if (typeof value === 'number') return size === 1 ? Wanted.of(value) : wrong(name, spec, 'one number');
  if (!(value instanceof Wanted))
    return wrong(name, spec, value === undefined ? 'nothing' : value.constructor.name);
  if (value.length !== size) return wrong(name, spec, `${value.length} numbers`);
  return value;
}

function wrong(name: string, spec: TensorSpec, found: string): never {
  throw new PretextError({
    code: 'program.input',
    message: `${name} must be ${arrayTypes[spec.dtype].name} of shape [${spec.shape.join(', ')}]. Found: ${found}.`,
  });
}

/** Checks what an entry is called with against what it declares; nothing may lack and nothing be left over. */
export function checkedInputs(
  entryName: string,
  specs: Record<string, TensorSpec>,
  inputs: Record<string, InputValue>,
): TypedArray[] {
  for (const name of Object.keys(inputs)) {
    if (specs[name]) continue;
    const known = Object.keys(specs).join(', ') || 'none';
    throw new PretextError({
      code: 'program.input',
      message: `Entry "${entryName}" has no input "${name}". Its inputs: ${known}.`,
    });
  }
  return Object.entries(specs).map(([name, spec]) =>
    checkedValues(inputs[name], spec, `Input "${name}" of entry "${entryName}"`),
  );
}

/** Checks that what an entry returned are tensors, and that the new state fits the old one. */
export function checkResult(entryName: string, specs: Record<string, TensorSpec>, result: EntryResult): void {
  for (const [name, tensor] of Object.entries(result.outputs)) {
    if (!(tensor instanceof tf.Tensor))
      throw new Error(`Entry "${entryName}": output "${name}" is no tensor.`);
  }
  checkNewState(entryName, specs, result.state);
}

function checkNewState(entryName: string, specs: Record<string, TensorSpec>, next: Partial<State>): void {
  for (const [name, tensor] of Object.entries(next)) {
    const spec = specs[name];
    if (!spec)
      throw new Error(`Entry "${entryName}" returns state "${name}", which the program does not have.`);
    if (!tensor) throw new Error(`Entry "${entryName}" returns nothing for state "${name}".`);
    const found = specOf(tensor, `State "${name}"`);
    if (found.dtype === spec.dtype && found.shape.join() === spec.shape.join()) continue;
    throw new Error(
      `Entry "${entryName}" returns state "${name}" as ${found.dtype} [${found.shape}]. ` +
        `It must stay ${spec.dtype} [${spec.shape}].`,
    );
  }
}

/** The entry of that name, or an error that lists the names there are. */
export function entryNamed<Value>(entries: ReadonlyMap<string, Value>, name: string): Value {
  const entry = entries.get(name);
  if (!entry) throw new Error(`There is no entry "${name}". There are: ${[...entries.keys()].join(', ')}.`);
  return entry;
}
