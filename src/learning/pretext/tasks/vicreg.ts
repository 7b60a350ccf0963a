/** VICReg: views agree, every number keeps its variance, and no two numbers vary together. */
import { z } from 'zod';
import { tf } from '../../../tensor/index.ts';
import { projection } from '../../layers/dense.ts';
import { vicreg as vicregLoss } from '../../losses/vicreg.ts';
import { integerField, numberField } from '../../../contract/fields.ts';
import { outputSigns, plainDeviation } from '../parts/output-signs.ts';
import { stepsSuit } from '../parts/proposed-training.ts';
import { projectionHiddenField } from '../parts/head-fields.ts';
import { definePretextTask, pretextModel } from '../task.ts';
import { normalizedViews, previewOfTwoViews, viewFields } from '../parts/two-views.ts';

const weight = (title: string, help: string, value: number) =>
  numberField({ title, help, minimum: 0, maximum: 100, default: value });

const options = z.strictObject({
  invarianceWeight: weight('Weight of invariance', 'How much the agreement of both views counts.', 25),
  varianceWeight: weight(
    'Weight of variance',
    'How much it counts that every number keeps a deviation of 1. With 0 all representations collapse to one point.',
    25,
  ),
  covarianceWeight: weight(
    'Weight of covariance',
    'How much it counts that no two numbers vary together.',
    1,
  ),
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

export const vicreg = definePretextTask({
  id: 'vicreg',
  title: 'VICReg',
  summary:
    'Makes two random views of every sample and lets their vectors agree, while every number keeps its variance and no two vary together: three plain terms, each of which can be weighed.',
  paper: {
    authors: 'Bardes, Ponce, LeCun',
    year: 2022,
    title: 'VICReg: Variance-Invariance-Covariance Regularization for Self-Supervised Learning',
    url: 'https://arxiv.org/abs/2105.04906',
  },
  family: 'joint',
  pseudoLabel: 'The vector of the same sample’s other view.',
  healthy:
    'The loss falls quickly at first, then slowly, and so does the invariance (how far views differ); the variance term (how far deviations fall short of 1) stays clearly below 1 and sinks in longer runs. A variance term near 1 means a collapse: raise its weight. An invariance that does not fall means views too strong, or too much weight on the other terms.',
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
    const weights = {
      invariance: options.invarianceWeight,
      variance: options.varianceWeight,
      covariance: options.covarianceWeight,
    };
    return pretextModel({
      encoder,
      heads: [head],
      step({ samples, seed, encode, pass }) {
        const views = normalizedViews({ samples, seed, options, modality, channelStatistics });
        const [first, second] = views.map((view) => head.apply(encode(view).features, pass));
        const { loss, ...metrics } = vicregLoss(first!, second!, weights);
        const vectors = tf.concat([first!, second!], 0);
        return {
          loss,
          metrics: { ...metrics, ...outputSigns(vectors), outputDeviation: plainDeviation(vectors) },
        };
      },
    });
  },
  preview: (request) => previewOfTwoViews(request, 'the vector of the other view'),
});
