/**
 * Depthwise convolutions with TensorFlow's own gradients: every channel is convolved by its own kernel.
 *
 * Images are [N, height, width, channels], signals [N, length, channels]. A signal is convolved as an image of
 * height 1.
 */
import type { Attribute } from '../backend.ts';
import { attribute, defineNative, floatType, runNative } from '../native.ts';
import { tf, type Tensor } from '../tf.ts';

/** TensorFlow's kernels want the same step along both sides; larger steps are not needed here. */
const attributes: Attribute[] = [
  floatType,
  attribute.int('strides', [1, 1, 1, 1]),
  attribute.string('padding', 'SAME'),
  attribute.string('data_format', 'NHWC'),
  attribute.int('dilations', [1, 1, 1, 1]),
];

const shapeTensor = (shape: number[]) => tf.tensor1d(shape, 'int32');

const depthwise = defineNative<object>(
  {
    name: 'PretextDepthwiseConvolution',
    forward: ({ x, kernel }) => [runNative('DepthwiseConv2dNative', attributes, [x!, kernel!])],
    gradient: ([dy], { x, kernel }) => ({
      x: () =>
        runNative('DepthwiseConv2dNativeBackpropInput', attributes, [shapeTensor(x!.shape), kernel!, dy!]),
      kernel: () =>
        runNative('DepthwiseConv2dNativeBackpropFilter', attributes, [x!, shapeTensor(kernel!.shape), dy!]),
    }),
  },
  ['x', 'kernel'],
);

/**
 * Convolves every channel of images by its own kernel, step 1, padding `same`.
 *
 * @param x [N, height, width, channels]
 * @param kernel [kernelHeight, kernelWidth, channels]
 * @returns x's shape
 */
export function depthwiseConv2d(x: Tensor, kernel: Tensor): Tensor {
  return depthwise({ x, kernel: tf.expandDims(kernel, -1) }, {})[0]!;
}

/**
 * Convolves every channel of signals by its own kernel, step 1, padding `same`.
 *
 * @param x [N, length, channels]
 * @param kernel [kernelLength, channels]
 */
export function depthwiseConv1d(x: Tensor, kernel: Tensor): Tensor {
  const [count, length, channels] = x.shape as [number, number, number];
  const flat = tf.reshape(x, [count, 1, length, channels]);
  return tf.reshape(depthwiseConv2d(flat, tf.expandDims(kernel, 0)), x.shape);
}
