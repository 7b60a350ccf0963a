/** Relative positioning: do two windows of a recording lie near each other in time, or far apart? */
import { z } from 'zod';
import { tf, type Scalar } from '../../../../tensor/index.ts';
import { linearHead } from '../../../layers/dense.ts';
import { windowTraining } from '../../parts/proposed-training.ts';
import {
  apart,
  complete,
  farField,
  farInField,
  comparedField,
  comparison,
  nearAndFar,
  nearField,
  previewOfWindows,
  requireOrder,
  severalWindowViews,
  windowViews,
  yesThenNo,
} from '../../parts/several-windows.ts';
import { definePretextTask, pretextModel } from '../../task.ts';

const options = z.strictObject({
  near: nearField('How far apart two windows may begin that count as near.', 2),
  far: farField('How far apart two windows must begin at least that count as far.', 12),
  farIn: farInField(),
  compared: comparedField(),
  signalViews: severalWindowViews(),
});

export const relativePositioning = definePretextTask({
  id: 'relative-positioning',
  title: 'Relative positioning',
  summary:
    'Shows two windows of a recording and asks whether they lie near each other in time or far apart. For recordings of hours whose state changes slowly (sleep, activity, wear of a machine), or several of each subject or session, each of one state.',
  paper: {
    authors: 'Banville, Chehab, Hyvärinen, Engemann, Gramfort',
    year: 2021,
    title: 'Uncovering the structure of clinical EEG signals with self-supervised learning',
    url: 'https://arxiv.org/abs/2007.16104',
  },
  modalities: ['signal'],
  family: 'predictive',
  asks: ['companions', 'found'],
  companions: nearAndFar,
  pseudoLabel: 'Whether two windows are near in time or far apart.',
  healthy:
    'The loss starts near 0.69 and accuracy at 0.5, which is chance. Accuracy rises slowly and seldom above 0.9: far windows may be of the same state. If it stays at 0.5, the recordings look the same at every time; if it is near 1 at once, something drifts with time: filter slow changes out, or use another task. What tells recordings of a group apart answers it, too: where that is no question of yours and recordings go through all states, let far windows be of the same recording alone (`farIn: recording`).',
  options,
  check: requireOrder,
  defaults: (context) => ({ options: {}, training: windowTraining(context, 3) }),
  build({ encoder, options: chosen, modality, channelStatistics }) {
    const compared = comparison(encoder.featureCount, chosen.compared);
    const head = linearHead('head', compared.size, 1);
    return pretextModel({
      encoder,
      heads: [...compared.layers, head],
      step({ samples, facts, seed, encode, pass }) {
        const request = { samples, facts, seed, options: chosen, modality, channelStatistics };
        const [own, near, far] = apart(compared.apply(encode(windowViews(request)).features, pass), request);
        const differences = tf.concat([tf.abs(tf.sub(own!, near!)), tf.abs(tf.sub(own!, far!))], 0);
        const counted = complete(facts);
        const { loss, accuracy } = yesThenNo(head.apply(differences, pass), counted);
        return { loss, metrics: { accuracy, found: tf.mean(counted) as Scalar } };
      },
    });
  },
  preview: (request) => previewOfWindows(request, ['Near', 'Far'], 'the first is near, the second far'),
});
