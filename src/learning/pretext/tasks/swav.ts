/** SwAV: the prototype that one view is assigned to must be predicted from the others. */
import { z } from 'zod';
import { l2Normalize, stopGradient, tf, type State, type Tensor } from '../../../tensor/index.ts';
import { normalizeChannels } from '../../channels.ts';
import { projection } from '../../layers/dense.ts';
import { swappedPrediction, type PrototypeScores } from '../../losses/swapped-prediction.ts';
import { integerField, numberField } from '../../../contract/fields.ts';
import { learningModality } from '../../modalities/registry.ts';
import { smallCrops } from '../../modalities/views.ts';
import { smallCropField } from '../../views/multi-crop.ts';
import { contrastiveBatch, contrastiveTraining } from '../parts/contrastive-defaults.ts';
import { classesTold } from '../parts/output-signs.ts';
import { emptyQueue, enqueue, filled } from '../parts/queue.ts';
import { projectionHiddenField, projectionSizeField } from '../parts/head-fields.ts';
import { definePretextTask, pretextModel, type DataContext } from '../task.ts';
import { normalizedViews, previewOfTwoViews, viewFields } from '../parts/two-views.ts';

const PROTOTYPES = 'prototypes/kernel';
const QUEUES = ['queue/first', 'queue/second'] as const;

const options = z.strictObject({
  prototypes: integerField({
    title: 'Prototypes',
    help: 'Groups that samples are assigned to: several times as many as there are kinds of samples.',
    minimum: 4,
    maximum: 8192,
    default: 128,
  }),
  temperature: numberField({
    title: 'Temperature',
    help: 'Lower makes predictions more decided; long runs on much data can take 0.1.',
    minimum: 0.01,
    maximum: 2,
    default: 0.2,
  }),
  sinkhornEpsilon: numberField({
    title: 'Softness of codes',
    help: 'Lower assigns each sample to one prototype, higher to several.',
    minimum: 0.03,
    maximum: 1,
    default: 0.05,
    advanced: true,
  }),
  sinkhornIterations: integerField({
    title: 'Balancing steps',
    help: 'Iterations that make all prototypes used equally often.',
    minimum: 1,
    maximum: 20,
    default: 3,
    advanced: true,
  }),
  frozenPrototypes: numberField({
    title: 'Prototypes held',
    help: 'Share of the run at its start in which the prototypes stand still.',
    minimum: 0,
    maximum: 0.5,
    default: 0.02,
    advanced: true,
  }),
  queueSize: integerField({
    title: 'Queue',
    help: 'Earlier embeddings that take part in balancing, which small batches need; 0 for none.',
    minimum: 0,
    maximum: 65_536,
    default: 0,
    unit: 'embeddings',
  }),
  queueFrom: numberField({
    title: 'Queue from',
    help: 'Share of the run after which the queue is used: early embeddings only disturb.',
    minimum: 0,
    maximum: 0.9,
    default: 0.1,
    advanced: true,
  }),
  projectionHidden: projectionHiddenField(),
  projectionSize: projectionSizeField('Numbers in which views are compared with prototypes.'),
  smallCrops: smallCropField(),
  ...viewFields(),
});
type Options = z.output<typeof options>;

const smallCropsFor = ({ modality, inputShape }: DataContext) =>
  learningModality(modality).partsTell(inputShape) ? 4 : 0;

/** Prototypes that learn, from the moment at which they may. */
function releasedPrototypes(parameters: State, progress: Tensor, { frozenPrototypes }: Options): Tensor {
  const prototypes = l2Normalize(parameters[PROTOTYPES]!);
  if (frozenPrototypes === 0) return prototypes;
  const free = tf.cast(tf.greaterEqual(progress, frozenPrototypes), 'float32');
  return tf.add(tf.mul(prototypes, free), tf.mul(stopGradient(prototypes), tf.sub(1, free)));
}

/** A prototype for some forty samples, as a power of two: the paper's 3000 are for more than a million. */
const SAMPLES_EACH = 40;
const [FEWEST_PROTOTYPES, MOST_PROTOTYPES] = [32, 2048];

function prototypesFor(sampleCount: number): number {
  const wanted = 2 ** Math.round(Math.log2(Math.max(1, sampleCount / SAMPLES_EACH)));
  return Math.min(MOST_PROTOTYPES, Math.max(FEWEST_PROTOTYPES, wanted));
}

