/** How each of TensorFlow's operations is said in ONNX (opset 17). One entry an operation; a missing one is refused by name. */
import { PretextError } from '../../contract/errors.ts';
import { nativeTypes, type Attribute } from '../../tensor/index.ts';
import { fixedValues, shapeWithRest, type GraphNode, type GraphSource } from '../graph/batch.ts';
import { samePadding } from '../graph/padding.ts';
import type { OnnxBuilder } from './builder.ts';
import { onnxTypes } from './messages.ts';

type Translation = (node: GraphNode, onnx: OnnxBuilder) => void;

/** The last value of a slice that goes to the end. */
const TO_THE_END = 2 ** 31 - 1;

const attributeOf = (node: GraphNode, name: string): Attribute['value'] | undefined =>
  node.attributes.find((attribute) => attribute.name === name)?.value;

const put = (node: GraphNode, onnx: OnnxBuilder, name: string, order: 'first' | 'last' = 'last') =>
  onnx.set(node.name, 0, { shape: node.outputs[0]!.shape, [order]: name });

/** Numbers that the graph has as a constant; without them an operation cannot be translated. */
function constants(node: GraphNode, index: number): number[] {
  const values = fixedValues(node.inputs[index]);
  if (values) return Array.from(values);
  throw new PretextError({
    code: 'export.operation',
    message: `The operation ${node.op} cannot be exported to ONNX where its input ${index} is computed.`,
    remedy: 'Choose another format, or an encoder without it.',
  });
}

/** Works number by number: in whichever order of axes the inputs are already. */
const elementwise =
  (write: (onnx: OnnxBuilder, inputs: string[], node: GraphNode) => string): Translation =>
  (node, onnx) => {
    const shape = node.outputs[0]!.shape.join();
    const maps =
      shape.split(',').length === 4 && node.inputs.every((each) => onnx.shapeOf(each).join() === shape);
    if (maps && node.inputs.every((each) => onnx.isFirst(each)))
      return put(
        node,
        onnx,
        write(
          onnx,
          node.inputs.map((each) => onnx.first(each)),
          node,
        ),
        'first',
      );
    return put(
      node,
      onnx,
      write(
        onnx,
        node.inputs.map((each) => onnx.value(each)),
        node,
      ),
    );
  };

const plain = (op: string) => elementwise((onnx, inputs) => onnx.add(op, inputs)[0]);

const sided = (node: GraphNode, name: string): [number, number] => {
  const [, height, width] = attributeOf(node, name) as number[];
  return [height!, width!];
};

/** Zeros on each side of a window that moves over [N, H, W, C], in ONNX's order: beginnings, then ends. */
function pads(node: GraphNode, sides: readonly number[], window: readonly [number, number]): number[] {
  const padding = attributeOf(node, 'padding');
  if (padding === 'VALID') return [0, 0, 0, 0];
  if (padding === 'EXPLICIT') {
    const given = attributeOf(node, 'explicit_paddings') as number[];
    return [given[2]!, given[4]!, given[3]!, given[5]!];
  }
  const strides = sided(node, 'strides');
  const each = [0, 1].map((axis) => samePadding(sides[axis + 1]!, window[axis]!, strides[axis]!));
  return [each[0]!.before, each[1]!.before, each[0]!.after, each[1]!.after];
}

function kernelOf(onnx: OnnxBuilder, source: GraphSource, order: number[], shape?: number[]): string {
  if (source.kind === 'weight') return onnx.weight(source.name, order, shape);
  const [turned] = onnx.add('Transpose', [onnx.value(source)], { perm: order });
  return shape ? onnx.add('Reshape', [turned, onnx.integers(shape)])[0] : turned;
}

const convolution: Translation = (node, onnx) => {
  const [x, kernel] = node.inputs as [GraphSource, GraphSource];
  const [height, width] = onnx.shapeOf(kernel) as [number, number, number, number];
  const weights = kernelOf(onnx, kernel, [3, 2, 0, 1]);
  const [result] = onnx.add('Conv', [onnx.first(x), weights], {
    kernel_shape: [height, width],
    strides: sided(node, 'strides'),
    pads: pads(node, onnx.shapeOf(x), [height, width]),
  });
  put(node, onnx, result, 'first');
};

