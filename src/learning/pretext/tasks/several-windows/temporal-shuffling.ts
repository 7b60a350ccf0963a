/** Temporal shuffling: does the third of three windows of a recording lie between the other two, or elsewhere? */
import { z } from 'zod';
import { tf, type Scalar, type Tensor } from '../../../../tensor/index.ts';
import { linearHead } from '../../../layers/dense.ts';
import { windowTraining } from '../../parts/proposed-training.ts';
import {
  apart,
  complete,
  farField,
  farInField,
  comparedField,
  comparison,
  elsewhereWords,
  nearField,
  previewOfWindows,
  requireOrder,
  severalWindowViews,
  spanOfFar,
  windowViews,
  yesThenNo,
} from '../../parts/several-windows.ts';
import { drawBetween, drawFar, drawNear } from '../../parts/window-draws.ts';
import { definePretextTask, pretextModel } from '../../task.ts';

/** Windows that begin so far apart have room for one between them. */
const FRAME = 2;

const options = z.strictObject({
  near: nearField('How far apart the outer two windows may begin, which frame what lies between.', 4, FRAME),
  far: farField('How far before or behind both of them a window must begin that does not lie between.', 16),
  farIn: farInField(),
  compared: comparedField(),
  signalViews: severalWindowViews(),
});

export const temporalShuffling = definePretextTask({
  id: 'temporal-shuffling',
  title: 'Temporal shuffling',
  summary:
    'Shows two windows that frame a stretch of a recording, and a third, and asks whether that one lies between them. For recordings of hours whose state changes slowly, or several of each subject or session, each of one state; other than temporal order, it looks across windows.',
  paper: {
    authors: 'Banville, Chehab, Hyvärinen, Engemann, Gramfort',
    year: 2021,
    title: 'Uncovering the structure of clinical EEG signals with self-supervised learning',
    url: 'https://arxiv.org/abs/2007.16104',
  },
  modalities: ['signal'],
  family: 'predictive',
  asks: ['companions', 'found'],
  companions: ({ near, ...far }) => ({
    count: 3,
    among: 'recording',
    words: `two more windows within ${near} window lengths and another at least ${far.far} away from both in its recording${elsewhereWords(far)}`,
    span: spanOfFar(far, FRAME, FRAME + 1),
    ofLongRecordings: true,
    draw(places, stream) {
      const end = drawNear(places, near, stream, FRAME);
      if (end === null) return [null, null, null];
      return [end, drawBetween(places, end, stream), drawFar(places, far, stream, end)];
    },
  }),
  pseudoLabel: 'Whether a window lies between two others in time.',
  healthy:
    'The loss starts near 0.69 and accuracy at 0.5, which is chance. Accuracy rises slowly; if it stays at 0.5, the recordings look the same at every time. It is near 1 at once where something drifts with time: filter slow changes out. What tells recordings of a group apart answers it, too: where that is no question of yours and recordings go through all states, let far windows be of the same recording alone (`farIn: recording`).',
  options,
  check: requireOrder,
  defaults: (context) => ({ options: {}, training: windowTraining(context, 4) }),
  build({ encoder, options: chosen, modality, channelStatistics }) {
    const compared = comparison(encoder.featureCount, chosen.compared);
    const head = linearHead('head', 2 * compared.size, 1);
    return pretextModel({
      encoder,
      heads: [...compared.layers, head],
      step({ samples, facts, seed, encode, pass }) {
        const request = { samples, facts, seed, options: chosen, modality, channelStatistics };
        const [own, end, inside, outside] = apart(
          compared.apply(encode(windowViews(request)).features, pass),
          request,
        );
        const distance = (one: Tensor, other: Tensor) => tf.abs(tf.sub(one, other));
        const rows = (middle: Tensor) => tf.concat([distance(own!, middle), distance(middle, end!)], 1);
        const both = tf.concat([rows(inside!), rows(outside!)], 0);
        const counted = complete(facts);
        const { loss, accuracy } = yesThenNo(head.apply(both, pass), counted);
        return { loss, metrics: { accuracy, found: tf.mean(counted) as Scalar } };
      },
    });
  },
  preview: (request) =>
    previewOfWindows(
      request,
      ['Frames a stretch', 'Between', 'Elsewhere'],
      'the second lies between, the third does not',
    ),
});
