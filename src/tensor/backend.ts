/**
 * The native backend of tfjs, with two additions.
 *
 * 1. Raw bytes: a tensor may hold uint8 although tfjs knows no such type (it shows as `int32`). The operations
 *    that move or convert values (cast, reshape, slice, gather, concat, transpose, pad, reverse, tile) are told
 *    the native type, so that a batch enters as bytes and becomes float on the device. Numbers of 16 bits
 *    (see precision.ts) show as `float32` and are treated alike.
 * 2. Hooks: a tracer sees which tensors are made while it is listening (see compile/tracer.ts).
 */
import { createRequire } from 'node:module';
import { tf, type Tensor } from './tf.ts';

const require = createRequire(import.meta.url);

export type AttributeValue = boolean | number | string | boolean[] | number[];
export interface Attribute {
  name: string;
  type: number;
  value: AttributeValue;
}
export interface NativeTensor {
  id: number;
  shape: number[];
  dtype: number;
}
export type TypedArray = Float32Array | Int32Array | Uint8Array;

/** The functions of the native addon that are used here. Tensors are known to it by number. */
export interface Binding {
  createTensor(shape: number[], dtype: number, values: TypedArray): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): TypedArray | BigInt64Array;
  executeOp(op: string, attributes: Attribute[], inputs: number[], outputCount: number): NativeTensor[];
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(session: number): void;
  runSavedModel(session: number, inputs: number[], inputNames: string, outputNames: string): NativeTensor[];
  getNumOfTensors(): number;
  getNumOfSavedModels(): number;
  isUsingGpuDevice(): boolean;
  TF_Version: string;
}

/** TensorFlow's numbers for its types (tensorflow/core/framework/types.proto). */
export const nativeTypes = {
  float32: 1,
  int32: 3,
  uint8: 4,
  string: 7,
  complex64: 8,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  float16: 19,
} as const;
/** TensorFlow's numbers for the kinds of attributes (tensorflow/c/tf_attrtype.h). */
export const attributeTypes = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const;

interface TensorEntry {
  shape: number[];
  dtype: number;
  id: number;
  values: TypedArray | null;
  refCount: number;
}

/** What a tracer wants to hear. */
export interface BackendListener {
  /** A tensor whose values are still in JavaScript was made. */
  made(dataId: object): void;
  /** A tensor whose values are still in JavaScript is about to be used. Throws if it may not. */
  used(dataId: object, op: string): void;
  /** Tensors were computed that one operation on variables could compute as well. */
  updated(update: InPlaceUpdate): void;
}

/** One operation on variables that computes what several on tensors were written to compute. */
export interface InPlaceUpdate {
  op: string;
  attributes: Attribute[];
  /** The variables that the operation begins with, as the tensors that were read from them, and their new values. */
  variables: { before: Tensor; after: Tensor }[];
  /** What the first variable is set to beforehand, where that is not its old value. */
  begun?: Tensor;
  /** The inputs after the variables. */
  inputs: Tensor[];
}

export interface NativeBackend {
  binding: Binding;
  tensorMap: { get(dataId: object): TensorEntry; has(dataId: object): boolean };
  listener: BackendListener | null;
  /** Whether the addon has our own kernels (native/kernels.h) and this processor can run them. */
  ownKernels: boolean;
  /** Whether what is computed is a network of small operations (`ThreadUse`). */
  smallOperations: boolean;
  createOutputTensor(native: NativeTensor): Tensor;
  getInputTensorIds(tensors: Tensor[]): number[];
  executeSingleOutput(op: string, attributes: Attribute[], inputs: Tensor[]): Tensor;
  executeMultipleOutputs(op: string, attributes: Attribute[], inputs: Tensor[], outputs: number): Tensor[];
  readSync(dataId: object): TypedArray;
}

interface BackendConstructor {
  new (
    binding: Binding,
    packageName: string,
  ): NativeBackend & {
    move(dataId: object, values: TypedArray, shape: number[], dtype: string, refCount: number): void;
  };
}

/** Attributes that name the type of an operation's first input. */
const firstInputTypes = new Set(['T', 'SrcT', 'Tparams']);
/** Types that tfjs takes for another one. */
const disguised = new Set<number>([
  nativeTypes.uint8,
  nativeTypes.int64,
  nativeTypes.bfloat16,
  nativeTypes.float16,
]);

