/** TinySleepNet (Supratak and Guo 2020) for one epoch of sleep. Parameters as selfEEG's. */
import { z } from 'zod';
import { integerField } from '../../../contract/fields.ts';
import { relu } from '../../../tensor/index.ts';
import { batchNorm } from '../../layers/batch-norm.ts';
import { channelDropout } from '../../layers/dropout.ts';
import { alongTime, timeConvolution } from '../../layers/electrodes.ts';
import { functionLayer, sequence, type Layer } from '../../layers/layer.ts';
import { longShortTermMemory } from '../../layers/recurrent.ts';
import { largestInTime } from '../../layers/temporal-pooling.ts';
import { defineEncoder } from '../encoder.ts';
import { placesInside, signalEncoder } from './network.ts';
import { dropoutField, filtersField, pointsField, pointsOf } from './options.ts';

const LATER_SIZE = 8;
const LATER_LAYERS = 3;

/** Steps of the first filters: a sixteenth of a second, parts of a point cut off, as selfEEG does. */
export const strideOf = ({ stride }: { stride: number }, samplingRate: number | undefined): number =>
  stride || (samplingRate === undefined ? 6 : Math.max(1, Math.floor(samplingRate / 16)));

export const tinySleepNet = defineEncoder({
  id: 'tiny-sleep-net',
  title: 'TinySleepNet',
  summary:
    'A wide first convolution, three narrow ones and a recurrent layer over what they leave. Made for sleep stages: windows of half a minute; shorter ones than some seconds are filled up.',
  modalities: ['signal'],
  options: z.strictObject({
    filters: filtersField('Filters', 'Filters of every convolution.', 128),
    units: integerField({
      title: 'Units',
      help: 'Units of the recurrent layer: the features.',
      minimum: 8,
      maximum: 1024,
      default: 128,
    }),
    kernelSize: pointsField('Kernel', 'Length of the first filters; the paper’s is half a second.'),
    stride: pointsField('Step', 'Step of the first filters; the paper’s is a sixteenth of a second.', 512),
    pool: integerField({
      title: 'Pooling',
      help: 'Points of which the largest stays after the first convolution; half as many after the last.',
      minimum: 2,
      maximum: 64,
      default: 8,
      unit: 'points',
      advanced: true,
    }),
    dropout: dropoutField(0.5),
  }),
  build(options, inputShape, { samplingRate }) {
    const { filters, units, pool } = options;
    const [length, channels] = inputShape as [number, number];
    const half = { seconds: 0.5, points: 50 };
    const size = pointsOf(options.kernelSize, half, samplingRate, { most: length });
    const stride = strideOf(options, samplingRate);
    const secondPool = Math.floor(pool / 2);
    const lost = LATER_LAYERS * (LATER_SIZE - 1);
    const drop = (at: number) => channelDropout(`encoder/dropout${at}`, options.dropout);
    const unit = (index: number, reach: number, inputs: number, step: number): Layer =>
      sequence([
        timeConvolution({
          name: `encoder/time${index}`,
          size: reach,
          stride: step,
          inputs,
          outputs: filters,
          padding: 'valid',
        }),
        batchNorm({ name: `encoder/time${index}/norm`, channels: filters }),
        functionLayer(relu),
      ]);
    const later = Array.from({ length: LATER_LAYERS }, (_, index) => unit(index + 1, LATER_SIZE, filters, 1));
    return signalEncoder({
      inputShape,
      channelsTogether: true,
      leastLength: ((secondPool + lost) * pool - 1) * stride + size,
      places: 0,
      lastPlace: true,
      blocks: [
        {
          layer: sequence([unit(0, size, channels, stride), largestInTime(pool), drop(0)]),
          places: (points) => placesInside(placesInside(points, size, stride), pool, pool),
          ends: filters,
        },
        {
          layer: sequence([...later, largestInTime(secondPool), drop(1)]),
          places: (points) => placesInside(points - lost, secondPool, secondPool),
          ends: filters,
        },
        { layer: alongTime(longShortTermMemory('encoder/recurrent', filters, units)), ends: units },
      ],
    });
  },
});
