/** MoCo v2: one view must find the other, as a slow copy of the network sees it, among a queue of many. */
import { z } from 'zod';
import { childSeed, l2Normalize, permutation, tf, type State, type Tensor } from '../../../tensor/index.ts';
import { projection } from '../../layers/dense.ts';
import { infoNceWithQueue } from '../../losses/info-nce.ts';
import { integerField, numberField } from '../../../contract/fields.ts';
import { queuedTraining, queueLength } from '../parts/contrastive-defaults.ts';
import { enqueue, randomQueue } from '../parts/queue.ts';
import { suitableMomentum, targetNetwork } from '../parts/target-network.ts';
import { projectionHiddenField, projectionSizeField } from '../parts/head-fields.ts';
import { definePretextTask, pretextModel } from '../task.ts';
import { normalizedViews, previewOfTwoViews, viewFields } from '../parts/two-views.ts';

const QUEUE = 'queue/keys';
/** A group of keys is never smaller: its batch statistics would be too rough. */
const SMALLEST_GROUP = 8;

const options = z.strictObject({
  temperature: numberField({
    title: 'Temperature',
    help: 'Lower makes the task harder: views must tell apart more similar samples.',
    minimum: 0.01,
    maximum: 2,
    default: 0.2,
  }),
  queueSize: integerField({
    title: 'Queue',
    help: 'Keys of earlier batches that the right one must be told from.',
    minimum: 16,
    maximum: 131_072,
    default: 1024,
    unit: 'keys',
  }),
  momentum: numberField({
    title: 'Momentum of the target',
    help: 'Share of the target network, which makes the keys, that is kept at each step. Nearer to 1 for longer runs.',
    minimum: 0,
    maximum: 1,
    default: 0.99,
  }),
  keyGroups: integerField({
    title: 'Groups of keys',
    help: 'Keys are shuffled into groups that are normalised apart, so that batch statistics do not give away the answer.',
    minimum: 1,
    maximum: 32,
    default: 4,
    unit: 'groups',
    advanced: true,
  }),
  projectionHidden: projectionHiddenField(),
  projectionSize: projectionSizeField(),
  ...viewFields(),
});

/**
 * Applies `embed` to the samples in shuffled groups, each with batch statistics of its own, and puts the
 * results back in order: the "shuffling BN" of MoCo on one machine.
 */
export function inShuffledGroups(
  samples: Tensor,
  groups: number,
  seed: Tensor,
  embed: (group: Tensor) => Tensor,
): Tensor {
  const count = samples.shape[0]!;
  const used = Math.max(1, Math.min(groups, Math.floor(count / SMALLEST_GROUP)));
  if (used === 1) return embed(samples);
  const order = permutation(count, seed);
  const ends = Array.from({ length: used + 1 }, (_, i) => Math.round((i * count) / used));
  const sizes = ends.slice(1).map((end, i) => end - ends[i]!);
  const shuffled = tf.gather(samples, order as never);
  const embedded = tf.concat(
    tf.split(shuffled, sizes, 0).map((group) => embed(group)),
    0,
  );
  // Where in the shuffled order each sample went: the positions sorted by sample.
  const places = tf.topk(tf.neg(tf.cast(order, 'float32')), count, true).indices;
  return tf.gather(embedded, places as never);
}

export const mocoV2 = definePretextTask({
  id: 'moco-v2',
  title: 'MoCo v2',
  summary:
    'One view must find the other among thousands of embeddings of earlier batches, which a slowly following copy of the network has made. Has many negatives even where batches are small.',
  paper: {
    authors: 'Chen, Fan, Girshick, He',
    year: 2020,
    title: 'Improved Baselines with Momentum Contrastive Learning',
    url: 'https://arxiv.org/abs/2003.04297',
  },
  family: 'contrastive',
  pseudoLabel: 'Which of the keys, its own and those in the queue, comes from the same sample.',
  healthy:
    'The loss rises at first, while the queue fills with keys that are harder than random directions, up to the logarithm of the queue’s size, then falls slowly; accuracy rises. If the loss stays high, the target follows too slowly: lower its momentum. If accuracy is near 1 at once, the views are too easy.',
  options,
  alone: ({ keyGroups }) =>
    keyGroups > 1
      ? `normalises the keys in ${keyGroups} groups of a shuffled batch (\`keyGroups\`), which would go from process to process; with \`keyGroups: 1\` it can be shared`
      : null,
  defaults(context) {
    const training = queuedTraining(context);
    return {
      options: {
        queueSize: queueLength(context.sampleCount, 0.25, 65_536),
        momentum: suitableMomentum(context, training),
      },
      training,
    };
  },
  build({ encoder, options, modality, channelStatistics }) {
    const { queueSize, projectionSize: outputs } = options;
    const head = projection({
      name: 'projection',
      inputs: encoder.featureCount,
      hidden: options.projectionHidden,
      outputs,
      normalizeHidden: false,
    });
    const target = targetNetwork({ encoder, heads: [head] });
    return pretextModel({
      encoder,
      heads: [head],
      buffers: (seed) => ({
        ...target.buffers(seed),
        [QUEUE]: randomQueue(QUEUE, queueSize, outputs, seed),
      }),
      step(step) {
        const { samples, buffers, seed, encode, pass, training } = step;
        const queue = buffers[QUEUE]!;
        const [first, second] = normalizedViews({ samples, seed, options, modality, channelStatistics });
        const queries = head.apply(encode(first).features, pass);
        const slow = target.follow(step, options.momentum);
        const keys = inShuffledGroups(second, options.keyGroups, childSeed(seed, 'key-order'), (group) =>
          l2Normalize(head.apply(slow.encode(group).features, slow.pass)),
        );
        const { loss, accuracy } = infoNceWithQueue(queries, keys, queue, options.temperature);
        const moved: State = training ? { [QUEUE]: enqueue(queue, keys) } : {};
        return {
          loss,
          metrics: { accuracy },
          buffers: { ...slow.buffers(), ...moved },
        };
      },
    });
  },
  preview: (request) => previewOfTwoViews(request, 'these two belong together'),
});
