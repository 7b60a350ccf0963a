/** SimCLR: two random views of each sample must find each other among all views of the batch. */
import { z } from 'zod';
import { tf, type Tensor } from '../../../tensor/index.ts';
import { normalizeChannels } from '../../channels.ts';
import { projection } from '../../layers/dense.ts';
import { ntXent } from '../../losses/nt-xent.ts';
import { numberField } from '../../../contract/fields.ts';
import { contrastiveTraining } from '../parts/contrastive-defaults.ts';
import { outputSigns } from '../parts/output-signs.ts';
import { projectionHiddenField, projectionSizeField } from '../parts/head-fields.ts';
import { definePretextTask, pretextModel } from '../task.ts';
import { previewOfTwoViews, twoViews, viewFields } from '../parts/two-views.ts';

const options = z.strictObject({
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

export const simclr = definePretextTask({
  id: 'simclr',
  title: 'SimCLR',
  summary:
    'Makes two random views of every sample and learns to tell which two belong together. Learns what stays the same under the changes you allow; works best with batches of 128 and more.',
  paper: {
    authors: 'Chen, Kornblith, Norouzi, Hinton',
    year: 2020,
    title: 'A Simple Framework for Contrastive Learning of Visual Representations',
    url: 'https://arxiv.org/abs/2002.05709',
  },
  family: 'contrastive',
  pseudoLabel: 'Which of all the other views in the batch comes from the same sample.',
  healthy:
    'The loss starts near the logarithm of twice the batch size and falls quickly in the first epochs, then slowly; accuracy rises well above chance. If accuracy is near 1 from the start, the views are too easy: make them stronger. If the loss does not fall, they are too strong.',
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
      step({ samples, seed, encode, pass }) {
        const views = twoViews({ samples, seed, options, modality, channelStatistics });
        const { features } = encode(normalizeChannels(tf.concat(views, 0), channelStatistics));
        const vectors = head.apply(features, pass);
        const [first, second] = tf.split(vectors, 2, 0) as [Tensor, Tensor];
        const { loss, accuracy } = ntXent(first, second, options.temperature);
        return { loss, metrics: { accuracy, ...outputSigns(vectors) } };
      },
    });
  },
  preview: (request) => previewOfTwoViews(request, 'these two belong together'),
});
