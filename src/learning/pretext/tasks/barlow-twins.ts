/** Barlow Twins: each number of a vector agrees between views, and says what no other number says. */
import { z } from 'zod';
import { tf } from '../../../tensor/index.ts';
import { projection } from '../../layers/dense.ts';
import { barlowTwins as barlowTwinsLoss } from '../../losses/barlow-twins.ts';
import { integerField, numberField } from '../../../contract/fields.ts';
import { outputSigns } from '../parts/output-signs.ts';
import { stepsSuit } from '../parts/proposed-training.ts';
import { projectionHiddenField } from '../parts/head-fields.ts';
import { definePretextTask, pretextModel } from '../task.ts';
import { normalizedViews, previewOfTwoViews, viewFields } from '../parts/two-views.ts';

const options = z.strictObject({
  redundancyWeight: numberField({
    title: 'Weight of redundancy',
    help: 'How much correlations between different numbers count against the agreement of views.',
    minimum: 0,
    maximum: 1,
    default: 0.005,
  }),
  projectionHidden: projectionHiddenField('Units of both hidden layers of the projection head.'),
  projectionSize: integerField({
    title: 'Projection size',
    help: 'Numbers in which views are compared; more of them than the encoder’s features do good here.',
    minimum: 8,
    maximum: 8192,
    default: 256,
  }),
  ...viewFields(),
});

export const barlowTwins = definePretextTask({
  id: 'barlow-twins',
  title: 'Barlow Twins',
  summary:
    'Makes two random views of every sample and lets each number that describes them agree, while no two numbers say the same. Cannot collapse to a point; good with small batches.',
  paper: {
    authors: 'Zbontar, Jing, Misra, LeCun, Deny',
    year: 2021,
    title: 'Barlow Twins: Self-Supervised Learning via Redundancy Reduction',
    url: 'https://arxiv.org/abs/2103.03230',
  },
  family: 'joint',
  pseudoLabel: 'A correlation of 1 of each number with itself in the other view, and of 0 with all others.',
  healthy:
    'The loss begins near the projection size and falls steadily; the correlation between views rises towards 1 while the redundancy falls. If the correlation rises but the redundancy does not fall, raise the weight of redundancy or the batch size.',
  options,
  defaults: (context) => ({ options: {}, training: stepsSuit(context) }),
  build({ encoder, options, modality, channelStatistics }) {
    const head = projection({
      name: 'projection',
      inputs: encoder.featureCount,
      hidden: options.projectionHidden,
      outputs: options.projectionSize,
      hiddenLayers: 2,
      outputBias: false,
    });
    return pretextModel({
      encoder,
      heads: [head],
      step({ samples, seed, encode, pass }) {
        const views = normalizedViews({ samples, seed, options, modality, channelStatistics });
        const [first, second] = views.map((view) => head.apply(encode(view).features, pass));
        const { loss, ...metrics } = barlowTwinsLoss(first!, second!, options.redundancyWeight);
        const vectors = tf.concat([first!, second!], 0);
        return { loss, metrics: { ...metrics, ...outputSigns(vectors) } };
      },
    });
  },
  preview: (request) => previewOfTwoViews(request, 'every number alike in both views, none like another'),
});
