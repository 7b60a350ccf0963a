/**
 * Convolutions and their transposes, with the gradients of TensorFlow or of our own kernels, where those know them.
 *
 * Images are [N, height, width, channels], signals [N, length, channels]. A signal is convolved as an image of
 * height 1. The gradient of an input that needs none, such as a batch of samples, is never computed.
 */
import type { Attribute } from '../backend.ts';
import { attribute, defineNative, nativeTypeOf, ownKernelsTake, runNative } from '../native.ts';
import { inFullPrecision, lowered } from '../precision.ts';
import { tf, type Tensor } from '../tf.ts';

/**
 * `same` and `centred` both give as many places as there are strides in the input, rounded up. With `same`,
 * TensorFlow pads no more than it needs, so that the first window of a stride above 1 lies beside the first place
 * of the input, by how much depends on the size. `centred` always sets it on the first place, as PyTorch's
 * convolutions padded by half their kernel do: layers of different kernels then look at the same places.
 */
export type Padding = 'same' | 'centred' | 'valid';
type TransposePadding = Exclude<Padding, 'centred'>;

interface ConvolutionOptions {
  strides: [number, number];
  padding: TransposePadding;
}
interface TransposeOptions extends ConvolutionOptions {
  outputShape: number[];
}

function convolutionAttributes(options: ConvolutionOptions, kernel: Tensor): Attribute[] {
  const { strides } = options;
  return [
    attribute.type('T', nativeTypeOf(kernel)),
    attribute.int('strides', [1, ...strides, 1]),
    attribute.string('padding', told(options.padding)),
    attribute.string('data_format', 'NHWC'),
    attribute.bool('use_cudnn_on_gpu', true),
    attribute.int('dilations', [1, 1, 1, 1]),
  ];
}

/** The padding that an operation is told. */
const told = (padding: TransposePadding) => (padding === 'same' ? 'SAME' : 'VALID');

/**
 * Zeros around x so that the windows of a `valid` convolution lie as `centred` says. They are added by an operation
 * of their own: TensorFlow knows explicit paddings too, but computes their gradients without oneDNN, which in 16 bits
 * takes many times as long.
 */
function padded(x: Tensor, [height, width]: [number, number], strides: [number, number]): Tensor {
  const [rows, columns] = [height, width].map((size, axis): [number, number] => {
    const length = x.shape[axis + 1]!;
    const before = Math.floor((size - 1) / 2);
    const seen = (Math.ceil(length / strides[axis]!) - 1) * strides[axis]! + size;
    return [before, Math.max(0, seen - length - before)];
  });
  if ([...rows!, ...columns!].every((count) => count === 0)) return x;
  return tf.pad(x, [[0, 0], rows!, columns!, [0, 0]]);
}

const shapeTensor = (shape: number[]) => tf.tensor1d(shape, 'int32');

const forward = (x: Tensor, kernel: Tensor, options: ConvolutionOptions) =>
  runNative('Conv2D', convolutionAttributes(options, kernel), [x, kernel]);
const towardsInput = (shape: number[], kernel: Tensor, dy: Tensor, options: ConvolutionOptions) =>
  runNative('Conv2DBackpropInput', convolutionAttributes(options, kernel), [shapeTensor(shape), kernel, dy]);
const towardsKernel = (x: Tensor, shape: number[], dy: Tensor, options: ConvolutionOptions) =>
  runNative('Conv2DBackpropFilter', convolutionAttributes(options, dy), [x, shapeTensor(shape), dy]);

const convolution = defineNative<ConvolutionOptions>(
  {
    name: 'PretextConvolution',
    forward: ({ x, kernel }, options) => [forward(x!, kernel!, options)],
    gradient: ([dy], { x, kernel }, _, options) => ({
      x: () => towardsInput(x!.shape, kernel!, dy!, options),
      kernel: () => towardsKernel(x!, kernel!.shape, dy!, options),
    }),
  },
  ['x', 'kernel'],
);

interface OwnOptions {
  strides: [number, number];
  /** Zeros above and left of the input. */
  before: [number, number];
  /** Height and width of what comes out. */
  size: [number, number];
}

const ownAttributes = ({ strides, before }: OwnOptions, size: number[]): Attribute[] => [
  attribute.int('strides', strides),
  attribute.int('before', before),
  attribute.int('size', size),
];

/** Our own kernels (native/direct.h and winograd.h): any size, stride and padding, and quicker than TensorFlow's. */
const ownConvolution = defineNative<OwnOptions>(
  {
    name: 'PretextOwnConvolution',
    forward: ({ x, kernel }, options) => [
      runNative('PretextConvolution', ownAttributes(options, options.size), [x!, kernel!]),
    ],
    gradient: ([dy], { x, kernel }, _, options) => ({
      x: () => ownTowardsInput(x!, kernel!, dy!, options),
      kernel: () =>
        runNative('PretextConvolutionTowardsKernel', ownAttributes(options, sizeOf(kernel!)), [x!, dy!]),
    }),
  },
  ['x', 'kernel'],
);

/** Whole registers of channels come out: a kernel of other numbers gets inputs of zeros, whose gradients are left out. */
function ownTowardsInput(x: Tensor, kernel: Tensor, dy: Tensor, options: OwnOptions): Tensor {
  const inputs = kernel.shape[2]!;
  const missing = -inputs & 7;
  const whole = missing === 0 ? kernel : tf.pad(kernel, [[0, 0], [0, 0], [0, missing], [0, 0]]); // prettier-ignore
  const attributes = ownAttributes(options, sizeOfImage(x));
  const dx = runNative('PretextConvolutionTowardsInput', attributes, [dy, whole]);
  return missing === 0 ? dx : tf.slice(dx, [0, 0, 0, 0], [-1, -1, -1, inputs]);
}

