/**
 * Rules for the shape and type of the outputs of common operations.
 *
 * An operation without a rule is none the worse, it is probed (probe.ts). A rule returns null when it does not
 * know, for instance when a shape is not a constant.
 */
import { nativeTypes, type Attribute, type TypedArray } from '../backend.ts';

/** What is known of an input while tracing; values only of constants. */
export interface TracedInput {
  shape: number[];
  dtype: number;
  values?: TypedArray;
}
export interface TracedOutput {
  shape: number[];
  dtype: number;
}

type Attributes = ReadonlyMap<string, Attribute['value']>;
type Rule = (inputs: TracedInput[], attributes: Attributes) => TracedOutput[] | null;

const { float32, int32, bool } = nativeTypes;

/** The outputs by rule, or null. */
export function shapeRule(op: string, attributes: Attribute[], inputs: TracedInput[]): TracedOutput[] | null {
  const rule = rules.get(op);
  return rule ? rule(inputs, new Map(attributes.map(({ name, value }) => [name, value]))) : null;
}

const like = ({ shape, dtype }: TracedInput): TracedOutput => ({ shape, dtype });
const likeFirst: Rule = ([first]) => [like(first!)];
const likeSecond: Rule = ([, second]) => [like(second!)];
const floats = (...shape: number[]): TracedOutput => ({ shape, dtype: float32 });

function broadcast(a: number[], b: number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    return left === 1 ? right : left;
  });
}

const binary: Rule = ([a, b]) => [{ shape: broadcast(a!.shape, b!.shape), dtype: a!.dtype }];
const comparison: Rule = ([a, b]) => [{ shape: broadcast(a!.shape, b!.shape), dtype: bool }];

/** A shape given as a constant input. */
function constantShape(input: TracedInput | undefined): number[] | null {
  return input?.values ? Array.from(input.values) : null;
}
const shapeFrom =
  (index: number, dtype: number): Rule =>
  (inputs) => {
    const shape = constantShape(inputs[index]);
    return shape && [{ shape, dtype }];
  };

/** The same of the type of the last input. */
const shapeFromLike =
  (index: number): Rule =>
  (inputs) => {
    const shape = constantShape(inputs[index]);
    return shape && [{ shape, dtype: inputs.at(-1)!.dtype }];
  };

const reshape: Rule = ([x, wanted]) => {
  const shape = constantShape(wanted);
  if (!shape) return null;
  const size = x!.shape.reduce((product, length) => product * length, 1);
  const given = shape.reduce((product, length) => (length < 0 ? product : product * length), 1);
  return [{ shape: shape.map((length) => (length < 0 ? size / given : length)), dtype: x!.dtype }];
};

const transpose: Rule = ([x, order]) => {
  const axes = constantShape(order);
  return axes && [{ shape: axes.map((axis) => x!.shape[axis]!), dtype: x!.dtype }];
};

const reduction: Rule = ([x, axes], attributes) => {
  const reduced = constantShape(axes);
  if (!reduced) return null;
  const gone = new Set(reduced.map((axis) => (axis < 0 ? axis + x!.shape.length : axis)));
  const keep = attributes.get('keep_dims') === true;
  const shape = x!.shape.flatMap((length, axis) => (gone.has(axis) ? (keep ? [1] : []) : [length]));
  return [{ shape, dtype: x!.dtype }];
};

const matrixProduct =
  (left: string, right: string): Rule =>
  ([a, b], attributes) => {
    const [rows, columns] = [a!.shape.slice(-2), b!.shape.slice(-2)];
    const height = attributes.get(left) ? rows[1]! : rows[0]!;
    const width = attributes.get(right) ? columns[0]! : columns[1]!;
    return [
      { shape: [...broadcast(a!.shape.slice(0, -2), b!.shape.slice(0, -2)), height, width], dtype: a!.dtype },
    ];
  };

const concat: Rule = (inputs) => {
  const at = inputs.at(-1)!.values?.[0];
  if (at === undefined) return null;
  const tensors = inputs.slice(0, -1);
  const axis = at < 0 ? at + tensors[0]!.shape.length : at;
  const shape = tensors[0]!.shape.slice();
  shape[axis] = tensors.reduce((sum, tensor) => sum + tensor.shape[axis]!, 0);
  return [{ shape, dtype: tensors[0]!.dtype }];
};

const slice: Rule = ([x, begin, size]) => {
  if (!begin?.values || !size?.values) return null;
  const starts = begin.values;
  const shape = Array.from(size.values, (length, axis) =>
    length < 0 ? x!.shape[axis]! - starts[axis]! : length,
  );
  return [{ shape, dtype: x!.dtype }];
};

const tile: Rule = ([x, counts]) => {
  const repeats = constantShape(counts);
  return repeats && [{ shape: x!.shape.map((length, axis) => length * repeats[axis]!), dtype: x!.dtype }];
};