const depthwise: Translation = (node, onnx) => {
  const [x, kernel] = node.inputs as [GraphSource, GraphSource];
  const [height, width, channels, times] = onnx.shapeOf(kernel) as [number, number, number, number];
  const weights = kernelOf(onnx, kernel, [2, 3, 0, 1], [channels * times, 1, height, width]);
  const [result] = onnx.add('Conv', [onnx.first(x), weights], {
    kernel_shape: [height, width],
    strides: sided(node, 'strides'),
    pads: pads(node, onnx.shapeOf(x), [height, width]),
    group: channels,
  });
  put(node, onnx, result, 'first');
};

const batchNorm: Translation = (node, onnx) => {
  const [x, ...statistics] = node.inputs as [GraphSource, ...GraphSource[]];
  const inputs = [onnx.first(x), ...statistics.map((each) => onnx.value(each))];
  const epsilon = attributeOf(node, 'epsilon') as number;
  put(node, onnx, onnx.add('BatchNormalization', inputs, { epsilon: { float: epsilon } })[0], 'first');
};

const pooling =
  (op: string): Translation =>
  (node, onnx) => {
    const [x] = node.inputs as [GraphSource];
    const window = sided(node, 'ksize');
    const [result] = onnx.add(op, [onnx.first(x)], {
      kernel_shape: window,
      strides: sided(node, 'strides'),
      pads: pads(node, onnx.shapeOf(x), window),
    });
    put(node, onnx, result, 'first');
  };

/** @param axesAsInput newer than the others, sums are told their axes by an input */
const reduction =
  (op: string, axesAsInput = false): Translation =>
  (node, onnx) => {
    const rank = onnx.shapeOf(node.inputs[0]!).length;
    const axes = constants(node, 1).map((axis) => (axis < 0 ? axis + rank : axis));
    const keepdims = attributeOf(node, 'keep_dims') ? 1 : 0;
    const x = onnx.value(node.inputs[0]!);
    const [result] = axesAsInput
      ? onnx.add(op, [x, onnx.integers(axes)], { keepdims })
      : onnx.add(op, [x], { axes, keepdims });
    put(node, onnx, result);
  };

const product =
  (left: string, right: string): Translation =>
  (node, onnx) => {
    const operands = [left, right].map((name, index) => {
      const source = node.inputs[index]!;
      const x = onnx.value(source);
      if (!attributeOf(node, name)) return x;
      const rank = onnx.shapeOf(source).length;
      const perm = Array.from({ length: rank }, (_, axis) => axis);
      [perm[rank - 2], perm[rank - 1]] = [rank - 1, rank - 2];
      return onnx.add('Transpose', [x], { perm })[0];
    });
    put(node, onnx, onnx.add('MatMul', operands)[0]);
  };

const reshape: Translation = (node, onnx) => {
  const [x, wanted] = node.inputs as [GraphSource, GraphSource];
  const rest = shapeWithRest(wanted);
  const shape = rest ? onnx.integers(rest) : onnx.value(wanted);
  put(node, onnx, onnx.add('Reshape', [onnx.value(x), shape])[0]);
};

const pad: Translation = (node, onnx) => {
  const [x, , value] = node.inputs as [GraphSource, GraphSource, GraphSource?];
  const amounts = constants(node, 1);
  const filled = value ? constants(node, 2)[0]! : 0;
  const inputs = (name: string, order: readonly number[]) => [
    name,
    onnx.integers([
      ...order.map((axis) => amounts[2 * axis]!),
      ...order.map((axis) => amounts[2 * axis + 1]!),
    ]),
    onnx.float(filled),
  ];
  if (onnx.isFirst(x)) put(node, onnx, onnx.add('Pad', inputs(onnx.first(x), [0, 3, 1, 2]))[0], 'first');
  else
    put(
      node,
      onnx,
      onnx.add(
        'Pad',
        inputs(
          onnx.value(x),
          onnx.shapeOf(x).map((_, axis) => axis),
        ),
      )[0],
    );
};

const slice: Translation = (node, onnx) => {
  const [x, , size] = node.inputs as [GraphSource, GraphSource, GraphSource];
  const begin = constants(node, 1);
  const sizes = size.kind === 'constant' ? Array.from(size.constant.values) : constants(node, 2);
  const batches = size.kind === 'constant' ? (size.constant.batches ?? []) : [];
  const ends = sizes.map((length, axis) =>
    length < 0 || batches[axis] ? TO_THE_END : begin[axis]! + length,
  );
  const axes = begin.map((_, axis) => axis);
  const inputs = [onnx.value(x), onnx.integers(begin), onnx.integers(ends), onnx.integers(axes)];
  put(node, onnx, onnx.add('Slice', inputs)[0]);
};

