/**
 * Which operations are our own (native/operations.cc, rows.cc and views.cc), and whether the addon at hand has all of
 * them.
 *
 * A name that is added there is added here: an addon of an earlier version lacks it, and must not be taken for one that
 * has it.
 */
import { nativeTypes, type Attribute, type Binding } from './backend.ts';
import { attribute } from './native.ts';

interface Input {
  shape: number[];
  whole?: boolean;
}

interface Trial {
  attributes: Attribute[];
  /** Shapes of the inputs, of zeros; the ones named are whole numbers. */
  inputs: Input[];
  outputs: number;
}

const floats = (...shapes: number[][]) => shapes.map((shape) => ({ shape }));
const wholes = (shape: number[]): Input => ({ shape, whole: true });
const size = (height: number, width: number) => [attribute.int('size', [height, width])];
const normed = [attribute.bool('rectified', false), attribute.bool('added', false)];
const lengths = [attribute.float('epsilon', 1)];
const rectified = [attribute.bool('rectified', true)];
const mixed = [...rectified, attribute.int('sizes', [2])];
const rowParts = [
  attribute.int('numbers', [0]),
  attribute.int('categories', [1]),
  attribute.int('sizes', [2]),
  attribute.float('limit', 0),
];
const [image, kernel, channels] = [[1, 1, 1, 8], [1, 1, 8, 8], [8]];

/** The smallest call of each. */
export const OWN_OPERATIONS: Record<string, Trial> = {
  PretextConvolution: { attributes: size(1, 1), inputs: floats(image, kernel), outputs: 1 },
  PretextConvolutionTowardsInput: { attributes: size(1, 1), inputs: floats(image, kernel), outputs: 1 },
  PretextConvolutionTowardsKernel: { attributes: size(1, 1), inputs: floats(image, image), outputs: 1 },
  PretextNorm: {
    attributes: normed,
    inputs: floats(image, channels, channels, channels, channels, [0]),
    outputs: 5,
  },
  PretextNormGradient: {
    attributes: normed,
    inputs: floats(image, image, image, channels, channels, channels),
    outputs: 4,
  },
  PretextNoise: {
    attributes: [],
    inputs: [...floats([1, 8], [1], [8]), wholes([2])],
    outputs: 1,
  },
  PretextSignalView: {
    attributes: [],
    inputs: [...floats([1, 2, 8], channels, [1, 8], [1, 2], [1], channels), wholes([2]), { shape: [1, 2] }],
    outputs: 1,
  },
  PretextScaleChannels: { attributes: [], inputs: floats([1, 8], channels, channels), outputs: 1 },
  PretextDense: { attributes: rectified, inputs: floats([1, 2], [2, 3], [3]), outputs: 1 },
  PretextDenseTowardsInput: { attributes: rectified, inputs: floats([1, 3], [1, 3], [2, 3]), outputs: 1 },
  PretextDenseTowardsKernel: { attributes: rectified, inputs: floats([1, 3], [1, 3], [1, 2]), outputs: 2 },
  PretextUnitRows: { attributes: lengths, inputs: floats([1, 2]), outputs: 2 },
  PretextUnitRowsGradient: { attributes: lengths, inputs: floats([1, 2], [1, 2], [1, 1]), outputs: 1 },
  PretextEntropy: { attributes: [], inputs: [...floats([1, 2]), wholes([1])], outputs: 3 },
  PretextRowParts: { attributes: rowParts, inputs: floats([1, 2]), outputs: 2 },
  PretextReplaceCells: {
    attributes: [attribute.int('count', 1)],
    inputs: [...floats([1, 2], [1, 2], [1, 2]), wholes([1, 2])],
    outputs: 2,
  },
  PretextCategoryDense: {
    attributes: mixed,
    inputs: [...floats([1, 2]), wholes([1, 1]), ...floats([2, 2], [4, 3], [3])],
    outputs: 1,
  },
  PretextCategoryDenseGradient: {
    attributes: mixed,
    inputs: [...floats([1, 3], [1, 3], [1, 2]), wholes([1, 1]), ...floats([2, 2], [4, 3])],
    outputs: 3,
  },
};

/**
 * Whether TensorFlow knows all of them: not where they could not be compiled, on a processor without the instructions
 * they need, or with an addon of another version.
 */
export const knowsOwnOperations = (addon: Binding): boolean =>
  Object.entries(OWN_OPERATIONS).every(([name, trial]) => isKnown(addon, name, trial));

function isKnown(addon: Binding, name: string, { attributes, inputs, outputs }: Trial): boolean {
  const ids = inputs.map(({ shape, whole = false }) => {
    const count = shape.reduce((product, length) => product * length, 1);
    return whole
      ? addon.createTensor(shape, nativeTypes.int32, new Int32Array(count))
      : addon.createTensor(shape, nativeTypes.float32, new Float32Array(count));
  });
  try {
    for (const { id } of addon.executeOp(name, attributes, ids, outputs)) addon.deleteTensor(id);
    return true;
  } catch {
    // TensorFlow does not know the operation: it has its own.
    return false;
  } finally {
    for (const id of ids) addon.deleteTensor(id);
  }
}
