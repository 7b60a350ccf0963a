/** Products of matrices with a bias, with the native gradients of both. */
import { nativeBackend } from '../backend.ts';
import { attribute, defineNative, floatType, ownKernelsTake, runNative, runNativeAll } from '../native.ts';
import { inFullPrecision, lowered } from '../precision.ts';
import { tf, type Tensor } from '../tf.ts';
import { relu } from './activations.ts';

const product = (a: Tensor, b: Tensor, turnA: boolean, turnB: boolean) =>
  runNative(
    'MatMul',
    [floatType, attribute.bool('transpose_a', turnA), attribute.bool('transpose_b', turnB)],
    [a, b],
  );
const biasAttributes = [floatType, attribute.string('data_format', 'NHWC')];

const matrixProduct = defineNative<object>(
  {
    name: 'PretextMatrixProduct',
    forward: ({ x, kernel }) => [product(x!, kernel!, false, false)],
    gradient: ([dy], { x, kernel }) => ({
      x: () => product(dy!, kernel!, false, true),
      kernel: () => product(x!, dy!, true, false),
    }),
  },
  ['x', 'kernel'],
);

/** x […, in] · kernel [in, out], in the present precision. */
export function multiply(x: Tensor, kernel: Tensor): Tensor {
  const product = (a: Tensor, b: Tensor) =>
    a.rank === 2 ? matrixProduct({ x: a, kernel: b }, {})[0]! : (tf.matMul(a, b) as Tensor);
  if (takesOwnDense(x, kernel)) return ownLinear(x, kernel, null, false);
  return lowered(product, x, kernel);
}

interface OwnOptions {
  rectified: boolean;
}

/**
 * Our own kernel (native/dense.h): product, bias and rectifier in one pass, and so their gradients, shared by all
 * threads. For networks of small operations.
 */
const own = defineNative<OwnOptions>(
  {
    name: 'PretextOwnLinear',
    forward: ({ x, kernel, bias }, { rectified }) => [
      runNative('PretextDense', [attribute.bool('rectified', rectified)], [x!, kernel!, bias!]),
    ],
    gradient: ([dy], { x, kernel, bias }, [y], { rectified }) => {
      const attributes = [attribute.bool('rectified', rectified)];
      const [dKernel, dBias] = runNativeAll('PretextDenseTowardsKernel', attributes, [dy!, y!, x!], 2);
      return {
        x: () => runNative('PretextDenseTowardsInput', attributes, [dy!, y!, kernel!]),
        kernel: () => dKernel!,
        bias: () => (bias!.size > 0 ? dBias! : tf.zerosLike(bias!)),
      };
    },
  },
  ['x', 'kernel', 'bias'],
);

/** Numbers of a kernel: beyond, TensorFlow cuts products into blocks for the caches, which ours does not. */
const LARGEST_OWN = 1 << 20;

/** Whether a dense layer is computed by our own kernel. */
export const takesOwnDense = (x: Tensor, kernel: Tensor) =>
  nativeBackend().smallOperations &&
  x.rank === 2 &&
  kernel.size <= LARGEST_OWN &&
  inFullPrecision() &&
  ownKernelsTake(x);

const ownLinear = (x: Tensor, kernel: Tensor, bias: Tensor | null, rectified: boolean) =>
  own({ x, kernel, bias: bias ?? tf.tensor1d([], 'float32') }, { rectified })[0]!;

/**
 * a · bᵀ: how alike the rows of two lists are.
 *
 * @param a [N, in]
 * @param b [M, in]
 * @returns [N, M]
 */
export function rowProducts(a: Tensor, b: Tensor): Tensor {
  if (takesOwnDense(a, b)) return ownRowProducts({ a, b }, {})[0]!;
  return tf.matMul(a, b, false, true);
}

const plain = [attribute.bool('rectified', false)];
const ownRowProducts = defineNative<object>(
  {
    name: 'PretextOwnRowProducts',
    forward: ({ a, b }) => [runNative('PretextDenseTowardsInput', plain, [a!, a!, b!])],
    gradient: ([dy], { a, b }) => ({
      a: () => runNative('PretextDense', plain, [dy!, b!, tf.tensor1d([], 'float32')]),
      b: () => runNativeAll('PretextDenseTowardsKernel', plain, [a!, a!, dy!], 2)[0]!,
    }),
  },
  ['a', 'b'],
);

/**
 * aᵀ · b: how alike the columns of two lists are.
 *
 * @param a [N, A]
 * @param b [N, B]
 * @returns [A, B]
 */
export function columnProducts(a: Tensor, b: Tensor): Tensor {
  if (takesOwnDense(a, b)) return ownColumnProducts({ a, b }, {})[0]!;
  return tf.matMul(a, b, true, false);
}

const ownColumnProducts = defineNative<object>(
  {
    name: 'PretextOwnColumnProducts',
    forward: ({ a, b }) => [runNativeAll('PretextDenseTowardsKernel', plain, [b!, b!, a!], 2)[0]!],
    gradient: ([dy], { a, b }) => ({
      a: () => runNative('PretextDenseTowardsInput', plain, [b!, b!, dy!]),
      b: () => runNative('PretextDense', plain, [a!, dy!, tf.tensor1d([], 'float32')]),
    }),
  },
  ['a', 'b'],
);

const linearMap = defineNative<object>(
  {
    name: 'PretextLinear',
    forward: ({ x, kernel, bias }) => [
      runNative('BiasAdd', biasAttributes, [product(x!, kernel!, false, false), bias!]),
    ],
    gradient: ([dy], { x, kernel }) => ({
      x: () => product(dy!, kernel!, false, true),
      kernel: () => product(x!, dy!, true, false),
      bias: () => runNative('BiasAddGrad', biasAttributes, [dy!]),
    }),
  },
  ['x', 'kernel', 'bias'],
);

/**
 * x · kernel + bias. A compiled program does it in one operation.
 *
 * @param x [N, in]
 * @param kernel [in, out]
 * @param bias [out]
 */
export function linear(x: Tensor, kernel: Tensor, bias: Tensor): Tensor {
  if (takesOwnDense(x, kernel)) return ownLinear(x, kernel, bias, false);
  if (!inFullPrecision()) return addBias(multiply(x, kernel), bias);
  return linearMap({ x, kernel, bias }, {})[0]!;
}

/** max(x · kernel + bias, 0): the same as `relu` of `linear`, but quicker where our own kernel does both. */
export function rectifiedLinear(x: Tensor, kernel: Tensor, bias: Tensor): Tensor {
  return takesOwnDense(x, kernel) ? ownLinear(x, kernel, bias, true) : relu(linear(x, kernel, bias));
}

const shift = defineNative<object>(
  {
    name: 'PretextAddBias',
    forward: ({ x, bias }) => [runNative('BiasAdd', biasAttributes, [x!, bias!])],
    gradient: ([dy]) => ({
      x: () => dy!.clone(),
      bias: () => runNative('BiasAddGrad', biasAttributes, [dy!]),
    }),
  },
  ['x', 'bias'],
);

/** Adds bias [C] to the last axis of x [N, …, C], of rank 2 to 5. */
export function addBias(x: Tensor, bias: Tensor): Tensor {
  return shift({ x, bias }, {})[0]!;
}