/** Balancing wants twice as many embeddings as prototypes: what the batch lacks, older ones make up. */
function queueFor(sampleCount: number): number {
  const batchSize = contrastiveBatch(sampleCount);
  const missing = 2 * prototypesFor(sampleCount) - batchSize;
  const enough = missing > 0 ? 2 ** Math.ceil(Math.log2(missing)) : 0;
  return batchSize >= 256 ? enough : Math.max(SMALL_BATCH_QUEUE, enough);
}
const SMALL_BATCH_QUEUE = 512;

export const swav = definePretextTask({
  id: 'swav',
  title: 'SwAV',
  summary:
    'Assigns every view to one of many prototypes, used equally often, and learns to predict the prototype of one view from another. Groups the data while it learns; small crops as further views make it strong at little cost, and it needs no large batches.',
  paper: {
    authors: 'Caron, Misra, Mairal, Goyal, Bojanowski, Joulin',
    year: 2020,
    title: 'Unsupervised Learning of Visual Features by Contrasting Cluster Assignments',
    url: 'https://arxiv.org/abs/2006.09882',
  },
  family: 'joint',
  pseudoLabel: 'Which prototype the other view of the same sample is assigned to.',
  healthy:
    'The loss starts near the logarithm of the number of prototypes and falls slowly; accuracy (the second view’s likeliest prototype is that of the first) rises well above 1 through the number of prototypes, and prototype use stays high. If use falls to a few prototypes, raise the queue or lower the learning rate; if the loss stays at the logarithm, lower the softness of codes or the temperature.',
  options,
  defaults: (context) => ({
    options: {
      prototypes: prototypesFor(context.sampleCount),
      queueSize: queueFor(context.sampleCount),
      smallCrops: { count: smallCropsFor(context) },
    },
    training: contrastiveTraining(context),
  }),
  build({ encoder, options, modality, channelStatistics }) {
    const { projectionHidden: hidden, projectionSize: outputs, queueSize } = options;
    const head = projection({ name: 'projection', inputs: encoder.featureCount, hidden, outputs });
    return pretextModel({
      encoder,
      heads: [head],
      extraParameters: [
        {
          name: PROTOTYPES,
          shape: [options.prototypes, outputs],
          initial: { kind: 'normal', deviation: 1 / Math.sqrt(outputs) },
        },
      ],
      buffers: () =>
        queueSize === 0
          ? ({} as State)
          : Object.fromEntries(QUEUES.map((name) => [name, emptyQueue(queueSize, outputs)])),
      step({ samples, parameters, buffers, seed, progress, encode, pass, training }) {
        const request = { samples, seed, options, modality, channelStatistics };
        const prototypes = releasedPrototypes(parameters, progress, options);
        const embed = (views: Tensor) => l2Normalize(head.apply(encode(views).features, pass));
        const score = (embeddings: Tensor) => tf.matMul(embeddings, prototypes, false, true);
        const large = tf.split(embed(tf.concat(normalizedViews(request), 0)), 2, 0) as [Tensor, Tensor];
        const small = smallCrops(request);
        const scores: PrototypeScores = {
          large: [score(large[0]), score(large[1])],
          small: small && score(embed(normalizeChannels(small, channelStatistics))),
        };
        if (queueSize > 0) {
          const queues = QUEUES.map((name) => buffers[name]!) as [Tensor, Tensor];
          const used = tf.cast(tf.greaterEqual(progress, options.queueFrom), 'float32');
          scores.queue = {
            scores: [score(queues[0]), score(queues[1])],
            weights: [tf.mul(filled(queues[0]), used), tf.mul(filled(queues[1]), used)],
          };
        }
        const { loss, accuracy, prototypeUse, predictions } = swappedPrediction(scores, {
          temperature: options.temperature,
          epsilon: options.sinkhornEpsilon,
          iterations: options.sinkhornIterations,
        });
        const moves = queueSize > 0 && training;
        return {
          loss,
          metrics: { accuracy, prototypeUse, outputClasses: classesTold(predictions) },
          buffers: moves
            ? Object.fromEntries(
                QUEUES.map((name, view) => [name, enqueue(buffers[name]!, stopGradient(large[view]!))]),
              )
            : {},
        };
      },
    });
  },
  preview(request) {
    const preview = previewOfTwoViews(request, 'all of these are of one prototype');
    const small = smallCrops(request);
    if (!small) return preview;
    const count = request.samples.shape[0]!;
    const first = tf.slice(small, new Array<number>(small.rank).fill(0), [count, ...small.shape.slice(1)]);
    return {
      ...preview,
      columns: [...preview.columns, { title: 'Small crop', role: 'view', values: first }],
    };
  },
});
