/** Supervised contrastive learning: views of samples of one class belong together. */
import { z } from 'zod';
import { tf, type Tensor } from '../../../tensor/index.ts';
import { projection } from '../../layers/dense.ts';
import { supervisedContrastive } from '../../losses/supervised-contrastive.ts';
import { numberField } from '../../../contract/fields.ts';
import { contrastiveTraining } from '../parts/contrastive-defaults.ts';
import { projectionHiddenField, projectionSizeField } from '../parts/head-fields.ts';
import { definePretextTask, pretextModel } from '../task.ts';
import { normalizedViews, previewOfTwoViews, viewFields } from '../parts/two-views.ts';

const options = z.strictObject({
  temperature: numberField({
    title: 'Temperature',
    help: 'Lower makes the task harder: views must tell apart more similar samples of other classes.',
    minimum: 0.01,
    maximum: 2,
    default: 0.1,
  }),
  projectionHidden: projectionHiddenField(),
  projectionSize: projectionSizeField(),
  ...viewFields(),
});

export const supcon = definePretextTask({
  id: 'supcon',
  title: 'Supervised contrastive',
  summary:
    'Makes two random views of every labeled sample and learns to bring those of one class together. It learns from all labels of the training split, so it shows what labels are worth to a contrast, not what goes without them.',
  paper: {
    authors: 'Khosla, Teterwak, Wang, Sarna, Tian, Isola, Maschinot, Liu, Krishnan',
    year: 2020,
    title: 'Supervised Contrastive Learning',
    url: 'https://arxiv.org/abs/2004.11362',
  },
  family: 'supervised',
  pseudoLabel: 'Which of all the other views in the batch are of the same class, by the labels.',
  healthy:
    'The loss starts near the logarithm of twice the batch size and falls towards the logarithm of the number of views of one class in a batch, not to 0; accuracy rises towards 1. If accuracy reaches 1 within a few epochs, the labels are learned by heart: stop earlier or make the views stronger.',
  needsLabels: true,
  options,
  defaults: (context) => ({ options: {}, training: contrastiveTraining(context) }),
  build({ encoder, options, modality, channelStatistics }) {
    const head = projection({
      name: 'projection',
      inputs: encoder.featureCount,
      hidden: options.projectionHidden,
      outputs: options.projectionSize,
    });
    return pretextModel({
      encoder,
      heads: [head],
      step({ samples, labels, seed, encode, pass }) {
        if (!labels) throw new Error('supervised contrastive learning needs the labels of the batch');
        const views = normalizedViews({ samples, seed, options, modality, channelStatistics });
        const { features } = encode(tf.concat(views, 0));
        const [first, second] = tf.split(head.apply(features, pass), 2, 0) as [Tensor, Tensor];
        const { loss, accuracy } = supervisedContrastive(first, second, labels, options.temperature);
        return { loss, metrics: { accuracy } };
      },
    });
  },
  preview: (request) => previewOfTwoViews(request, 'these belong together, with all others of their class'),
});
