/** Residual convolutional network along time, for signals of any number of channels. */
import { z } from 'zod';
import { integerField } from '../../contract/fields.ts';
import { convolutionUnit, sideAfter } from '../layers/convolution.ts';
import { convolutionalEncoder, defineEncoder } from './encoder.ts';
import { residualStages, stageShapes, stageStrides, stageWidths } from './stages.ts';

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
  }),
  build({ width, depth, stages, features, kernelSize, stemStride }, inputShape) {
    const [length, channels] = inputShape as [number, number];
    const widths = stageWidths(width, stages, features);
    const stem = convolutionUnit({
      name: 'encoder/stem',
      dimensions: 1,
      size: Math.max(7, kernelSize),
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
