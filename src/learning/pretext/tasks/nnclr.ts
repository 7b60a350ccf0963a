/** NNCLR: the nearest neighbour of one view, among samples seen before, must be found by the other view. */
import { z } from 'zod';
import {
  l2Normalize,
  stopGradient,
  tf,
  type Scalar,
  type State,
  type Tensor,
} from '../../../tensor/index.ts';
import { projection } from '../../layers/dense.ts';
import { infoNce } from '../../losses/info-nce.ts';
import { integerField, numberField } from '../../../contract/fields.ts';
import { queuedTraining, queueLength } from '../parts/contrastive-defaults.ts';
import { outputSigns } from '../parts/output-signs.ts';
import { enqueue, nearestOf, randomQueue } from '../parts/queue.ts';
import { projectionHiddenField, projectionSizeField } from '../parts/head-fields.ts';
import { definePretextTask, pretextModel } from '../task.ts';
import { normalizedViews, previewOfTwoViews, viewFields } from '../parts/two-views.ts';

const QUEUE = 'queue/embeddings';

const options = z.strictObject({
  temperature: numberField({
    title: 'Temperature',
    help: 'Lower makes the task harder: views must tell apart more similar samples.',
    minimum: 0.01,
    maximum: 2,
    default: 0.1,
  }),
  queueSize: integerField({
    title: 'Support set',
    help: 'Earlier embeddings among which nearest neighbours are looked for; more are more varied, but older.',
    minimum: 16,
    maximum: 131_072,
    default: 1024,
    unit: 'embeddings',
  }),
  projectionHidden: projectionHiddenField(
    'Hidden units of the projection head and of the predictor, which are dropped after pretraining.',
  ),
  projectionSize: projectionSizeField(),
  ...viewFields(),
});

export const nnclr = definePretextTask({
  id: 'nnclr',
  title: 'NNCLR',
  summary:
    'As SimCLR, but a view must find the nearest neighbour of its partner among earlier samples: other samples of the same kind are the views. Depends less on strong changes to the samples, so it suits data for which good changes are hard to name.',
  paper: {
    authors: 'Dwibedi, Aytar, Tompson, Sermanet, Zisserman',
    year: 2021,
    title:
      'With a Little Help from My Friends: Nearest-Neighbor Contrastive Learning of Visual Representations',
    url: 'https://arxiv.org/abs/2104.14548',
  },
  family: 'contrastive',
  pseudoLabel: 'Which view in the batch comes from the sample that this nearest neighbour stands for.',
  healthy:
    'The loss starts near the logarithm of the batch size, is slow while the support set still holds random directions, then falls; accuracy follows. Neighbour similarity rises towards 1: if it is there within the first epoch and accuracy stays at chance, all embeddings have become alike.',
  options,
  defaults: (context) => ({
    options: { queueSize: queueLength(context.sampleCount, 0.25, 16_384) },
    training: queuedTraining(context),
  }),
  build({ encoder, options, modality, channelStatistics }) {
    const { projectionHidden: hidden, projectionSize: outputs, queueSize, temperature } = options;
    const head = projection({
      name: 'projection',
      inputs: encoder.featureCount,
      hidden,
      outputs,
      hiddenLayers: 2,
      normalizeOutput: true,
    });
    const predictor = projection({ name: 'predictor', inputs: outputs, hidden, outputs });
    return pretextModel({
      encoder,
      heads: [head, predictor],
      buffers: (seed) => ({ [QUEUE]: randomQueue(QUEUE, queueSize, outputs, seed) }),
      step({ samples, buffers, seed, encode, pass, training }) {
        const queue = buffers[QUEUE]!;
        const views = normalizedViews({ samples, seed, options, modality, channelStatistics });
        const embeddings = head.apply(encode(tf.concat(views, 0)).features, pass);
        const [first, second] = tf.split(predictor.apply(embeddings, pass), 2, 0) as [Tensor, Tensor];
        const own = l2Normalize(stopGradient(embeddings));
        const neighbours = nearestOf(queue, own);
        const [ofFirst, ofSecond] = tf.split(neighbours, 2, 0) as [Tensor, Tensor];
        const one = infoNce(ofFirst, second, temperature);
        const other = infoNce(ofSecond, first, temperature);
        const mean = (a: Tensor, b: Tensor) => tf.div(tf.add(a, b), 2) as Scalar;
        const moved: State = training ? { [QUEUE]: enqueue(queue, tf.split(own, 2, 0)[0]!) } : {};
        return {
          loss: mean(one.loss, other.loss),
          metrics: {
            accuracy: mean(one.accuracy, other.accuracy),
            ...outputSigns(embeddings),
            neighbourSimilarity: tf.mean(tf.sum(tf.mul(own, neighbours), 1)) as Scalar,
          },
          buffers: moved,
        };
      },
    });
  },
  preview: (request) => previewOfTwoViews(request, 'the neighbour of one is to be found by the other'),
});
