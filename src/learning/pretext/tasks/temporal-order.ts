/** Temporal order: three segments of a signal, one after the other; or is one of them in the wrong place? */
import { z } from 'zod';
import { PretextError } from '../../../contract/errors.ts';
import {
  childSeed,
  integers,
  softmaxCrossEntropy,
  tf,
  withRowsOfSample,
  type Scalar,
  type Tensor,
} from '../../../tensor/index.ts';
import { normalizeChannels, restoreChannels } from '../../channels.ts';
import { projection } from '../../layers/dense.ts';
import { agreement } from '../../losses/nt-xent.ts';
import { integerField, numberField } from '../../../contract/fields.ts';
import { cutPatches, drawWhole } from '../../views/patches.ts';
import { fittingEnlargement } from '../../modalities/views.ts';
import { signalViewField } from '../../views/signal.ts';
import { randomView } from '../../modalities/views.ts';
import { oneViewSuits } from '../parts/proposed-training.ts';
import { definePretextTask, pretextModel, type PreviewRequest } from '../task.ts';

const SEGMENTS = 3;
const SMALLEST_SEGMENT = 3;
/** Which segment comes at each place: in order, or the middle one exchanged with that before or behind it. */
const ORDERS = [
  [0, 1, 2],
  [1, 0, 2],
  [0, 2, 1],
];

const options = z.strictObject({
  segmentShare: numberField({
    title: 'Segment',
    help: 'Length of a segment as a share of the window; what three of them leave is divided at random between them.',
    minimum: 0.05,
    maximum: 0.33,
    default: 0.25,
  }),
  signalViews: signalViewField({ timeMaskProbability: 0 }, 'Views before cutting'),
  enlarge: integerField({
    title: 'Enlarged',
    help: 'So many times longer does the encoder see segments, which lets its deeper layers learn from short ones.',
    minimum: 1,
    maximum: 4,
    default: 1,
    unit: 'times',
    advanced: true,
  }),
  hidden: integerField({
    title: 'Hidden width',
    help: 'Hidden units of the head that sees the three segments, which is dropped after pretraining.',
    minimum: 8,
    maximum: 8192,
    default: 256,
    unit: 'units',
    advanced: true,
  }),
});
type Options = z.output<typeof options>;

/** Points of a segment of a window of so many. */
export const segmentLength = (points: number, { segmentShare }: Pick<Options, 'segmentShare'>) =>
  Math.min(Math.floor(points / SEGMENTS), Math.max(2, Math.round(segmentShare * points)));

export interface OrderQuestion {
  /** int32 [count]: 0 in order, 1 or 2 as in `ORDERS`. */
  order: Tensor;
  /** int32 [count]: the pseudo-labels, 1 where a segment is in the wrong place. */
  shuffled: Tensor;
  /** float32 [count, 3, 1]: first points of the segments in time, none over another. */
  inOrder: Tensor;
  /** float32 [count, 3, 1]: the same as they are shown. */
  starts: Tensor;
}

export function sampleOrder(seed: Tensor, count: number, points: number, length: number): OrderQuestion {
  const shuffled = integers([count], childSeed(seed, 'shuffled'), 0, 2);
  const exchanged = integers([count], childSeed(seed, 'exchanged'), 1, ORDERS.length);
  const order = tf.mul(shuffled, exchanged);
  const inOrder = sampleStarts(childSeed(seed, 'places'), count, points, length);
  const places = tf.gather(tf.tensor2d(ORDERS, undefined, 'int32'), order as never);
  return { order, shuffled, inOrder, starts: tf.gather(inOrder, places as never, 1, 1) };
}

/** Three of the places that segments can have, in the order of time. */
function sampleStarts(seed: Tensor, count: number, points: number, length: number): Tensor {
  const drawn = ['first', 'second', 'third'].map((label) =>
    drawWhole(seed, label, [count], 0, points - SEGMENTS * length),
  );
  const all = tf.stack(drawn, 1);
  const [least, most] = [tf.min(all, 1), tf.max(all, 1)];
  const middle = tf.sub(tf.sub(tf.sum(all, 1), least), most);
  const sorted = [least, middle, most].map((offset, i) => tf.add(offset, i * length));
  return tf.expandDims(tf.stack(sorted, 1), 2);
}

