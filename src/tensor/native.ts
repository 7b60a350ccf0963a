/**
 * Any TensorFlow operation by its name, with typed attributes, and operations with gradients of one's own.
 */
import type { NamedAttrMap, NamedTensorMap } from '@tensorflow/tfjs';
import { attributeTypes, nativeBackend, nativeTypes, type Attribute } from './backend.ts';
import { tf, type Tensor } from './tf.ts';

export type NativeType = keyof typeof nativeTypes;

/** Attributes of an operation, each with the kind that TensorFlow wants. */
export const attribute = {
  type: (name: string, type: NativeType | number): Attribute => ({
    name,
    type: attributeTypes.type,
    value: typeof type === 'number' ? type : nativeTypes[type],
  }),
  int: (name: string, value: number | number[]): Attribute => ({ name, type: attributeTypes.int, value }),
  float: (name: string, value: number): Attribute => ({ name, type: attributeTypes.float, value }),
  bool: (name: string, value: boolean): Attribute => ({ name, type: attributeTypes.bool, value }),
  string: (name: string, value: string): Attribute => ({ name, type: attributeTypes.string, value }),
};

/** `T: float32`, which most kernels need and nothing else. */
export const floatType = attribute.type('T', 'float32');

/** Runs one operation with one output. No gradient is known for it: see `defineNative`. */
export function runNative(op: string, attributes: Attribute[], inputs: Tensor[]): Tensor {
  return nativeBackend().executeSingleOutput(op, attributes, inputs);
}

/** Runs one operation with several outputs. */
export function runNativeAll(
  op: string,
  attributes: Attribute[],
  inputs: Tensor[],
  outputs: number,
): Tensor[] {
  return nativeBackend().executeMultipleOutputs(op, attributes, inputs, outputs);
}

/** The type that TensorFlow sees, which for bytes differs from `tensor.dtype`. */
export function nativeTypeOf(tensor: Tensor): number {
  return nativeBackend().tensorMap.get(tensor.dataId).dtype;
}

/** Our own kernels take channels in whole registers of this many, which every kind of processor can. */
const OWN_CHANNELS = 8;

/** Whether our own kernels can compute with these numbers, of so many channels. */
export function ownKernelsTake(x: Tensor, ...channels: number[]): boolean {
  return (
    nativeBackend().ownKernels &&
    nativeTypeOf(x) === nativeTypes.float32 &&
    channels.every((count) => count % OWN_CHANNELS === 0)
  );
}

/** Makes a tensor of bytes. It shows as `int32`; `toFloat` and the image operations know better. */
export function bytesTensor(values: Uint8Array, shape: number[]): Tensor {
  const backend = nativeBackend();
  const id = backend.binding.createTensor(shape, nativeTypes.uint8, values);
  return backend.createOutputTensor({ id, shape, dtype: nativeTypes.uint8 });
}

type Named = Record<string, Tensor>;

export interface NativeDefinition<Options extends object> {
  /** Unique among all kernels of tfjs. */
  name: string;
  /** One or more native operations; what it makes on the way is tidied. */
  forward(inputs: Named, options: Options): Tensor[];
  /**
   * Gradients of the inputs, each a function, so that only those that are needed are computed.
   * `outputs` and `inputs` are those of `forward`. Left out: the operation has no gradient.
   */
  gradient?(
    upstream: Tensor[],
    inputs: Named,
    outputs: Tensor[],
    options: Options,
  ): Record<string, () => Tensor>;
}

/**
 * Registers an operation with tfjs and returns the function that runs it.
 *
 * Unlike `tf.customGrad` the gradient of an input that needs none (a raw batch) is never computed.
 */
export function defineNative<Options extends object>(
  definition: NativeDefinition<Options>,
  inputNames: string[],
): (inputs: Named, options: Options) => Tensor[] {
  const { name, forward, gradient } = definition;
  tf.registerKernel({
    kernelName: name,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs }) =>
      tf.tidy(() => forward(inputs as Named, (attrs as unknown as { options: Options }).options)),
  });
  if (gradient) registerGradient(name, inputNames, gradient);
  return (inputs, options) => {
    const results = tf
      .engine()
      .runKernel(name, inputs as NamedTensorMap, { options } as unknown as NamedAttrMap);
    return (Array.isArray(results) ? results : [results]) as Tensor[];
  };
}

function registerGradient<Options extends object>(
  name: string,
  inputNames: string[],
  gradient: NonNullable<NativeDefinition<Options>['gradient']>,
): void {
  tf.registerGradient({
    kernelName: name,
    inputsToSave: inputNames,
    // Every output is saved; a dozen is more than any kernel has.
    outputsToSave: Array.from({ length: 12 }, () => true),
    gradFunc: (upstream, saved, attrs) => {
      const inputs = Object.fromEntries(inputNames.map((key, index) => [key, saved[index]!]));
      const dys = (Array.isArray(upstream) ? upstream : [upstream]) as Tensor[];
      return gradient(
        dys,
        inputs,
        saved.slice(inputNames.length),
        (attrs as unknown as { options: Options }).options,
      );
    },
  });
}
