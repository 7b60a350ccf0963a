/** Temporal neighbourhood coding: neighbours in time are of one kind, windows far away of another, or perhaps not. */
import { z } from 'zod';
import { numberField } from '../../../../contract/fields.ts';
import { tf, type Scalar, type Tensor } from '../../../../tensor/index.ts';
import { projection } from '../../../layers/dense.ts';
import { meanOfCounted } from '../../../losses/counted-contrast.ts';
import { neighbourhoodLoss } from '../../../losses/neighbourhood.ts';
import { windowTraining } from '../../parts/proposed-training.ts';
import {
  apart,
  complete,
  farField,
  farInField,
  headWidthField,
  nearAndFar,
  nearField,
  previewOfWindows,
  requireOrder,
  severalWindowViews,
  windowViews,
} from '../../parts/several-windows.ts';
import { definePretextTask, pretextModel } from '../../task.ts';

const options = z.strictObject({
  near: nearField('How far apart two windows may begin that are neighbours.', 2),
  far: farField('How far apart two windows must begin at least that are none.', 12),
  farIn: farInField(),
  unlabeledWeight: numberField({
    title: 'Alike far away',
    help: 'How likely a window far away is of the same kind as the sample: such windows are not held to be different.',
    minimum: 0,
    maximum: 0.5,
    default: 0.05,
  }),
  hidden: headWidthField(256),
  signalViews: severalWindowViews(),
});

export const neighbourhoodCoding = definePretextTask({
  id: 'neighbourhood-coding',
  title: 'Temporal neighbourhood coding',
  summary:
    'Learns to tell windows that are neighbours in time from windows far away, in the same recording or in others of its group, and allows for these to be of the same kind. What tells recordings apart is of no help, unlike in a contrast of neighbours. For recordings that go through states which last for some windows and may come again.',
  paper: {
    authors: 'Tonekaboni, Eytan, Goldenberg',
    year: 2021,
    title: 'Unsupervised Representation Learning for Time Series with Temporal Neighborhood Coding',
    url: 'https://arxiv.org/abs/2106.00750',
  },
  modalities: ['signal'],
  family: 'predictive',
  asks: ['companions', 'found'],
  companions: nearAndFar,
  pseudoLabel: 'Whether two windows are neighbours in time.',
  healthy:
    'The loss starts near 0.69 and accuracy at 0.5, which is chance. The loss falls slowly and does not reach 0, as windows far away may be of the same kind. If accuracy stays at 0.5, make neighbours nearer or others farther.',
  options,
  check: requireOrder,
  defaults: (context) => ({ options: {}, training: windowTraining(context, 3) }),
  build({ encoder, options: chosen, modality, channelStatistics }) {
    const head = projection({
      name: 'discriminator',
      inputs: 2 * encoder.featureCount,
      hidden: chosen.hidden,
      outputs: 1,
    });
    return pretextModel({
      encoder,
      heads: [head],
      step({ samples, facts, seed, encode, pass }) {
        const request = { samples, facts, seed, options: chosen, modality, channelStatistics };
        const [own, near, far] = apart(encode(windowViews(request)).features, request);
        const pairs = tf.concat([tf.concat([own!, near!], 1), tf.concat([own!, far!], 1)], 0);
        const logits = tf.reshape(head.apply(pairs, pass), [-1]);
        const [ofNear, ofFar] = tf.split(logits, 2, 0) as [Tensor, Tensor];
        const counted = complete(facts);
        const right = tf.div(
          tf.add(tf.cast(tf.greater(ofNear, 0), 'float32'), tf.cast(tf.lessEqual(ofFar, 0), 'float32')),
          2,
        );
        return {
          loss: neighbourhoodLoss(ofNear, ofFar, chosen.unlabeledWeight, counted),
          metrics: { accuracy: meanOfCounted(right, counted), found: tf.mean(counted) as Scalar },
        };
      },
    });
  },
  preview: (request) =>
    previewOfWindows(request, ['Neighbour', 'Far'], 'the first is a neighbour, the second perhaps alike'),
});
