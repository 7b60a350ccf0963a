/** Residual convolutional network along time, for signals of any number of channels. */
import { z } from 'zod';
import { integerField } from '../../contract/fields.ts';
import { convolutionUnit, sideAfter } from '../layers/convolution.ts';
import { convolutionalEncoder, defineEncoder } from './encoder.ts';
import { residualStages, stageShapes, stageStrides, stageWidths } from './stages.ts';

const MOST_STAGES = 8;
const LEAST_STAGES = 3;
const MOST_STEM_STRIDE = 16;
/** What is faster than half of this is left out by the stem of recordings at higher rates. */
const KEPT_RATE = 100;

interface Sizes {
  depth: number;
  stages: number;
  kernelSize: number;
  stemStride: number;
  stemKernel: number;
}

const stemSize = ({ kernelSize, stemKernel }: Sizes) => stemKernel || Math.max(7, kernelSize);
/** Every point is seen twice or more. */
const fittingStem = (stride: number) => (stride > 3 ? 2 * stride + 1 : 0);

/** Points that one place of the last maps looks at: each convolution adds its kernel but one, in steps of its input. */
export function reachOfStages(sizes: Sizes): number {
  const { depth, stages, kernelSize, stemStride } = sizes;
  let reach = stemSize(sizes);
  let step = stemStride;
  for (let stage = 0; stage < stages; stage++)
    for (let block = 0; block < depth; block++) {
      reach += (kernelSize - 1) * step;
      if (stage > 0 && block === 0) step *= 2;
      reach += (kernelSize - 1) * step;
    }
  return reach;
}

/**
 * A stem that keeps what happens up to 50 times a second, and so many stages that a place of the last maps looks at
 * half of the window or more; where eight stages do not, a stem that steps further.
 *
 * Half, and not all: on the wrist gestures a fourth stage, which looks at all, lost validation accuracy (docs/bench.md).
 */
export function fittingStages(length: number, samplingRate: number | undefined) {
  const byRate = samplingRate === undefined ? 2 : Math.round(samplingRate / KEPT_RATE);
  const fits = (stages: number, stemStride: number) =>
    reachOfStages({ depth: 1, kernelSize: 5, stages, stemStride, stemKernel: fittingStem(stemStride) }) >=
    length / 2;
  let stemStride = Math.max(1, Math.min(MOST_STEM_STRIDE, byRate));
  while (stemStride < MOST_STEM_STRIDE && !fits(MOST_STAGES, stemStride)) stemStride++;
  let stages = LEAST_STAGES;
  while (stages < MOST_STAGES && !fits(stages, stemStride)) stages++;
  return { stages, stemStride, stemKernel: fittingStem(stemStride) };
}

export const residualSignal = defineEncoder({
  id: 'residual',
  title: 'Residual network along time',
  summary:
    'Convolutions along time in blocks that add to their input. All channels are mixed from the first layer on.',
  modalities: ['signal'],
  options: z.strictObject({
    width: integerField({
      title: 'Width',
      help: 'Channels of the first stage; each stage doubles them. More learns more and takes longer.',
      minimum: 4,
      maximum: 512,
      default: 32,
      unit: 'channels',
    }),
    depth: integerField({
      title: 'Depth',
      help: 'Residual blocks in each stage.',
      minimum: 1,
      maximum: 8,
      default: 1,
      unit: 'blocks',
    }),
    stages: integerField({
      title: 'Stages',
      help: 'Stages; each but the first halves the length of the signal.',
      minimum: 1,
      maximum: 8,
      default: 3,
    }),
    features: integerField({
      title: 'Features',
      help: 'Numbers that describe a window in the end: the channels of the last stage.',
      minimum: 8,
      maximum: 2048,
      default: 128,
    }),
    kernelSize: integerField({
      title: 'Kernel size',
      help: 'Points in time that one convolution looks at.',
      minimum: 3,
      maximum: 63,
      default: 5,
      unit: 'points',
    }),
    stemStride: integerField({
      title: 'Stem stride',
      help: 'The first layer keeps every so many points; higher is faster and loses fast changes.',
      minimum: 1,
      maximum: 16,
      default: 2,
      unit: 'points',
      advanced: true,
    }),
    stemKernel: integerField({
      title: 'Stem kernel',
      help: 'Points in time that the first layer looks at; 0 is 7, or the kernel size where that is larger.',
      minimum: 0,
      maximum: 127,
      default: 0,
      unit: 'points',
      advanced: true,
    }),
  }),
  proposes: ([length], { samplingRate }) => fittingStages(length!, samplingRate),
  reach: reachOfStages,
  build({ width, depth, stages, features, kernelSize, stemStride, stemKernel }, inputShape) {
    const [length, channels] = inputShape as [number, number];
    const widths = stageWidths(width, stages, features);
    const stem = convolutionUnit({
      name: 'encoder/stem',
      dimensions: 1,
      size: stemSize({ depth, stages, kernelSize, stemStride, stemKernel }),
      inputs: channels,
      outputs: widths[0]!,
      stride: stemStride,
    });
    const blocks = residualStages({ dimensions: 1, widths, depth, kernelSize });
    return convolutionalEncoder({
      inputShape,
      stageShapes: stageShapes([sideAfter(length, stemStride)], widths, stageStrides(stages)),
      blocks: [{ layer: stem, endsStage: false }, ...blocks],
    });
  },
});
