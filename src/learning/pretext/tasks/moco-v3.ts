/** MoCo v3: each view predicts the other, as a slow copy of the network sees it, among those of the batch. */
import { z } from 'zod';
import { tf, type Scalar, type Tensor } from '../../../tensor/index.ts';
import { projection } from '../../layers/dense.ts';
import { infoNce } from '../../losses/info-nce.ts';
import { numberField } from '../../../contract/fields.ts';
import { contrastiveTraining } from '../parts/contrastive-defaults.ts';
import { outputSigns } from '../parts/output-signs.ts';
import { cosineMomentum, suitableMomentum, targetNetwork } from '../parts/target-network.ts';
import { projectionHiddenField, projectionSizeField } from '../parts/head-fields.ts';
import { definePretextTask, pretextModel } from '../task.ts';
import { normalizedViews, previewOfTwoViews, viewFields } from '../parts/two-views.ts';

const options = z.strictObject({
  temperature: numberField({
    title: 'Temperature',
    help: 'Lower makes the task harder: views must tell apart more similar samples.',
    minimum: 0.01,
    maximum: 2,
    default: 0.2,
  }),
  momentum: numberField({
    title: 'Momentum of the target',
    help: 'Share of the target network that is kept at each step in the beginning; it rises to 1. Nearer to 1 for longer runs.',
    minimum: 0,
    maximum: 1,
    default: 0.99,
  }),
  projectionHidden: projectionHiddenField(
    'Hidden units of the projection head and of the predictor, which are dropped after pretraining.',
  ),
  projectionSize: projectionSizeField(),
  ...viewFields(),
});

export const mocoV3 = definePretextTask({
  id: 'moco-v3',
  title: 'MoCo v3',
  summary:
    'Each view predicts what a slowly following copy of the network says about the other, and must find it among the views of the batch. Between SimCLR and BYOL; made for vision transformers, works with any encoder, best with batches of 128 and more.',
  paper: {
    authors: 'Chen, Xie, He',
    year: 2021,
    title: 'An Empirical Study of Training Self-Supervised Vision Transformers',
    url: 'https://arxiv.org/abs/2104.02057',
  },
  family: 'contrastive',
  pseudoLabel: 'Which of the target network’s vectors in the batch is that of the same sample’s other view.',
  healthy:
    'The loss starts near 4 times the temperature times the logarithm of the batch size and falls; accuracy rises well above chance. Dips and jumps of the accuracy are a sign of unsteady training, most of all with vision transformers: lower the learning rate.',
  options,
  defaults(context) {
    const training = contrastiveTraining(context);
    return { options: { momentum: suitableMomentum(context, training) }, training };
  },
  build({ encoder, options, modality, channelStatistics }) {
    const { projectionHidden: hidden, projectionSize: outputs, temperature } = options;
    const normalized = { hidden, outputs, normalizeOutput: true };
    const head = projection({
      ...normalized,
      name: 'projection',
      inputs: encoder.featureCount,
      hiddenLayers: 2,
    });
    const predictor = projection({ ...normalized, name: 'predictor', inputs: outputs });
    const target = targetNetwork({ encoder, heads: [head] });
    return pretextModel({
      encoder,
      heads: [head, predictor],
      buffers: target.buffers,
      step(step) {
        const { samples, seed, encode, pass, progress } = step;
        const [first, second] = normalizedViews({ samples, seed, options, modality, channelStatistics });
        const slow = target.follow(step, cosineMomentum(options.momentum, progress));
        const query = (view: Tensor) => predictor.apply(head.apply(encode(view).features, pass), pass);
        const key = (view: Tensor) => head.apply(slow.encode(view).features, slow.pass);
        const queries = [query(first), query(second)] as const;
        const one = infoNce(queries[0], key(second), temperature);
        const other = infoNce(queries[1], key(first), temperature);
        return {
          loss: tf.mul(tf.add(one.loss, other.loss), 2 * temperature) as Scalar,
          metrics: {
            accuracy: tf.div(tf.add(one.accuracy, other.accuracy), 2) as Scalar,
            ...outputSigns(queries[0]),
          },
          buffers: slow.buffers(),
        };
      },
    });
  },
  preview: (request) => previewOfTwoViews(request, 'each predicts the target’s vector of the other'),
});
