/** Contrast of neighbours in time: a window must find a neighbour of its own recording among windows of the batch. */
import { z } from 'zod';
import { numberField } from '../../../../contract/fields.ts';
import { tf, wholeBatch, type Scalar, type Tensor } from '../../../../tensor/index.ts';
import { projection } from '../../../layers/dense.ts';
import { pairsAmongCounted } from '../../../losses/counted-contrast.ts';
import { contrastiveTraining } from '../../parts/contrastive-defaults.ts';
import { projectionHiddenField, projectionSizeField } from '../../parts/head-fields.ts';
import { outputSigns } from '../../parts/output-signs.ts';
import {
  apart,
  complete,
  everywhere,
  nearField,
  previewOfWindows,
  windowViews,
} from '../../parts/several-windows.ts';
import { drawNear } from '../../parts/window-draws.ts';
import { signalViewField } from '../../../views/signal.ts';
import { definePretextTask, pretextModel, type SampleFacts } from '../../task.ts';

const options = z.strictObject({
  near: nearField('How far apart two windows may begin that belong together.', 2),
  temperature: numberField({
    title: 'Temperature',
    help: 'Lower makes the task harder: windows must tell apart more similar ones.',
    minimum: 0.01,
    maximum: 2,
    default: 0.1,
  }),
  projectionHidden: projectionHiddenField(),
  projectionSize: projectionSizeField('Numbers in which windows are compared.'),
  signalViews: signalViewField({}, 'Views of each window'),
});

/**
 * Pairs of samples of a batch that lie in one neighbourhood themselves: float32 [N, N]. To tell these apart would
 * contradict the task.
 *
 * @param windowTime how long a window is, in the unit of the times
 */
export function inOneNeighbourhood(
  { recording, time }: SampleFacts,
  near: number,
  windowTime: number,
): Tensor {
  const pairs = (x: Tensor) => [tf.expandDims(x, 1), tf.expandDims(x, 0)] as const;
  const [row, column] = pairs(recording!);
  const [from, to] = pairs(time!);
  const close = tf.lessEqual(tf.abs(tf.sub(from, to)), near * windowTime);
  return tf.cast(tf.logicalAnd(tf.equal(row, column), close), 'float32');
}

export const neighbourContrast = definePretextTask({
  id: 'neighbour-contrast',
  title: 'Contrast of neighbours in time',
  summary:
    'As SimCLR, but what belongs together is a window and one of its neighbours in the recording: what stays the same from one window to the next is learnt without anyone naming the changes that do not matter. It tells a window from those of the whole batch, most of them of other recordings, so what only tells recordings apart helps it; temporal neighbourhood coding asks within one recording.',
  paper: {
    authors: 'Kiyasseh, Zhu, Clifton',
    year: 2021,
    title: 'CLOCS: Contrastive Learning of Cardiac Signals Across Space, Time, and Patients',
    url: 'https://arxiv.org/abs/2005.13249',
  },
  modalities: ['signal'],
  family: 'contrastive',
  asks: ['recording', 'time', 'companions', 'found'],
  companions: ({ near }) => ({
    count: 1,
    among: 'recording',
    words: `another window at most ${near} window lengths away in its recording`,
    span: everywhere(2),
    draw: (places, stream) => [drawNear(places, near, stream)],
  }),
  pseudoLabel: 'Which window of the batch is a neighbour in time of this one.',
  healthy:
    'The loss starts near the logarithm of the batch size and falls quickly, then slowly; accuracy rises well above chance. If accuracy is near 1 early, something that only says which recording it is gives the answer away: use views that change it, or negatives of the same subject.',
  options,
  defaults: (context) => ({ options: {}, training: contrastiveTraining(context) }),
  build({ encoder, options: chosen, modality, channelStatistics, inputShape, about }) {
    const head = projection({
      name: 'projection',
      inputs: encoder.featureCount,
      hidden: chosen.projectionHidden,
      outputs: chosen.projectionSize,
    });
    const windowTime = inputShape[0]! / (about?.samplingRate ?? 1);
    return pretextModel({
      encoder,
      heads: [head],
      step({ samples, facts, seed, encode, pass }) {
        const request = { samples, facts, seed, options: chosen, modality, channelStatistics };
        const vectors = head.apply(encode(windowViews(request)).features, pass);
        const [own, near] = apart(vectors, request);
        const counted = complete(facts);
        const everywhere = { recording: wholeBatch(facts!.recording!), time: wholeBatch(facts!.time!) };
        const excluded = inOneNeighbourhood(everywhere, chosen.near, windowTime);
        const { loss, accuracy } = pairsAmongCounted(own!, near!, chosen.temperature, {
          counted: wholeBatch(counted),
          excluded,
        });
        return {
          loss,
          metrics: { accuracy, found: tf.mean(counted) as Scalar, ...outputSigns(vectors) },
        };
      },
    });
  },
  preview: (request) => previewOfWindows(request, ['Neighbour'], 'these two belong together'),
});
