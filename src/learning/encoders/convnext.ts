/** ConvNeXt (Liu et al. 2022), in sizes for small images and signals. */
import { z } from 'zod';
import { addBias, conv1d, conv2d } from '../../tensor/index.ts';
import { integerField } from '../../contract/fields.ts';
import { convNextBlock } from '../layers/convnext-block.ts';
import { sideAfter, type Dimensions } from '../layers/convolution.ts';
import { layerNorm } from '../layers/layer-norm.ts';
import { sequence, variable, type Layer } from '../layers/layer.ts';
import { convolutionalEncoder, defineEncoder } from './encoder.ts';
import { stageShapes, stageStrides, stageWidths } from './stages.ts';

/** The first layer leaves about so many places along each side, by the number of sides. */
const PLACES: Readonly<Record<number, number>> = { 1: 64, 2: 16 };
const LARGEST_STEM = 16;

export const convNext = defineEncoder({
  id: 'convnext',
  title: 'ConvNeXt',
  summary:
    'A convolutional network built like a transformer: large kernels for each channel alone, then a small network at every place. No batch statistics, so batches of any size and make do.',
  options: z.strictObject({
    width: integerField({
      title: 'Width',
      help: 'Channels of the first stage; each stage doubles them. More learns more and takes longer.',
      minimum: 4,
      maximum: 256,
      default: 32,
      unit: 'channels',
    }),
    depth: integerField({
      title: 'Depth',
      help: 'Blocks in each stage.',
      minimum: 1,
      maximum: 12,
      default: 1,
      unit: 'blocks',
    }),
    stages: integerField({
      title: 'Stages',
      help: 'Stages; each but the first halves the sides, or the length.',
      minimum: 1,
      maximum: 5,
      default: 3,
    }),
    features: integerField({
      title: 'Features',
      help: 'Numbers that describe a sample in the end: the channels of the last stage.',
      minimum: 8,
      maximum: 2048,
      default: 128,
    }),
    kernelSize: integerField({
      title: 'Kernel size',
      help: 'Places along a side, or along time, that a block looks at.',
      minimum: 3,
      maximum: 63,
      default: 7,
      unit: 'places',
    }),
    patch: integerField({
      title: 'First patch',
      help: 'Pixels (or points in time) along a side that the first layer makes one place of; 0 fits it to the data.',
      minimum: 0,
      maximum: 64,
      default: 0,
      advanced: true,
    }),
  }),
  build({ width, depth, stages, features, kernelSize, patch }, inputShape) {
    const sides = inputShape.slice(0, -1);
    const dimensions = sides.length as Dimensions;
    const stride = patch || fittingStem(sides);
    const widths = stageWidths(width, stages, features);
    const network = (stage: number) =>
      Array.from({ length: depth }, (_, index) => ({
        endsStage: index === depth - 1,
        layer: convNextBlock({
          name: `encoder/stage${stage}/block${index}`,
          dimensions,
          channels: widths[stage]!,
          kernelSize,
        }),
      }));
    const blocks = widths.flatMap((outputs, stage) => [
      { layer: stage === 0 ? stem() : reduction(stage, outputs), endsStage: false },
      ...network(stage),
    ]);
    const last = blocks.at(-1)!;
    last.layer = sequence([last.layer, layerNorm('encoder/norm', widths.at(-1)!)]);
    return convolutionalEncoder({
      inputShape,
      blocks,
      stageShapes: stageShapes(
        sides.map((side) => sideAfter(side, stride)),
        widths,
        stageStrides(stages),
      ),
    });

    function stem(): Layer {
      const name = 'encoder/stem';
      const outputs = widths[0]!;
      return sequence([
        patches({ name, dimensions, size: stride, inputs: inputShape.at(-1)!, outputs }),
        layerNorm(`${name}/norm`, outputs),
      ]);
    }

    function reduction(stage: number, outputs: number): Layer {
      const name = `encoder/stage${stage}/reduction`;
      const inputs = widths[stage - 1]!;
      return sequence([
        layerNorm(`${name}/norm`, inputs),
        patches({ name, dimensions, size: 2, inputs, outputs }),
      ]);
    }
  },
});

/** The power of two that leaves about as many places as a small network can look over. */
function fittingStem(sides: readonly number[]): number {
  const wanted = Math.min(...sides) / PLACES[sides.length]!;
  return Math.max(2, Math.min(LARGEST_STEM, 2 ** Math.round(Math.log2(Math.max(1, wanted)))));
}

interface PatchOptions {
  name: string;
  dimensions: Dimensions;
  /** Side of the patches, which do not overlap. */
  size: number;
  inputs: number;
  outputs: number;
}

/** Every patch becomes one place: a convolution that steps by its own size, with bias. */
function patches({ name, dimensions, size, inputs, outputs }: PatchOptions): Layer {
  const [kernel, bias] = [`${name}/kernel`, `${name}/bias`];
  const deviation = Math.sqrt(1 / (inputs * size ** dimensions));
  const convolve = dimensions === 2 ? conv2d : conv1d;
  const shape = [...new Array<number>(dimensions).fill(size), inputs, outputs];
  return {
    parameters: [
      { name: kernel, shape, initial: { kind: 'normal', deviation } },
      { name: bias, shape: [outputs], initial: { kind: 'constant', value: 0 } },
    ],
    statistics: [],
    apply: (x, pass) =>
      addBias(convolve(x, variable(pass.parameters, kernel), size, 'same'), variable(pass.parameters, bias)),
  };
}