const questionOf = ({ samples, seed, options: chosen }: PreviewRequest<Options>) => {
  const [count, points] = samples.shape as [number, number, number];
  return sampleOrder(seed, count, points, segmentLength(points, chosen));
};

/** Segments as the encoder takes them: float32 [count · 3, length, C]. */
function segmentsFrom(request: PreviewRequest<Options>, starts: Tensor): Tensor {
  const { samples, seed, options: chosen, channelStatistics } = request;
  const views = { modality: 'signal' as const, options: chosen.signalViews };
  const view = randomView(samples, childSeed(seed, 'view'), views, channelStatistics);
  const length = segmentLength(samples.shape[1]!, chosen);
  return normalizeChannels(cutPatches(view, starts, [length], chosen.enlarge), channelStatistics);
}

function requireRoom(chosen: Options, points: number): void {
  if (segmentLength(points, chosen) >= SMALLEST_SEGMENT) return;
  throw new PretextError({
    code: 'task.too-small',
    message: `Three segments of ${segmentLength(points, chosen)} points teach nothing; they need at least ${SMALLEST_SEGMENT} each. Found: windows of ${points} points.`,
    place: 'pretext.options.segmentShare',
    remedy: 'Choose a larger `segmentShare`, or import longer windows.',
  });
}

export const temporalOrder = definePretextTask({
  id: 'temporal-order',
  title: 'Temporal order',
  summary:
    'Shows three segments of every window and asks whether they come in the order of time, or one of them was put in the wrong place. For signals with a course: something that begins, changes and ends; not for steady rhythms.',
  paper: {
    authors: 'Misra, Zitnick, Hebert',
    year: 2016,
    title: 'Shuffle and Learn: Unsupervised Learning using Temporal Order Verification',
    url: 'https://arxiv.org/abs/1603.08561',
  },
  modalities: ['signal'],
  family: 'predictive',
  meanOverSamples: true,
  pseudoLabel: 'Whether three segments come in the order of time.',
  healthy:
    'The loss starts near 0.69 and accuracy at 0.5, which is chance. Accuracy rises steadily where windows have a course; if it stays at 0.5, they look the same at every time: use longer windows or another task. If it is near 1 at once, a drift gives the order away.',
  options,
  defaults: ({ inputShape, sampleCount }) => ({
    options: {
      enlarge: fittingEnlargement(segmentLength(inputShape[0]!, { segmentShare: 0.25 }), 'signal'),
    },
    training: { ...oneViewSuits(sampleCount), epochs: 25 },
  }),
  check: (chosen, { inputShape }) => requireRoom(chosen, inputShape[0]!),
  build({ encoder, options: chosen, modality, channelStatistics }) {
    const inputs = SEGMENTS * encoder.featureCount;
    const head = projection({ name: 'head', inputs, hidden: chosen.hidden, outputs: 2 });
    return pretextModel({
      encoder,
      heads: [head],
      step({ samples, seed, encode, pass }) {
        const request = { samples, seed, options: chosen, modality, channelStatistics };
        const { shuffled, starts } = questionOf(request);
        const segments = segmentsFrom(request, starts);
        const { features } = withRowsOfSample(SEGMENTS, () => encode(segments));
        const logits = head.apply(tf.reshape(features, [samples.shape[0]!, inputs]), pass);
        const loss = tf.mean(softmaxCrossEntropy(logits, shuffled)) as Scalar;
        return { loss, metrics: { accuracy: agreement(logits, shuffled) } };
      },
    });
  },
  preview(request) {
    const { order, starts, inOrder } = questionOf(request);
    const count = request.samples.shape[0]!;
    /** The three segments, one behind the other. */
    const trace = (places: Tensor) => {
      const segments = restoreChannels(segmentsFrom(request, places), request.channelStatistics);
      return tf.reshape(segments, [count, -1, segments.shape.at(-1)!]);
    };
    return {
      columns: [
        { title: 'Sample', role: 'input', values: request.samples },
        { title: 'Three segments', role: 'view', values: trace(starts) },
        { title: 'In order', role: 'target', values: trace(inOrder) },
      ],
      pseudoLabels: Array.from(order.dataSync(), (number) =>
        number === 0 ? 'in order' : `shuffled: ${ORDERS[number]!.map((place) => place + 1).join(' ')}`,
      ),
    };
  },
});
