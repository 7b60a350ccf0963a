/** Decoders: from an encoder's last maps back to samples, for tasks that fill in, clean or colour. */
import { relu, tf, type Tensor } from '../../tensor/index.ts';
import { batchNorm } from './batch-norm.ts';
import { convolution, transposedConvolution, type Dimensions } from './convolution.ts';
import { functionLayer, sequence, variable, type Layer } from './layer.ts';

export interface DecoderDesign {
  name?: string;
  /** [h, w, F] or [l, F]: the maps it begins with. */
  mapShape: readonly number[];
  /** [H, W] or [L] of what it makes. */
  sides: readonly number[];
  /** Channels of what it makes. */
  channels: number;
}

/** How many pixels (or points) one place of the maps stands for, along each side. */
const scalesOf = ({ mapShape, sides }: DecoderDesign) =>
  sides.map((side, axis) => Math.ceil(side / mapShape[axis]!));

/**
 * The light decoder: each place of the maps predicts the whole patch of the sample that it stands for, by one
 * convolution of size 1 (SimMIM found that a light decoder makes the encoder learn more).
 */
export function patchDecoder(design: DecoderDesign): Layer {
  const { name = 'decoder', mapShape, sides, channels } = design;
  const scales = scalesOf(design);
  const kernel = convolution({
    name,
    dimensions: sides.length as Dimensions,
    size: 1,
    inputs: mapShape.at(-1)!,
    outputs: scales.reduce((product, scale) => product * scale, channels),
  });
  const bias = {
    name: `${name}/bias`,
    shape: [kernel.parameters[0]!.shape.at(-1)!],
    initial: { kind: 'constant' as const, value: 0 },
  };
  return {
    parameters: [...kernel.parameters, bias],
    statistics: [],
    apply(maps, pass) {
      const patches = tf.add(kernel.apply(maps, pass), variable(pass.parameters, bias.name));
      return patchesToSamples(patches, scales, sides, channels);
    },
  };
}

/** Fewest channels of a step of the enlarging decoder. */
const NARROWEST = 16;

/**
 * The enlarging decoder: transposed convolutions double the sides as often as that fits, with a quarter of the
 * channels each time; every place of the last maps then predicts the pixel or the few pixels it stands for.
 */
export function enlargingDecoder(design: DecoderDesign): Layer {
  const { name = 'decoder', mapShape, sides, channels } = design;
  const doublings = Math.floor(Math.log2(Math.min(...scalesOf(design))));
  const steps: Layer[] = [];
  let current = mapShape;
  for (let step = 0; step < doublings; step++) {
    const inputs = current.at(-1)!;
    const outputs = Math.min(inputs, Math.max(NARROWEST, Math.round(inputs / 4)));
    steps.push(
      transposedConvolution({
        name: `${name}/${step}`,
        dimensions: sides.length as Dimensions,
        size: 4,
        inputs,
        outputs,
        stride: 2,
      }),
      batchNorm({ name: `${name}/${step}/norm`, channels: outputs }),
      functionLayer(relu),
    );
    current = [...current.slice(0, -1).map((side) => 2 * side), outputs];
  }
  return sequence([...steps, patchDecoder({ name: `${name}/output`, mapShape: current, sides, channels })]);
}

/** [N, h, w, s·s·C] to [N, H, W, C] (and [N, l, s·C] to [N, L, C]); what is left over at the ends is cut. */
function patchesToSamples(
  patches: Tensor,
  scales: readonly number[],
  sides: readonly number[],
  channels: number,
): Tensor {
  const [count, ...rest] = patches.shape as [number, ...number[]];
  const grid = rest.slice(0, -1);
  const apart = tf.reshape(patches, [count, ...grid, ...scales, channels]);
  const axes = grid.flatMap((_, axis) => [1 + axis, 1 + grid.length + axis]);
  const woven = tf.transpose(apart, [0, ...axes, 1 + 2 * grid.length]);
  const whole = tf.reshape(woven, [count, ...grid.map((side, axis) => side * scales[axis]!), channels]);
  return tf.slice(whole, new Array(whole.rank).fill(0), [count, ...sides, channels]);
}
