/** StagerNet (Chambon et al. 2018; Banville et al. 2021), made for sleep stages. Parameters as selfEEG's. */
import { z } from 'zod';
import { relu } from '../../../tensor/index.ts';
import { electrodeMixing, timeConvolution } from '../../layers/electrodes.ts';
import { functionLayer, sequence } from '../../layers/layer.ts';
import { largestInTime } from '../../layers/temporal-pooling.ts';
import { defineEncoder } from '../encoder.ts';
import { placesInside, signalEncoder } from './network.ts';
import { filtersField, placesField, pointsField, pointsOf } from './options.ts';

/** Points that become one behind each convolution: the paper's eighth of a second. */
export function poolOf({ pool }: { pool: number }, length: number, samplingRate: number | undefined): number {
  const eighth = { seconds: 0.125, points: 16 };
  return pointsOf(pool, eighth, samplingRate, { most: Math.floor(Math.sqrt(length)) });
}

export const stagerNet = defineEncoder({
  id: 'stager-net',
  title: 'StagerNet',
  summary:
    'Electrodes are mixed to as many virtual ones, each then filtered twice along time. Small, made for sleep stages in windows of half a minute; used for self-supervised learning from EEG.',
  modalities: ['signal'],
  options: z.strictObject({
    filters: filtersField('Filters', 'Filters along time, for every virtual electrode.', 8),
    kernelSize: pointsField('Kernel', 'Length of the filters; the paper’s is half a second.'),
    pool: pointsField(
      'Pooling',
      'Points of which the largest stays, twice; the paper’s is an eighth of a second, or what the window has room for.',
      512,
    ),
    places: placesField,
  }),
  build(options, inputShape, { samplingRate }) {
    const { filters } = options;
    const [length, electrodes] = inputShape as [number, number];
    const half = { seconds: 0.5, points: 64 };
    const size = pointsOf(options.kernelSize, half, samplingRate, { most: length });
    const pool = poolOf(options, length, samplingRate);
    const rectified = functionLayer(relu);
    const stage = (index: number) => ({
      layer: sequence([
        timeConvolution({
          name: `encoder/time${index}`,
          size,
          inputs: index === 0 ? 1 : filters,
          outputs: filters,
        }),
        rectified,
        largestInTime(pool),
      ]),
      places: (points: number) => placesInside(points, pool, pool),
      ends: electrodes * filters,
    });
    return signalEncoder({
      inputShape,
      leastLength: pool ** 2,
      places: options.places,
      blocks: [{ layer: electrodeMixing('encoder/electrodes', electrodes) }, stage(0), stage(1)],
    });
  },
});
