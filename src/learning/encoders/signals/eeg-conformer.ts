/** EEG Conformer (Song et al. 2023): convolutions make tokens of time, which then look at each other. As braindecode's. */
import { z } from 'zod';
import { integerField } from '../../../contract/fields.ts';
import { gelu, tf } from '../../../tensor/index.ts';
import { batchNorm } from '../../layers/batch-norm.ts';
import { dropout } from '../../layers/dropout.ts';
import { alongTime, timeConvolution, timeThenElectrodes } from '../../layers/electrodes.ts';
import { layerNorm } from '../../layers/layer-norm.ts';
import { aroundInput, functionLayer, sequence, type Layer } from '../../layers/layer.ts';
import { pointwise } from '../../layers/perceptron.ts';
import { averageInTime } from '../../layers/temporal-pooling.ts';
import { selfAttention } from '../../layers/transformer.ts';
import { defineEncoder, sharedByHeads } from '../encoder.ts';
import { placesInside, signalEncoder, type SignalBlock } from './network.ts';
import { dropoutField, filterAndPool, filtersField, placesField, pointsField } from './options.ts';

const EXPANSION = 4;
const NORM_EPSILON = 1e-5;

export const eegConformer = defineEncoder({
  id: 'eeg-conformer',
  title: 'EEG Conformer',
  summary:
    'Filters over time and electrodes make tokens of about 0.3 seconds, which then look at each other. For EEG in windows of some seconds.',
  modalities: ['signal'],
  options: z
    .strictObject({
      filters: filtersField('Filters', 'Filters, and numbers of a token. A multiple of the heads.', 40),
      kernelSize: pointsField('Kernel', 'Length of the filters; the paper’s is a tenth of a second.'),
      pool: pointsField('Pooling', 'Stretch that becomes one token; the paper’s is 0.3 seconds.'),
      poolStride: pointsField('Step of the pooling', 'The paper’s is 0.06 seconds.'),
      depth: integerField({
        title: 'Depth',
        help: 'Blocks of attention and perceptron.',
        minimum: 1,
        maximum: 24,
        default: 6,
        unit: 'blocks',
      }),
      heads: integerField({
        title: 'Heads',
        help: 'Ways of looking at the other tokens in each block.',
        minimum: 1,
        maximum: 32,
        default: 10,
      }),
      dropout: dropoutField(0.5),
      places: placesField,
    })
    .refine(...sharedByHeads('filters')),
  build(options, inputShape, { samplingRate }) {
    const { filters, heads } = options;
    const [length, electrodes] = inputShape as [number, number];
    const { size, pool, stride } = filterAndPool(options, length, samplingRate);
    const tokens = sequence([
      timeThenElectrodes({ name: 'encoder', electrodes, size, filters }),
      batchNorm({ name: 'encoder/norm', channels: filters }),
      functionLayer(tf.elu),
      averageInTime(pool, stride),
      dropout('encoder/dropout', options.dropout),
      timeConvolution({ name: 'encoder/projection', size: 1, inputs: filters, outputs: filters }),
    ]);
    const block = (index: number): SignalBlock => ({
      layer: alongTime(transformerBlock(`encoder/block${index}`, filters, heads, options.dropout)),
      ends: filters,
    });
    return signalEncoder({
      inputShape,
      leastLength: size + pool - 1,
      places: options.places,
      blocks: [
        {
          layer: tokens,
          places: (whole) => placesInside(whole - size + 1, pool, stride),
        },
        ...Array.from({ length: options.depth }, (_, index) => block(index)),
      ],
    });
  },
});

/** x + attention(norm(x)), then x + perceptron(norm(x)), each with dropout: [N, T, width]. */
function transformerBlock(name: string, width: number, heads: number, rate: number): Layer {
  const drop = (part: string) => dropout(`${name}/${part}/dropout`, rate);
  const attention = sequence([
    layerNorm(`${name}/attention/norm`, width, NORM_EPSILON),
    selfAttention({ name: `${name}/attention`, width, heads, dropout: rate }),
    drop('attention'),
  ]);
  const mix = sequence([
    layerNorm(`${name}/mix/norm`, width, NORM_EPSILON),
    pointwise(`${name}/mix/widen`, width, EXPANSION * width),
    functionLayer(gelu),
    drop('mix/widen'),
    pointwise(`${name}/mix/narrow`, EXPANSION * width, width),
    drop('mix'),
  ]);
  return sequence([aroundInput(attention), aroundInput(mix)]);
}
