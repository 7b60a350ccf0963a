/** Shallow ConvNet (Schirrmeister et al. 2017): the logarithm of band power, learned. Parameters as selfEEG's. */
import { z } from 'zod';
import { tf, type Tensor } from '../../../tensor/index.ts';
import { batchNorm } from '../../layers/batch-norm.ts';
import { dropout } from '../../layers/dropout.ts';
import { timeThenElectrodes } from '../../layers/electrodes.ts';
import { functionLayer, sequence } from '../../layers/layer.ts';
import { averageInTime } from '../../layers/temporal-pooling.ts';
import { defineEncoder } from '../encoder.ts';
import { placesInside, signalEncoder } from './network.ts';
import { dropoutField, filterAndPool, filtersField, placesField, pointsField } from './options.ts';

/** Powers outside of these count as these. */
const [LEAST_POWER, MOST_POWER] = [1e-7, 1e4];
const logarithm = (x: Tensor): Tensor => tf.log(tf.minimum(tf.maximum(x, LEAST_POWER), MOST_POWER));

export const shallowConvNet = defineEncoder({
  id: 'shallow-conv-net',
  title: 'Shallow ConvNet',
  summary:
    'One layer of filters over time and electrodes, squared, averaged and put in logarithms: band power as a network learns it. For EEG and EMG where the power of a band is the answer.',
  modalities: ['signal'],
  options: z.strictObject({
    filters: filtersField('Filters', 'Filters over time and electrodes.', 40),
    kernelSize: pointsField('Kernel', 'Length of the filters; the paper’s is a tenth of a second.'),
    pool: pointsField('Pooling', 'Stretch over which power is averaged; the paper’s is 0.3 seconds.'),
    poolStride: pointsField('Step of the pooling', 'The paper’s is 0.06 seconds.'),
    dropout: dropoutField(0.5),
    places: placesField,
  }),
  build(options, inputShape, { samplingRate }) {
    const { filters } = options;
    const [length, electrodes] = inputShape as [number, number];
    const { size, pool, stride } = filterAndPool(options, length, samplingRate);
    const power = sequence([
      timeThenElectrodes({ name: 'encoder', electrodes, size, filters }),
      batchNorm({ name: 'encoder/norm', channels: filters }),
      functionLayer(tf.square),
      averageInTime(pool, stride),
      functionLayer(logarithm),
      dropout('encoder/dropout', options.dropout),
    ]);
    return signalEncoder({
      inputShape,
      leastLength: size + pool - 1,
      places: options.places,
      blocks: [
        { layer: power, places: (whole) => placesInside(whole - size + 1, pool, stride), ends: filters },
      ],
    });
  },
});
