import { describe, expect, it } from 'vitest';
import { nativeBackend, nativeTypes, type Attribute } from '../../../src/tensor/backend.ts';
import { runOnZeros } from '../../../src/tensor/compile/probe.ts';
import { shapeRule, type TracedInput } from '../../../src/tensor/compile/shapes.ts';
import { attribute, floatType } from '../../../src/tensor/native.ts';
import './helpers.ts';

const float = (...shape: number[]): TracedInput => ({ shape, dtype: nativeTypes.float32 });
const whole = (...values: number[]): TracedInput => ({
  shape: [values.length],
  dtype: nativeTypes.int32,
  values: Int32Array.from(values),
});
const scalar = (value: number): TracedInput => ({
  shape: [],
  dtype: nativeTypes.int32,
  values: Int32Array.of(value),
});
const windowed = (padding: string, stride: number, more: Attribute[] = []) => [
  floatType,
  attribute.int('strides', [1, stride, stride, 1]),
  attribute.string('padding', padding),
  attribute.string('data_format', 'NHWC'),
  ...more,
];
const own = (size: number[]) => [
  attribute.int('strides', [2, 2]),
  attribute.int('before', [1, 1]),
  attribute.int('size', size),
];
const ownNorm = (added: boolean) => [attribute.bool('rectified', true), attribute.bool('added', added)];
const rectified = [attribute.bool('rectified', true)];
const eights = (count: number) => Array.from({ length: count }, () => float(8));
const images = (count: number) => Array.from({ length: count }, () => float(2, 3, 8));
const reduce = (keep: boolean) => [
  floatType,
  attribute.type('Tidx', 'int32'),
  attribute.bool('keep_dims', keep),
];
const norm = (training: boolean) => [
  floatType,
  attribute.type('U', 'float32'),
  attribute.string('data_format', 'NHWC'),
  attribute.bool('is_training', training),
];

