/** EEG-Inception (Santamaría-Vázquez et al. 2020): filters of several lengths side by side. Parameters as selfEEG's. */
import { z } from 'zod';
import { integerField } from '../../../contract/fields.ts';
import { tf } from '../../../tensor/index.ts';
import { batchNorm } from '../../layers/batch-norm.ts';
import { dropout } from '../../layers/dropout.ts';
import { electrodeDepthwise, timeConvolution } from '../../layers/electrodes.ts';
import { functionLayer, sequence, sideBySide, type Layer } from '../../layers/layer.ts';
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

/** The last kernels are a sixteenth of the first. */
const LEAST_KERNEL = 16;

export const eegInception = defineEncoder({
  id: 'eeg-inception',
  title: 'EEG-Inception',
  summary:
    'Filters of half, a quarter and an eighth of a second side by side, over each electrode and then over all. Made for evoked responses in EEG.',
  modalities: ['signal'],
  options: z.strictObject({
    filters: filtersField('Filters', 'Filters of every branch.', 8),
    multiplier: mixturesField,
    kernelSize: pointsField(
      'Kernel',
      'Length of the longest filters, 16 points or more; the paper’s is half a second.',
    ),
    pool: integerField({
      title: 'Pooling',
      help: 'Points that become one after the first branches, and half as many three times more.',
      minimum: 2,
      maximum: 32,
      default: 4,
      unit: 'points',
      advanced: true,
    }),
    dropout: dropoutField(0.5),
    maxNorm: maxNormField(1),
    places: placesField,
  }),
  build(options, inputShape, { samplingRate }) {
    const { filters, multiplier, pool, maxNorm } = options;
    const [length, electrodes] = inputShape as [number, number];
    const paper = { seconds: 0.5, points: 64 };
    const whole = pointsOf(options.kernelSize, paper, samplingRate, { least: LEAST_KERNEL, most: length });
    const size = Math.max(LEAST_KERNEL, whole);
    const half = Math.floor(pool / 2);
    const part = (share: number) => Math.floor(size / share);

    const finish = (name: string, channels: number): Layer[] => [
      batchNorm({ name: `${name}/norm`, channels }),
      functionLayer(tf.elu),
      dropout(`${name}/dropout`, options.dropout),
    ];
    const unit = (name: string, reach: number, inputs: number, outputs: number): Layer =>
      sequence([timeConvolution({ name, size: reach, inputs, outputs }), ...finish(name, outputs)]);
    const overElectrodes = (index: number): Layer => {
      const name = `encoder/first${index}`;
      return sequence([
        unit(`${name}/time`, part(2 ** index), 1, filters),
        electrodeDepthwise({ name: `${name}/electrodes`, electrodes, filters, multiplier, maxNorm }),
        ...finish(`${name}/electrodes`, filters * multiplier),
      ]);
    };
    const wide = 3 * filters * multiplier;
    const three = 3 * filters;
    const narrow = [Math.floor(three / 2), Math.floor(three / 4)] as const;
    const pooled = (layer: Layer, by: number, ends: number) => ({
      layer: sequence([layer, averageInTime(by)]),
      places: (points: number) => placesInside(points, by, by),
      ends,
    });
    const second = (index: number) => unit(`encoder/second${index}`, part(2 ** (index + 2)), wide, filters);
    return signalEncoder({
      inputShape,
      leastLength: pool * half ** 3,
      places: options.places,
      blocks: [
        pooled(sideBySide([0, 1, 2].map(overElectrodes)), pool, wide),
        pooled(sideBySide([0, 1, 2].map(second)), half, three),
        pooled(unit('encoder/third', part(8), three, narrow[0]), half, narrow[0]),
        pooled(unit('encoder/fourth', part(16), narrow[0], narrow[1]), half, narrow[1]),
      ],
    });
  },
});
