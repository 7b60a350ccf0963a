/** EEGNet (Lawhern et al. 2018), with the layers and parameters of selfEEG's. */
import { z } from 'zod';
import { integerField } from '../../../contract/fields.ts';
import { tf } from '../../../tensor/index.ts';
import { batchNorm } from '../../layers/batch-norm.ts';
import { dropout } from '../../layers/dropout.ts';
import { electrodeDepthwise, timeConvolution, timeDepthwise } from '../../layers/electrodes.ts';
import { functionLayer, sequence } from '../../layers/layer.ts';
import { averageInTime } from '../../layers/temporal-pooling.ts';
import { defineEncoder } from '../encoder.ts';
import { placesInside, signalEncoder } from './network.ts';
import {
  dropoutField,
  filtersField,
  maxNormField,
  mixturesField,
  placesField,
  pointsField,
  pointsOf,
} from './options.ts';

export const eegNet = defineEncoder({
  id: 'eegnet',
  title: 'EEGNet',
  summary:
    'Few filters along time, each mixed over the electrodes in its own ways: some thousand weights for EEG and other signals of many electrodes, where little is labeled.',
  modalities: ['signal'],
  options: z.strictObject({
    filters: filtersField('Filters', 'Filters along time, shared by all electrodes.', 8),
    multiplier: mixturesField,
    laterFilters: filtersField(
      'Later filters',
      'Filters of the last layer; the paper takes filters times mixtures.',
      16,
    ),
    kernelSize: pointsField('Kernel', 'Length of the first filters; the paper’s is half a second.'),
    laterKernelSize: integerField({
      title: 'Later kernel',
      help: 'Length of the last layer’s filters, in points after the first pooling.',
      minimum: 1,
      maximum: 512,
      default: 16,
      unit: 'points',
      advanced: true,
    }),
    firstPool: integerField({
      title: 'First pooling',
      help: 'Points that become one after the electrodes are mixed.',
      minimum: 1,
      maximum: 128,
      default: 4,
      unit: 'points',
      advanced: true,
    }),
    secondPool: integerField({
      title: 'Second pooling',
      help: 'Points that become one after the last layer.',
      minimum: 1,
      maximum: 128,
      default: 8,
      unit: 'points',
      advanced: true,
    }),
    dropout: dropoutField(0.5),
    maxNorm: maxNormField(1),
    places: placesField,
  }),
  build(options, inputShape, { samplingRate }) {
    const { filters, multiplier, laterFilters, laterKernelSize, firstPool, secondPool, maxNorm } = options;
    const [length, electrodes] = inputShape as [number, number];
    const paper = { seconds: 0.5, points: 64 };
    const size = pointsOf(options.kernelSize, paper, samplingRate, { most: length });
    const wide = filters * multiplier;
    const elu = functionLayer(tf.elu);
    const first = sequence([
      electrodeDepthwise({ name: 'encoder/electrodes', electrodes, filters, multiplier, maxNorm }),
      batchNorm({ name: 'encoder/electrodes/norm', channels: wide }),
      elu,
      averageInTime(firstPool),
      dropout('encoder/electrodes/dropout', options.dropout),
    ]);
    const second = sequence([
      timeDepthwise('encoder/separable/depthwise', laterKernelSize, wide),
      timeConvolution({
        name: 'encoder/separable/mix',
        size: 1,
        inputs: wide,
        outputs: laterFilters,
        bias: false,
      }),
      batchNorm({ name: 'encoder/separable/norm', channels: laterFilters }),
      elu,
      averageInTime(secondPool),
      dropout('encoder/separable/dropout', options.dropout),
    ]);
    const time = sequence([
      timeConvolution({ name: 'encoder/time', size, inputs: 1, outputs: filters, bias: false }),
      batchNorm({ name: 'encoder/time/norm', channels: filters }),
    ]);
    return signalEncoder({
      inputShape,
      leastLength: firstPool * secondPool,
      places: options.places,
      blocks: [
        { layer: time },
        { layer: first, places: (points) => placesInside(points, firstPool, firstPool), ends: wide },
        {
          layer: second,
          places: (points) => placesInside(points, secondPool, secondPool),
          ends: laterFilters,
        },
      ],
    });
  },
});
