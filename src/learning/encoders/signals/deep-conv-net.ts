/** Deep ConvNet (Schirrmeister et al. 2017): four blocks of convolution and pooling. Parameters as selfEEG's. */
import { z } from 'zod';
import { integerField } from '../../../contract/fields.ts';
import { tf } from '../../../tensor/index.ts';
import { batchNorm } from '../../layers/batch-norm.ts';
import { dropout } from '../../layers/dropout.ts';
import { timeConvolution, timeThenElectrodes } from '../../layers/electrodes.ts';
import { functionLayer, sequence } from '../../layers/layer.ts';
import { largestInTime } from '../../layers/temporal-pooling.ts';
import { defineEncoder } from '../encoder.ts';
import { placesInside, signalEncoder, type SignalBlock } from './network.ts';
import { dropoutField, filtersField, maxNormField, placesField, pointsField, pointsOf } from './options.ts';

const MOST_BLOCKS = 4;

export const deepConvNet = defineEncoder({
  id: 'deep-conv-net',
  title: 'Deep ConvNet',
  summary:
    'Filters over time and electrodes, then blocks of convolution and pooling, each with twice the filters. For EEG with many samples; wants windows of some seconds.',
  modalities: ['signal'],
  options: z.strictObject({
    filters: filtersField('Filters', 'Filters of the first block; each block doubles them.', 25),
    kernelSize: pointsField('Kernel', 'Length of every block’s filters; the paper’s is 0.04 seconds.', 512),
    pool: integerField({
      title: 'Pooling',
      help: 'Points of which the largest stays, at the end of each block.',
      minimum: 2,
      maximum: 16,
      default: 3,
      unit: 'points',
    }),
    blocks: integerField({
      title: 'Blocks',
      help: 'Blocks of convolution and pooling; 0 takes the paper’s four, or as many of them as the window has room for.',
      minimum: 0,
      maximum: 6,
      default: 0,
      unit: 'blocks',
    }),
    dropout: dropoutField(0.5),
    maxNorm: maxNormField(0),
    places: placesField,
  }),
  build(options, inputShape, { samplingRate }) {
    const { filters, pool, maxNorm } = options;
    const [length, electrodes] = inputShape as [number, number];
    const paper = { seconds: 0.04, points: 10 };
    const size = pointsOf(options.kernelSize, paper, samplingRate, { least: 2, most: Math.ceil(length / 4) });
    const after = (points: number) => placesInside(points - size + 1, pool, pool);
    const count = options.blocks || blocksThatFit(length, after);
    const blocks = Array.from({ length: count }, (_, index): SignalBlock => {
      const name = `encoder/block${index}`;
      const outputs = filters * 2 ** index;
      const convolution =
        index === 0
          ? timeThenElectrodes({ name, electrodes, size, filters, maxNorm })
          : timeConvolution({
              name: `${name}/time`,
              size,
              inputs: outputs / 2,
              outputs,
              padding: 'valid',
              maxNorm,
            });
      return {
        layer: sequence([
          convolution,
          batchNorm({ name: `${name}/norm`, channels: outputs }),
          functionLayer(tf.elu),
          largestInTime(pool),
          dropout(`${name}/dropout`, options.dropout),
        ]),
        places: after,
        ends: outputs,
      };
    });
    let leastLength = 1;
    for (let block = 0; block < count; block++) leastLength = leastLength * pool + size - 1;
    return signalEncoder({ inputShape, leastLength, places: options.places, blocks });
  },
});

function blocksThatFit(length: number, after: (points: number) => number): number {
  let count = 0;
  for (let points = after(length); points >= 1 && count < MOST_BLOCKS; points = after(points)) count++;
  return Math.max(1, count);
}
