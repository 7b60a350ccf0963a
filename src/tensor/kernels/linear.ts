/** Products of matrices with a bias, with the native gradients of both. */
import { attribute, defineNative, floatType, runNative } from '../native.ts';
import { inFullPrecision, lowered } from '../precision.ts';
import { tf, type Tensor } from '../tf.ts';

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
  return lowered(product, x, kernel);
}

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
  if (!inFullPrecision()) return addBias(multiply(x, kernel), bias);
  return linearMap({ x, kernel, bias }, {})[0]!;
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