describe('each rule gives the shapes and types that TensorFlow gives', () => {
  const cases: [string, Attribute[], TracedInput[], number?][] = [
    ['Relu', [floatType], [float(2, 3)]],
    ['ReluGrad', [floatType], [float(2, 3), float(2, 3)]],
    ['AddV2', [floatType], [float(4, 1, 3), float(5, 1)]],
    ['Mul', [floatType], [float(3), float()]],
    ['Less', [floatType], [float(4, 1), float(1, 3)]],
    ['IsNan', [floatType], [float(4)]],
    ['SelectV2', [floatType], [{ shape: [4, 1], dtype: nativeTypes.bool }, float(1, 3), float()]],
    ['Cast', [attribute.type('SrcT', 'float32'), attribute.type('DstT', 'int32')], [float(2)]],
    ['Reshape', [floatType, attribute.type('Tshape', 'int32')], [float(4, 6), whole(3, -1)]],
    ['Transpose', [floatType, attribute.type('Tperm', 'int32')], [float(2, 3, 4), whole(2, 0, 1)]],
    ['Sum', reduce(false), [float(2, 3, 4), whole(0, -1)]],
    ['Mean', reduce(true), [float(2, 3, 4), whole(1)]],
    [
      'MatMul',
      [floatType, attribute.bool('transpose_a', true), attribute.bool('transpose_b', false)],
      [float(3, 2), float(3, 5)],
    ],
    [
      'BatchMatMulV2',
      [floatType, attribute.bool('adj_x', false), attribute.bool('adj_y', true)],
      [float(4, 1, 2, 3), float(5, 6, 3)],
    ],
    [
      'ConcatV2',
      [attribute.int('N', 2), floatType, attribute.type('Tidx', 'int32')],
      [float(2, 3), float(2, 4), scalar(-1)],
    ],
    ['Slice', [floatType, attribute.type('Index', 'int32')], [float(5, 6), whole(1, 2), whole(3, -1)]],
    ['Tile', [floatType, attribute.type('Tmultiples', 'int32')], [float(2, 3), whole(2, 3)]],
    ['BroadcastTo', [floatType, attribute.type('Tidx', 'int32')], [float(1, 3), whole(4, 3)]],
    [
      'GatherV2',
      [
        attribute.int('batch_dims', 0),
        attribute.type('Tparams', 'float32'),
        attribute.type('Tindices', 'int32'),
        attribute.type('Taxis', 'int32'),
      ],
      [float(3, 4, 5), whole(1, 0, 2), scalar(1)],
    ],
    ['Fill', [floatType, attribute.type('index_type', 'int32')], [whole(3, 2), float()]],
    ['Conv2D', windowed('SAME', 2), [float(2, 7, 5, 3), float(3, 2, 3, 4)]],
    ['Conv2D', windowed('VALID', 2), [float(2, 7, 5, 3), float(3, 2, 3, 4)]],
    [
      'Conv2D',
      windowed('VALID', 1, [attribute.int('dilations', [1, 2, 1, 1])]),
      [float(2, 7, 5, 3), float(3, 2, 3, 4)],
    ],
    [
      'Conv2D',
      windowed('EXPLICIT', 2, [attribute.int('explicit_paddings', [0, 0, 1, 1, 0, 1, 0, 0])]),
      [float(2, 7, 5, 3), float(3, 2, 3, 4)],
    ],
    ['PretextConvolution', own([4, 3]), [float(2, 7, 5, 8), float(3, 3, 8, 16)]],
    ['PretextConvolutionTowardsInput', own([7, 5]), [float(2, 4, 3, 16), float(3, 3, 8, 16)]],
    ['PretextConvolutionTowardsKernel', own([3, 3]), [float(2, 7, 5, 8), float(2, 4, 3, 16)]],
    ['PretextNorm', ownNorm(true), [float(2, 3, 8), ...eights(4), float(2, 3, 8)], 5],
    ['PretextNormGradient', ownNorm(true), [...images(3), ...eights(3)], 4],
    ['PretextNormGradient', ownNorm(false), [...images(3), ...eights(3)], 4],
    ['PretextDense', rectified, [float(5, 3), float(3, 4), float(4)]],
    ['PretextDenseTowardsInput', rectified, [float(5, 4), float(5, 4), float(3, 4)]],
    ['PretextDenseTowardsKernel', rectified, [float(5, 4), float(5, 4), float(5, 3)], 2],
    ['PretextUnitRows', [attribute.float('epsilon', 1)], [float(4, 3)], 2],
    ['PretextUnitRowsGradient', [attribute.float('epsilon', 1)], [float(4, 3), float(4, 3), float(4, 1)]],
    ['PretextEntropy', [], [float(2, 5), whole(1, 4)], 3],
    ['PretextNoise', [], [float(2, 3, 8), float(2), float(8), whole(1, 2)]],
    ['Conv2DBackpropInput', windowed('SAME', 2), [whole(2, 7, 5, 3), float(3, 3, 3, 4), float(2, 4, 3, 4)]],
    ['Conv2DBackpropFilter', windowed('SAME', 2), [float(2, 7, 5, 3), whole(3, 3, 3, 4), float(2, 4, 3, 4)]],
    ['BiasAdd', [floatType], [float(2, 3, 4), float(4)]],
    ['BiasAddGrad', [floatType], [float(2, 3, 4)]],
    ['DepthwiseConv2dNative', windowed('SAME', 1), [float(2, 7, 5, 3), float(3, 2, 3, 2)]],
    [
      'DepthwiseConv2dNativeBackpropInput',
      windowed('SAME', 1),
      [whole(2, 7, 5, 3), float(3, 3, 3, 2), float(2, 7, 5, 6)],
    ],
    [
      'DepthwiseConv2dNativeBackpropFilter',
      windowed('SAME', 1),
      [float(2, 7, 5, 3), whole(3, 3, 3, 2), float(2, 7, 5, 6)],
    ],
    ['MaxPool', windowed('VALID', 2, [attribute.int('ksize', [1, 3, 2, 1])]), [float(2, 7, 6, 3)]],
    ['AvgPool', windowed('SAME', 3, [attribute.int('ksize', [1, 3, 2, 1])]), [float(2, 7, 6, 3)]],
    ['FusedBatchNormV3', norm(true), [float(2, 3, 4, 5), float(5), float(5), float(0), float(0)], 6],
    ['FusedBatchNormV3', norm(false), [float(2, 3, 4, 5), float(5), float(5), float(5), float(5)], 6],
    [
      'FusedBatchNormGradV3',
      norm(true),
      [float(2, 3, 4, 5), float(2, 3, 4, 5), float(5), float(5), float(5), float(0)],
      5,
    ],
    ['SoftmaxCrossEntropyWithLogits', [floatType], [float(3, 4), float(3, 4)], 2],
    [
      'SparseSoftmaxCrossEntropyWithLogits',
      [floatType, attribute.type('Tlabels', 'int32')],
      [float(3, 4), whole(0, 1, 2)],
      2,
    ],
    [
      'StatelessRandomUniform',
      [attribute.type('dtype', 'float32'), attribute.type('T', 'int32'), attribute.type('Tseed', 'int32')],
      [whole(3, 4), whole(1, 2)],
    ],
    ['CropAndResize', [floatType], [float(2, 5, 5, 3), float(6, 4), whole(0, 0, 0, 1, 1, 1), whole(3, 4)]],
    [
      'ImageProjectiveTransformV3',
      [attribute.type('dtype', 'uint8'), attribute.string('interpolation', 'NEAREST')],
      [{ shape: [2, 5, 5, 3], dtype: nativeTypes.uint8 }, float(2, 8), whole(3, 4), float()],
    ],
  ];
  for (const [op, attributes, inputs, outputs = 1] of cases) {
    it(`${op} of ${inputs.map(({ shape }) => `[${shape}]`).join(' ')}`, () => {
      const ruled = shapeRule(op, attributes, inputs);
      const probed = runOnZeros(nativeBackend().binding, op, attributes, inputs, outputs);
      expect(ruled).toEqual(probed);
    });
  }

  it('gives no answer where a shape is not a constant', () => {
    expect(shapeRule('Reshape', [], [float(4), { shape: [2], dtype: nativeTypes.int32 }])).toBeNull();
    expect(shapeRule('NoSuchOperation', [], [float(4)])).toBeNull();
  });
});