/** Places and channels of a line that one place of a strided convolution of our own takes together, at the least. */
const LEAST_ALONG_LINES = 16;

/** Signals may have any number of channels, if that many come together. */
function isOurs(x: Tensor, kernel: Tensor, [, along]: [number, number]): boolean {
  const [rows, , inputs, outputs] = kernel.shape as [number, number, number, number];
  const many = rows === 1 && x.shape[1] === 1 && inputs * along >= LEAST_ALONG_LINES;
  return inFullPrecision() && (many ? ownKernelsTake(x, outputs) : ownKernelsTake(x, inputs, outputs));
}

/** Zeros above and left of the input, and the size of the output, for each kind of padding. */
function ownOptions(x: Tensor, kernel: Tensor, strides: [number, number], padding: Padding): OwnOptions {
  const sides = sizeOf(kernel).map((length, axis): [number, number] => {
    const side = x.shape[axis + 1]!;
    const stride = strides[axis]!;
    if (padding === 'valid') return [0, Math.ceil((side - length + 1) / stride)];
    const size = Math.ceil(side / stride);
    if (padding === 'centred') return [Math.floor((length - 1) / 2), size];
    return [Math.floor(Math.max(0, (size - 1) * stride + length - side) / 2), size];
  });
  const [height, width] = sides as [[number, number], [number, number]];
  return { strides, before: [height[0], width[0]], size: [height[1], width[1]] };
}

const transposedConvolution = defineNative<TransposeOptions>(
  {
    name: 'PretextTransposedConvolution',
    forward: ({ x, kernel }, options) => [towardsInput(options.outputShape, kernel!, x!, options)],
    gradient: ([dy], { x, kernel }, _, options) => ({
      x: () => forward(dy!, kernel!, options),
      kernel: () => towardsKernel(dy!, kernel!.shape, x!, options),
    }),
  },
  ['x', 'kernel'],
);

/**
 * Convolves images.
 *
 * @param x [N, height, width, in]
 * @param kernel [kernelHeight, kernelWidth, in, out]
 * @param stride Steps along height and width.
 * @returns [N, height / stride, width / stride, out], rounded up, unless the padding is `valid`.
 */
export function conv2d(
  x: Tensor,
  kernel: Tensor,
  stride: number | [number, number] = 1,
  padding: Padding = 'same',
): Tensor {
  const strides = pair(stride);
  if (isOurs(x, kernel, strides))
    return ownConvolution({ x, kernel }, ownOptions(x, kernel, strides, padding))[0]!;
  const moves = padding === 'centred' && strides.some((step) => step > 1);
  const own = moves ? padded(x, sizeOf(kernel), strides) : x;
  const options = { strides, padding: moves || padding === 'valid' ? ('valid' as const) : ('same' as const) };
  return lowered((a, b) => convolution({ x: a, kernel: b }, options)[0]!, own, kernel);
}

/**
 * Convolves signals.
 *
 * @param x [N, length, in]
 * @param kernel [kernelLength, in, out]
 * @returns [N, length / stride, out], rounded up, unless the padding is `valid`.
 */
export function conv1d(x: Tensor, kernel: Tensor, stride = 1, padding: Padding = 'same'): Tensor {
  return fromFlat(conv2d(toFlat(x), tf.expandDims(kernel, 0), [1, stride], padding));
}

/**
 * The transpose of `conv2d`: enlarges by the stride.
 *
 * @param x [N, height, width, in]
 * @param kernel [kernelHeight, kernelWidth, out, in]: mind the order, it is the kernel of the convolution that
 *   goes the other way.
 * @returns [N, height · stride, width · stride, out] for `same`, (height − 1) · stride + kernelHeight for `valid`.
 */
export function conv2dTranspose(
  x: Tensor,
  kernel: Tensor,
  stride: number | [number, number] = 1,
  padding: TransposePadding = 'same',
): Tensor {
  const strides = pair(stride);
  const lengths = strides.map((step, axis) => {
    const length = x.shape[axis + 1]!;
    return padding === 'same' ? length * step : (length - 1) * step + kernel.shape[axis]!;
  });
  const outputShape = [x.shape[0]!, ...lengths, kernel.shape[2]!];
  const options = { strides, padding, outputShape };
  return lowered((a, b) => transposedConvolution({ x: a, kernel: b }, options)[0]!, x, kernel);
}

/**
 * The transpose of `conv1d`.
 *
 * @param x [N, length, in]
 * @param kernel [kernelLength, out, in]
 */
export function conv1dTranspose(
  x: Tensor,
  kernel: Tensor,
  stride = 1,
  padding: TransposePadding = 'same',
): Tensor {
  return fromFlat(conv2dTranspose(toFlat(x), tf.expandDims(kernel, 0), [1, stride], padding));
}

const pair = (stride: number | [number, number]): [number, number] =>
  typeof stride === 'number' ? [stride, stride] : stride;
const sizeOf = ({ shape }: Tensor): [number, number] => [shape[0]!, shape[1]!];
const sizeOfImage = ({ shape }: Tensor): [number, number] => [shape[1]!, shape[2]!];
const toFlat = (x: Tensor) => tf.reshape(x, [x.shape[0]!, 1, x.shape[1]!, x.shape[2]!]);
const fromFlat = (x: Tensor) => tf.reshape(x, [x.shape[0]!, x.shape[2]!, x.shape[3]!]);