/** Output lengths of a window that moves over NHWC. */
function windowed(shape: number[], window: number[], attributes: Attributes): number[] | null {
  const padding = attributes.get('padding');
  const strides = attributes.get('strides') as number[];
  const dilations = (attributes.get('dilations') as number[] | undefined) ?? [1, 1, 1, 1];
  if (attributes.get('data_format') !== 'NHWC') return null;
  const added = (attributes.get('explicit_paddings') as number[] | undefined) ?? [];
  return [1, 2].map((axis) => {
    const reach = (window[axis - 1]! - 1) * dilations[axis]! + 1;
    const padded = shape[axis]! + (added[axis * 2] ?? 0) + (added[axis * 2 + 1] ?? 0);
    const places = padding === 'SAME' ? shape[axis]! : padded - reach + 1;
    return Math.ceil(places / strides[axis]!);
  });
}

const convolution: Rule = ([x, kernel], attributes) => {
  const [batch] = x!.shape;
  const lengths = windowed(x!.shape, kernel!.shape.slice(0, 2), attributes);
  return lengths && [{ shape: [batch!, ...lengths, kernel!.shape[3]!], dtype: x!.dtype }];
};

/** Of our own kernels, which are told the size of what comes out. */
const ownConvolution =
  (channels: 2 | 3): Rule =>
  ([images, kernel], attributes) => [
    floats(images!.shape[0]!, ...(attributes.get('size') as number[]), kernel!.shape[channels]!),
  ];
const ownKernelGradient: Rule = ([x, dy], attributes) => [
  floats(...(attributes.get('size') as number[]), x!.shape[3]!, dy!.shape[3]!),
];

const depthwiseConvolution: Rule = ([x, kernel], attributes) => {
  const lengths = windowed(x!.shape, kernel!.shape.slice(0, 2), attributes);
  const channels = kernel!.shape[2]! * kernel!.shape[3]!;
  return lengths && [{ shape: [x!.shape[0]!, ...lengths, channels], dtype: x!.dtype }];
};

const pooling: Rule = ([x], attributes) => {
  const lengths = windowed(x!.shape, (attributes.get('ksize') as number[]).slice(1, 3), attributes);
  return lengths && [{ shape: [x!.shape[0]!, ...lengths, x!.shape[3]!], dtype: x!.dtype }];
};

const crop: Rule = ([images, boxes, , size]) => {
  const lengths = constantShape(size);
  return lengths && [floats(boxes!.shape[0]!, ...lengths, images!.shape[3]!)];
};

const warp: Rule = ([images, , size]) => {
  const lengths = constantShape(size);
  return lengths && [{ shape: [images!.shape[0]!, ...lengths, images!.shape[3]!], dtype: images!.dtype }];
};

const gather: Rule = ([x, indices, at], attributes) => {
  const axis = at?.values?.[0];
  if (axis === undefined || axis < 0 || attributes.get('batch_dims') !== 0) return null;
  return [
    { shape: [...x!.shape.slice(0, axis), ...indices!.shape, ...x!.shape.slice(axis + 1)], dtype: x!.dtype },
  ];
};

const batchNorm: Rule = ([x, scale]) => [
  like(x!),
  like(scale!),
  like(scale!),
  like(scale!),
  like(scale!),
  floats(0),
];
const batchNormGradient: Rule = ([dy, , scale]) => [
  like(dy!),
  like(scale!),
  like(scale!),
  floats(),
  floats(),
];
const ownNorm: Rule = ([x, scale]) => [like(x!), like(scale!), like(scale!), like(scale!), like(scale!)];
const ownNormGradient: Rule = ([dy, , , scale], attributes) => [
  like(dy!),
  like(scale!),
  like(scale!),
  attributes.get('added') === true ? like(dy!) : floats(0),
];
const ownDense: Rule = ([x, kernel]) => [floats(x!.shape[0]!, kernel!.shape[1]!)];
const ownDenseTowardsInput: Rule = ([dy, , kernel]) => [floats(dy!.shape[0]!, kernel!.shape[0]!)];
const ownDenseTowardsKernel: Rule = ([dy, , x]) => [
  floats(x!.shape[1]!, dy!.shape[1]!),
  floats(dy!.shape[1]!),
];
const crossEntropy: Rule = ([logits]) => [floats(logits!.shape[0]!), like(logits!)];
const select: Rule = ([condition, a, b]) => [
  { shape: broadcast(condition!.shape, broadcast(a!.shape, b!.shape)), dtype: a!.dtype },
];

/** Half of a spectrum, or from it as many values as are asked for. */
const fourier =
  (dtype: number, lengthOf: (wanted: number) => number): Rule =>
  ([x, length]) =>
    length!.values
      ? [{ shape: [...x!.shape.slice(0, -1), lengthOf(Number(length!.values[0]))], dtype }]
      : null;
const partOfComplex: Rule = ([x]) => [{ shape: x!.shape, dtype: float32 }];

