/** Residual convolutional network for images (He et al. 2016), with a stem that fits the size of the images. */
import { z } from 'zod';
import { integerField } from '../../contract/fields.ts';
import { convolutionUnit, maxPool, sideAfter } from '../layers/convolution.ts';
import { sequence } from '../layers/layer.ts';
import { convolutionalEncoder, defineEncoder } from './encoder.ts';
import { residualStages, stageShapes, stageStrides, stageWidths } from './stages.ts';

/** Images with a shorter side below this keep their resolution until the second stage. */
const LARGE_SIDE = 64;

export const residual = defineEncoder({
  id: 'residual',
  title: 'Residual network',
  summary:
    'Convolutions in blocks that add to their input. The safe choice for images of any size: small images enter at full resolution, large ones are reduced first.',
  modalities: ['image'],
  options: z.strictObject({
    width: integerField({
      title: 'Width',
      help: 'Channels of the first stage; each stage doubles them. More learns more and takes longer.',
      minimum: 4,
      maximum: 256,
      default: 16,
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
      help: 'Stages; each but the first halves the sides of the image.',
      minimum: 1,
      maximum: 5,
      default: 4,
    }),
    features: integerField({
      title: 'Features',
      help: 'Numbers that describe an image in the end: the channels of the last stage.',
      minimum: 8,
      maximum: 2048,
      default: 128,
    }),
  }),
  build({ width, depth, stages, features }, inputShape) {
    const [height, whole, channels] = inputShape as [number, number, number];
    const large = Math.min(height, whole) >= LARGE_SIDE;
    const widths = stageWidths(width, stages, features);
    const sides = [height, whole].map((side) => (large ? sideAfter(sideAfter(side, 2), 2) : side));
    const stem = convolutionUnit({
      name: 'encoder/stem',
      dimensions: 2,
      size: large ? 7 : 3,
      inputs: channels,
      outputs: widths[0]!,
      stride: large ? 2 : 1,
    });
    const blocks = residualStages({ dimensions: 2, widths, depth, kernelSize: 3 });
    return convolutionalEncoder({
      inputShape,
      stageShapes: stageShapes(sides, widths, stageStrides(stages)),
      blocks: [{ layer: large ? sequence([stem, maxPool(2)]) : stem, endsStage: false }, ...blocks],
    });
  },
});
