/** SimSiam: from one view's vector predict the other's, which takes no gradient. */
import { z } from 'zod';
import { stopGradient, tf, type Tensor } from '../../../tensor/index.ts';
import { projection } from '../../layers/dense.ts';
import { simsiamLoss } from '../../losses/cosine.ts';
import { integerField, switchField } from '../../../contract/fields.ts';
import { outputSigns } from '../parts/output-signs.ts';
import { stepsSuit } from '../parts/proposed-training.ts';
import { definePretextTask, pretextModel } from '../task.ts';
import { normalizedViews, previewOfTwoViews, viewFields } from '../parts/two-views.ts';

const options = z.strictObject({
  projectionSize: integerField({
    title: 'Projection size',
    help: 'Width of the projection head, and numbers in which views are compared.',
    minimum: 8,
    maximum: 8192,
    default: 256,
  }),
  predictorHidden: integerField({
    title: 'Predictor width',
    help: 'Hidden units of the predictor, a bottleneck: about a quarter of the projection size.',
    minimum: 4,
    maximum: 4096,
    default: 64,
    unit: 'units',
  }),
  stopGradient: switchField({
    title: 'Stop the gradient',
    help: 'Targets take no gradient. Switched off, all representations collapse to one point: only to see that happen.',
    default: true,
    advanced: true,
  }),
  ...viewFields(),
});

export const simsiam = definePretextTask({
  id: 'simsiam',
  title: 'SimSiam',
  summary:
    'Makes two random views of every sample and predicts each one’s vector from the other’s. Needs no negatives, no second network and no large batches; wants more epochs than others.',
  paper: {
    authors: 'Chen, He',
    year: 2021,
    title: 'Exploring Simple Siamese Representation Learning',
    url: 'https://arxiv.org/abs/2011.10566',
  },
  family: 'joint',
  meanOverSamples: true,
  pseudoLabel: 'The vector of the same sample’s other view.',
  healthy:
    'The loss falls from about 0 towards −1 and stays above it; the deviation of the vectors stays well above 0, near 1 at the best. A loss of −1 with a deviation near 0 is a collapse: all samples have the same vector. Lower the learning rate or make the views stronger.',
  options,
  defaults: (context) => ({ options: {}, training: stepsSuit(context) }),
  build({ encoder, options, modality, channelStatistics }) {
    const size = options.projectionSize;
    const head = projection({
      name: 'projection',
      inputs: encoder.featureCount,
      hidden: size,
      outputs: size,
      hiddenLayers: 2,
      normalizeOutput: true,
    });
    const predictor = projection({
      name: 'predictor',
      inputs: size,
      hidden: options.predictorHidden,
      outputs: size,
    });
    const target = (value: Tensor) => (options.stopGradient ? stopGradient(value) : value);
    return pretextModel({
      encoder,
      heads: [head, predictor],
      step({ samples, seed, encode, pass }) {
        const views = normalizedViews({ samples, seed, options, modality, channelStatistics });
        const [first, second] = views.map((view) => head.apply(encode(view).features, pass));
        const loss = simsiamLoss({
          firstPrediction: predictor.apply(first!, pass),
          firstTarget: target(first!),
          secondPrediction: predictor.apply(second!, pass),
          secondTarget: target(second!),
        });
        return { loss, metrics: outputSigns(tf.concat([first!, second!], 0)) };
      },
    });
  },
  preview: (request) => previewOfTwoViews(request, 'each one’s vector is the other’s target'),
});
