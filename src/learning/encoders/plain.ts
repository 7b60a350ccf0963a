/** A small plain convolutional network for images: the quickest encoder, and one to compare others with. */
import { z } from 'zod';
import { integerField } from '../../contract/fields.ts';
import { convolutionUnit, maxPool } from '../layers/convolution.ts';
import { sequence } from '../layers/layer.ts';
import { convolutionalEncoder, defineEncoder } from './encoder.ts';
import { stageShapes, stageStrides, stageWidths } from './stages.ts';

export const plain = defineEncoder({
  id: 'plain',
  title: 'Plain convolutional network',
  summary: 'One convolution a stage and pooling between them. Quick, for a first try or very small images.',
  modalities: ['image'],
  options: z.strictObject({
    width: integerField({
      title: 'Width',
      help: 'Channels of the first stage; each stage doubles them.',
      minimum: 4,
      maximum: 256,
      default: 16,
      unit: 'channels',
    }),
    stages: integerField({
      title: 'Stages',
      help: 'Convolutions; between them the sides are halved.',
      minimum: 1,
      maximum: 6,
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
  build({ width, stages, features }, inputShape) {
    const channels = inputShape.at(-1)!;
    const widths = stageWidths(width, stages, features);
    const blocks = widths.map((outputs, stage) => {
      const unit = convolutionUnit({
        name: `encoder/stage${stage}`,
        dimensions: 2,
        size: 3,
        inputs: widths[stage - 1] ?? channels,
        outputs,
      });
      return { layer: stage === 0 ? unit : sequence([maxPool(2), unit]), endsStage: true };
    });
    return convolutionalEncoder({
      inputShape,
      blocks,
      stageShapes: stageShapes(inputShape.slice(0, -1), widths, stageStrides(stages)),
    });
  },
});