const named = (names: string, rule: Rule): [string, Rule][] => names.split(' ').map((name) => [name, rule]);

const rules = new Map<string, Rule>([
  ...named(
    'Abs Acos Asin Atan Ceil Cos Cosh Cumsum Elu Erf Exp Expm1 Floor Identity LeakyRelu Log Log1p LogSoftmax ' +
      'LogicalNot MatrixInverse Cholesky Neg OnesLike Reciprocal Relu Relu6 ReverseV2 Rint Round Rsqrt Selu Sigmoid ' +
      'Sign Sin Sinh Softmax Softplus Sqrt Square Tan Tanh ZerosLike',
    likeFirst,
  ),
  ...named(
    'CollectiveReduce AddN EluGrad LeakyReluGrad ReluGrad Relu6Grad SigmoidGrad SoftplusGrad TanhGrad MaxPoolGrad',
    likeFirst,
  ),
  ...named('Select MatrixTriangularSolve', likeSecond),
  ...named('SelectV2', select),
  ...named(
    'Add AddV2 Atan2 BitwiseAnd BitwiseOr BitwiseXor Div DivNoNan FloorDiv FloorMod LogicalAnd LogicalOr Maximum ' +
      'Minimum Mod Mul Pow RealDiv SquaredDifference Sub',
    binary,
  ),
  ...named('Equal Greater GreaterEqual Less LessEqual NotEqual', comparison),
  ['RFFT', fourier(nativeTypes.complex64, (length) => Math.floor(length / 2) + 1)],
  ['IRFFT', fourier(float32, (length) => length)],
  ...named('Real Imag', partOfComplex),
  ['Complex', ([x]) => [{ shape: x!.shape, dtype: nativeTypes.complex64 }]],
  ...named('IsFinite IsInf IsNan', ([x]) => [{ shape: x!.shape, dtype: bool }]),
  ...named('All Any Max Mean Min Prod Sum', reduction),
  ['Cast', ([x], attributes) => [{ shape: x!.shape, dtype: attributes.get('DstT') as number }]],
  [
    'CollectiveGather',
    ([x], attributes) => [{ shape: attributes.get('shape') as number[], dtype: x!.dtype }],
  ],
  ['Reshape', reshape],
  ['Transpose', transpose],
  ['BiasAdd', likeFirst],
  ['BiasAddGrad', ([dy]) => [floats(dy!.shape.at(-1)!)]],
  ['MatMul', matrixProduct('transpose_a', 'transpose_b')],
  ...named('BatchMatMul BatchMatMulV2', matrixProduct('adj_x', 'adj_y')),
  ['ConcatV2', concat],
  ['Slice', slice],
  ['Tile', tile],
  ['GatherV2', gather],
  [
    'Fill',
    ([size, value]) => (size!.values ? [{ shape: Array.from(size!.values), dtype: value!.dtype }] : null),
  ],
  ['Conv2D', convolution],
  ['Conv2DBackpropInput', shapeFromLike(0)],
  ['Conv2DBackpropFilter', shapeFromLike(1)],
  ['PretextConvolution', ownConvolution(3)],
  ['PretextConvolutionTowardsInput', ownConvolution(2)],
  ['PretextConvolutionTowardsKernel', ownKernelGradient],
  ['DepthwiseConv2dNative', depthwiseConvolution],
  ['DepthwiseConv2dNativeBackpropInput', shapeFrom(0, float32)],
  ['DepthwiseConv2dNativeBackpropFilter', shapeFrom(1, float32)],
  ...named('MaxPool AvgPool', pooling),
  ['AvgPoolGrad', shapeFrom(0, float32)],
  ['BroadcastTo', shapeFrom(1, float32)],
  ['FusedBatchNormV3', batchNorm],
  ['FusedBatchNormGradV3', batchNormGradient],
  ['PretextNorm', ownNorm],
  ['PretextNormGradient', ownNormGradient],
  ['PretextNoise', likeFirst],
  ['PretextDense', ownDense],
  ['PretextDenseTowardsInput', ownDenseTowardsInput],
  ['PretextDenseTowardsKernel', ownDenseTowardsKernel],
  [
    'PretextEntropy',
    (given, attributes) => [...crossEntropy(given, attributes)!, floats(given[0]!.shape[0]!)],
  ],
  ['PretextUnitRows', ([x]) => [like(x!), floats(x!.shape[0]!, 1)]],
  ['PretextUnitRowsGradient', likeFirst],
  ...named('SoftmaxCrossEntropyWithLogits SparseSoftmaxCrossEntropyWithLogits', crossEntropy),
  ...named('StatelessRandomUniform StatelessRandomNormal StatelessTruncatedNormal', shapeFrom(0, float32)),
  ...named('StatelessRandomUniformInt StatelessRandomUniformFullInt', shapeFrom(0, int32)),
  ['CropAndResize', crop],
  ['ImageProjectiveTransformV3', warp],
]);
