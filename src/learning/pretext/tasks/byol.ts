/** BYOL: from one view predict what a slow copy of the network says about the other. */
import { z } from 'zod';
import { tf } from '../../../tensor/index.ts';
import { projection } from '../../layers/dense.ts';
import { byolLoss } from '../../losses/cosine.ts';
import { numberField } from '../../../contract/fields.ts';
import { outputSigns } from '../parts/output-signs.ts';
import { stepsSuit } from '../parts/proposed-training.ts';
import { cosineMomentum, suitableMomentum, targetNetwork } from '../parts/target-network.ts';
import { projectionHiddenField, projectionSizeField } from '../parts/head-fields.ts';
import { definePretextTask, pretextModel } from '../task.ts';
import { normalizedViews, previewOfTwoViews, viewFields } from '../parts/two-views.ts';

const options = z.strictObject({
  momentum: numberField({
    title: 'Momentum of the target',
    help: 'Share of the target network that is kept at each step in the beginning; it rises to 1. Nearer to 1 for longer runs.',
    minimum: 0,
    maximum: 1,
    default: 0.99,
  }),
  projectionHidden: projectionHiddenField('Hidden units of the projection head and of the predictor.'),
  projectionSize: projectionSizeField(),
  ...viewFields(),
});

export const byol = definePretextTask({
  id: 'byol',
  title: 'BYOL',
  summary:
    'Makes two random views of every sample and predicts from one what a slowly following copy of the network says about the other. Needs no negatives; steady with small batches.',
  paper: {
    authors:
      'Grill, Strub, Altché, Tallec, Richemond, Buchatskaya, Doersch, Avila Pires, Guo, Azar, Piot, Kavukcuoglu, Munos, Valko',
    year: 2020,
    title: 'Bootstrap Your Own Latent: A New Approach to Self-Supervised Learning',
    url: 'https://arxiv.org/abs/2006.07733',
  },
  family: 'joint',
  meanOverSamples: true,
  pseudoLabel: 'The target network’s vector of the same sample’s other view.',
  healthy:
    'The loss (0 to 8) falls quickly from about 3, then may rise a little while the target learns, and falls again; the deviation of the vectors stays well above 0. A loss near 0 with a deviation near 0 is a collapse: bring the momentum nearer to 1 or lower the learning rate.',
  options,
  defaults(context) {
    const training = stepsSuit(context);
    return { options: { momentum: suitableMomentum(context, training) }, training };
  },
  build({ encoder, options, modality, channelStatistics }) {
    const { projectionHidden: hidden, projectionSize: outputs } = options;
    // The predictor's batch norm would undo a bias behind the projection.
    const head = projection({
      name: 'projection',
      inputs: encoder.featureCount,
      hidden,
      outputs,
      outputBias: false,
    });
    const predictor = projection({ name: 'predictor', inputs: outputs, hidden, outputs });
    const target = targetNetwork({ encoder, heads: [head] });
    return pretextModel({
      encoder,
      heads: [head, predictor],
      buffers: target.buffers,
      step(step) {
        const { samples, seed, encode, pass, progress } = step;
        const [first, second] = normalizedViews({ samples, seed, options, modality, channelStatistics });
        const slow = target.follow(step, cosineMomentum(options.momentum, progress));
        const project = (view: typeof first) => head.apply(encode(view).features, pass);
        const aim = (view: typeof first) => head.apply(slow.encode(view).features, slow.pass);
        const [firstProjection, secondProjection] = [project(first), project(second)];
        const loss = byolLoss({
          firstPrediction: predictor.apply(firstProjection, pass),
          firstTarget: aim(first),
          secondPrediction: predictor.apply(secondProjection, pass),
          secondTarget: aim(second),
        });
        const vectors = tf.concat([firstProjection, secondProjection], 0);
        return {
          loss,
          metrics: outputSigns(vectors),
          buffers: slow.buffers(),
        };
      },
    });
  },
  preview: (request) => previewOfTwoViews(request, 'the target’s vector of the other view'),
});