const concatenation: Translation = (node, onnx) => {
  const axis = constants(node, node.inputs.length - 1)[0]!;
  const values = node.inputs.slice(0, -1).map((each) => onnx.value(each));
  put(node, onnx, onnx.add('Concat', values, { axis })[0]);
};

const unpack: Translation = (node, onnx) => {
  const axis = attributeOf(node, 'axis') as number;
  const count = attributeOf(node, 'num') as number;
  const parts = onnx.add('Split', [onnx.value(node.inputs[0]!)], { axis }, count);
  parts.forEach((part, index) => {
    const [squeezed] = onnx.add('Squeeze', [part, onnx.integers([axis])]);
    onnx.set(node.name, index, { shape: node.outputs[index]!.shape, last: squeezed });
  });
};

/** Into parts of the sizes that are told. */
const split: Translation = (node, onnx) => {
  const axis = constants(node, 2)[0]!;
  const sizes = onnx.integers(constants(node, 1));
  const x = node.inputs[0]!;
  const from = axis < 0 ? axis + onnx.shapeOf(x).length : axis;
  const parts = onnx.add('Split', [onnx.value(x), sizes], { axis: from }, node.outputs.length);
  parts.forEach((part, index) =>
    onnx.set(node.name, index, { shape: node.outputs[index]!.shape, last: part }),
  );
};

/** Zeros also where there is no number. */
const zerosLike: Translation = (node, onnx) => {
  if (node.outputs[0]!.dtype !== nativeTypes.float32) throw unknownOperation('ZerosLike of whole numbers');
  const [shape] = onnx.add('Shape', [onnx.value(node.inputs[0]!)]);
  put(node, onnx, onnx.add('ConstantOfShape', [shape])[0]);
};

const pack: Translation = (node, onnx) => {
  const axis = (attributeOf(node, 'axis') as number | undefined) ?? 0;
  const parts = node.inputs.map(
    (each) => onnx.add('Unsqueeze', [onnx.value(each), onnx.integers([axis])])[0],
  );
  put(node, onnx, onnx.add('Concat', parts, { axis })[0]);
};

const integerInput = (onnx: OnnxBuilder, source: GraphSource): string => {
  const values = fixedValues(source);
  return values ? onnx.integers(Array.from(values)) : onnx.value(source);
};

const tile: Translation = (node, onnx) => {
  const [x, counts] = node.inputs as [GraphSource, GraphSource];
  put(node, onnx, onnx.add('Tile', [onnx.value(x), integerInput(onnx, counts)])[0]);
};

const broadcast: Translation = (node, onnx) => {
  const [x, shape] = node.inputs as [GraphSource, GraphSource];
  put(node, onnx, onnx.add('Expand', [onnx.value(x), integerInput(onnx, shape)])[0]);
};

const transpose: Translation = (node, onnx) =>
  put(node, onnx, onnx.add('Transpose', [onnx.value(node.inputs[0]!)], { perm: constants(node, 1) })[0]);

const expandDims: Translation = (node, onnx) =>
  put(node, onnx, onnx.add('Unsqueeze', [onnx.value(node.inputs[0]!), onnx.integers(constants(node, 1))])[0]);

const squeeze: Translation = (node, onnx) => {
  const axes = (attributeOf(node, 'squeeze_dims') ?? attributeOf(node, 'axis')) as number[];
  put(node, onnx, onnx.add('Squeeze', [onnx.value(node.inputs[0]!), onnx.integers(axes)])[0]);
};

const gather: Translation = (node, onnx) => {
  const [x, indices] = node.inputs as [GraphSource, GraphSource];
  const axis = constants(node, 2)[0]!;
  if (attributeOf(node, 'batch_dims')) throw unknownOperation('GatherV2 with batch_dims');
  put(node, onnx, onnx.add('Gather', [onnx.value(x), onnx.value(indices)], { axis })[0]);
};

const CAST: Readonly<Record<number, number>> = {
  [nativeTypes.float32]: onnxTypes.float32,
  [nativeTypes.int32]: onnxTypes.int32,
  [nativeTypes.bool]: onnxTypes.bool,
  [nativeTypes.uint8]: onnxTypes.uint8,
};

