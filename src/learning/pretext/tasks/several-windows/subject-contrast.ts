/** Subject-aware contrast: two views of a sample must find each other among samples of the same subject. */
import { z } from 'zod';
import { integerField, numberField } from '../../../../contract/fields.ts';
import { tf, type Scalar, type Tensor } from '../../../../tensor/index.ts';
import { normalizeChannels } from '../../../channels.ts';
import { projection } from '../../../layers/dense.ts';
import { contrastWithinUnits } from '../../../losses/counted-contrast.ts';
import { contrastiveTraining } from '../../parts/contrastive-defaults.ts';
import { projectionHiddenField, projectionSizeField } from '../../parts/head-fields.ts';
import { outputSigns } from '../../parts/output-signs.ts';
import { allWindows } from '../../parts/several-windows.ts';
import { previewOfTwoViews, twoViews, viewFields } from '../../parts/two-views.ts';
import { drawOthers } from '../../parts/window-draws.ts';
import { definePretextTask, pretextModel } from '../../task.ts';

/** Beside each sample by default: every subject is seen with a few samples, however many subjects there are. */
const COMPANIONS = 3;

const options = z.strictObject({
  companions: integerField({
    title: 'Others of the subject',
    help: 'So many further samples of its subject are taken beside each sample, so that there is something to compare it with however many subjects there are.',
    minimum: 1,
    maximum: 32,
    default: COMPANIONS,
    unit: 'samples',
  }),
  temperature: numberField({
    title: 'Temperature',
    help: 'Lower makes the task harder: views must tell apart more similar samples.',
    minimum: 0.01,
    maximum: 2,
    default: 0.2,
  }),
  projectionHidden: projectionHiddenField(),
  projectionSize: projectionSizeField(),
  ...viewFields(),
});

export const subjectContrast = definePretextTask({
  id: 'subject-contrast',
  title: 'Subject-aware contrast',
  summary:
    'As SimCLR, but a view looks for its partner among samples of the same subject (patient, site) alone. What only tells subjects apart is of no help, so it is not learnt: for data of several subjects that is to be used on new ones.',
  paper: {
    authors: 'Cheng, Goh, Dogrusoz, Tuzel, Azemi',
    year: 2020,
    title: 'Subject-Aware Contrastive Learning for Biosignals',
    url: 'https://arxiv.org/abs/2007.04871',
  },
  family: 'contrastive',
  asks: ['group', 'companions', 'found'],
  companions: ({ companions: count }) => ({
    count,
    among: 'group',
    words: `${count} other samples of its group`,
    draw: (places, stream) => drawOthers(places, count, stream),
  }),
  pseudoLabel: 'Which of the other views of the same subject comes from the same sample.',
  healthy:
    'The loss starts near the logarithm of the number of negatives, which is shown, and falls quickly in the first epochs, then slowly; accuracy rises well above chance. Few negatives make the task easy: larger batches, or more others of each subject, make it harder.',
  options,
  defaults(context) {
    const training = contrastiveTraining(context);
    return {
      options: {},
      // As many samples in a step, and over a run, as where there are no companions.
      training: {
        ...training,
        batchSize: Math.max(16, training.batchSize / (1 + COMPANIONS)),
        epochs: Math.ceil(training.epochs / (1 + COMPANIONS)),
      },
    };
  },
  build({ encoder, options: chosen, modality, channelStatistics }) {
    const head = projection({
      name: 'projection',
      inputs: encoder.featureCount,
      hidden: chosen.projectionHidden,
      outputs: chosen.projectionSize,
    });
    return pretextModel({
      encoder,
      heads: [head],
      step({ samples, facts, seed, encode, pass }) {
        const all = allWindows({ samples, facts });
        const views = twoViews({ samples: all, seed, options: chosen, modality, channelStatistics });
        const { features } = encode(normalizeChannels(tf.concat(views, 0), channelStatistics));
        const vectors = head.apply(features, pass);
        const [first, second] = tf.split(vectors, 2, 0) as [Tensor, Tensor];
        const found = facts!.found!;
        const units = tf.tile(facts!.group!, [1 + chosen.companions]);
        const counted = tf.concat([tf.ones([samples.shape[0]!]), tf.reshape(tf.transpose(found), [-1])], 0);
        const { loss, accuracy, negatives } = contrastWithinUnits(first, second, chosen.temperature, {
          units,
          counted,
        });
        return {
          loss,
          metrics: { accuracy, negatives, found: tf.mean(found) as Scalar, ...outputSigns(vectors) },
        };
      },
    });
  },
  preview(request) {
    const found = previewOfTwoViews(request, 'these two belong together, the other is of the same subject');
    const [count, , ...shape] = request.facts!.companions!.shape as [number, number, ...number[]];
    const others = tf.slice(request.facts!.companions!, [0, 0], [count, 1]);
    const column = {
      title: 'Same subject',
      role: 'input' as const,
      values: tf.reshape(others, [count, ...shape]),
    };
    return { ...found, columns: [...found.columns, column] };
  },
});