/** Makes the backend around a loaded addon. Call it once; it registers the kernels of tfjs-node. */
export function createBackend(addon: Binding): NativeBackend {
  require('@tensorflow/tfjs-node/dist/register_all_kernels');
  const { NodeJSKernelBackend } = require('@tensorflow/tfjs-node/dist/nodejs_kernel_backend') as {
    NodeJSKernelBackend: BackendConstructor;
  };

  class StudioBackend extends NodeJSKernelBackend {
    override listener: BackendListener | null = null;
    override ownKernels = false;
    override smallOperations = false;

    override move(
      dataId: object,
      values: TypedArray,
      shape: number[],
      dtype: string,
      refCount: number,
    ): void {
      super.move(dataId, values, shape, dtype, refCount);
      this.listener?.made(dataId);
    }

    override executeSingleOutput(op: string, attributes: Attribute[], inputs: Tensor[]): Tensor {
      return this.executeMultipleOutputs(op, attributes, inputs, 1)[0]!;
    }

    override executeMultipleOutputs(
      op: string,
      attributes: Attribute[],
      inputs: Tensor[],
      outputs: number,
    ): Tensor[] {
      this.#announce(op, inputs);
      const typed = this.#withNativeType(attributes, inputs[0]);
      const results = this.binding.executeOp(op, typed, this.getInputTensorIds(inputs), outputs);
      return results.map((result) => this.createOutputTensor(result));
    }

    override createOutputTensor(native: NativeTensor): Tensor {
      if (native.dtype !== nativeTypes.bfloat16 && native.dtype !== nativeTypes.float16)
        return super.createOutputTensor(native);
      const tensor = super.createOutputTensor({ ...native, dtype: nativeTypes.float32 });
      this.tensorMap.get(tensor.dataId).dtype = native.dtype;
      return tensor;
    }

    #announce(op: string, inputs: Tensor[]): void {
      if (!this.listener) return;
      for (const input of inputs) {
        const { dataId } = input as { dataId?: object };
        if (dataId && this.tensorMap.get(dataId).values !== null) this.listener.used(dataId, op);
      }
    }

    #withNativeType(attributes: Attribute[], first: Tensor | undefined): Attribute[] {
      const { dataId } = (first ?? {}) as { dataId?: object };
      if (!dataId) return attributes;
      const native = this.tensorMap.get(dataId).dtype;
      if (!disguised.has(native)) return attributes;
      return attributes.map((attribute) =>
        attribute.type === attributeTypes.type && firstInputTypes.has(attribute.name)
          ? { ...attribute, value: native }
          : attribute,
      );
    }
  }
  return new StudioBackend(addon, '@tensorflow/tfjs-node');
}

let running: NativeBackend | null = null;

/** Makes a backend the one that kernels use. */
export function useBackend(backend: NativeBackend): void {
  running = backend;
}

/** The running backend. A call before `startTensorFlow()` is a mistake in the program. */
export function nativeBackend(): NativeBackend {
  if (!running) throw new Error('startTensorFlow() must be called before tensors are used.');
  return running;
}

/**
 * tfjs-node's own gather reads its indices back to check them, which stops a device and cannot be compiled.
 * TensorFlow checks them itself on a processor.
 */
export function replaceGather(): void {
  tf.unregisterKernel('GatherV2', 'tensorflow');
  tf.registerKernel({
    kernelName: 'GatherV2',
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const native = backend as unknown as NativeBackend;
      const { x, indices } = inputs as unknown as { x: Tensor; indices: Tensor };
      const { axis, batchDims } = attrs as unknown as { axis: number; batchDims: number };
      const at = tf.scalar(axis, 'int32');
      const typeOf = (tensor: Tensor) => native.tensorMap.get(tensor.dataId).dtype;
      const attributes: Attribute[] = [
        { name: 'batch_dims', type: attributeTypes.int, value: batchDims ?? 0 },
        { name: 'Tparams', type: attributeTypes.type, value: typeOf(x) },
        { name: 'Tindices', type: attributeTypes.type, value: typeOf(indices) },
        { name: 'Taxis', type: attributeTypes.type, value: nativeTypes.int32 },
      ];
      const result = native.executeSingleOutput('GatherV2', attributes, [x, indices, at]);
      at.dispose();
      return result;
    },
  });
}