const cast = elementwise((onnx, [x], node) => {
  const to = CAST[attributeOf(node, 'DstT') as number];
  if (to === undefined) throw unknownOperation(`Cast to type ${String(attributeOf(node, 'DstT'))}`);
  return onnx.add('Cast', [x!], { to })[0];
});

const translations: Readonly<Record<string, Translation>> = {
  Abs: plain('Abs'),
  Add: plain('Add'),
  AddV2: plain('Add'),
  AvgPool: pooling('AveragePool'),
  BatchMatMulV2: product('adj_x', 'adj_y'),
  // Adds along the last axis, as broadcasting does.
  BiasAdd: plain('Add'),
  BroadcastTo: broadcast,
  Cast: cast,
  ConcatV2: concatenation,
  Conv2D: convolution,
  DepthwiseConv2dNative: depthwise,
  Cos: plain('Cos'),
  Elu: plain('Elu'),
  Equal: plain('Equal'),
  Erf: plain('Erf'),
  Exp: plain('Exp'),
  ExpandDims: expandDims,
  FusedBatchNormV3: batchNorm,
  GatherV2: gather,
  Greater: plain('Greater'),
  GreaterEqual: plain('GreaterOrEqual'),
  IsNan: plain('IsNaN'),
  LeakyRelu: elementwise((onnx, inputs, node) => {
    const alpha = { float: attributeOf(node, 'alpha') as number };
    return onnx.add('LeakyRelu', inputs, { alpha })[0];
  }),
  Less: plain('Less'),
  LessEqual: plain('LessOrEqual'),
  Log: plain('Log'),
  LogicalAnd: plain('And'),
  LogicalNot: plain('Not'),
  LogicalOr: plain('Or'),
  MatMul: product('transpose_a', 'transpose_b'),
  Max: reduction('ReduceMax'),
  MaxPool: pooling('MaxPool'),
  Maximum: plain('Max'),
  Mean: reduction('ReduceMean'),
  Min: reduction('ReduceMin'),
  Minimum: plain('Min'),
  Mul: plain('Mul'),
  Neg: plain('Neg'),
  NotEqual: elementwise((onnx, inputs) => onnx.add('Not', [onnx.add('Equal', inputs)[0]])[0]),
  Pack: pack,
  Pad: pad,
  PadV2: pad,
  Pow: plain('Pow'),
  RealDiv: plain('Div'),
  Relu: plain('Relu'),
  Reshape: reshape,
  // Halves go to the even neighbour in both.
  Round: plain('Round'),
  Rsqrt: elementwise((onnx, inputs) => onnx.add('Reciprocal', onnx.add('Sqrt', inputs))[0]),
  Select: plain('Where'),
  SelectV2: plain('Where'),
  Sigmoid: plain('Sigmoid'),
  Sin: plain('Sin'),
  Slice: slice,
  Softmax: (node, onnx) =>
    put(node, onnx, onnx.add('Softmax', [onnx.value(node.inputs[0]!)], { axis: -1 })[0]),
  Softplus: plain('Softplus'),
  SplitV: split,
  Sqrt: plain('Sqrt'),
  Square: elementwise((onnx, [x]) => onnx.add('Mul', [x!, x!])[0]),
  SquaredDifference: elementwise((onnx, inputs) => {
    const [difference] = onnx.add('Sub', inputs);
    return onnx.add('Mul', [difference, difference])[0];
  }),
  Squeeze: squeeze,
  Sub: plain('Sub'),
  Sum: reduction('ReduceSum', true),
  Tanh: plain('Tanh'),
  Tile: tile,
  Transpose: transpose,
  Unpack: unpack,
  ZerosLike: zerosLike,
};

/** @throws PretextError `export.operation` for an operation that has no translation */
export function translate(node: GraphNode, onnx: OnnxBuilder): void {
  const translation = translations[node.op];
  if (!translation) throw unknownOperation(node.op);
  translation(node, onnx);
}

export const translatedOperations: readonly string[] = Object.keys(translations);

function unknownOperation(op: string): PretextError {
  return new PretextError({
    code: 'export.operation',
    message: `The model uses the operation ${op}, for which there is no translation to ONNX.`,
    remedy: 'Choose another format, or an encoder without it.',
  });
}
