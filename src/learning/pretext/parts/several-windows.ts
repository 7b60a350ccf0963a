/** What tasks share that look at several windows of a recording: views of all of them, and answers that are counted. */
import type { z } from 'zod';
import { PretextError } from '../../../contract/errors.ts';
import { choiceField, integerField, numberField } from '../../../contract/fields.ts';
import { childSeed, tf, type Scalar, type Tensor } from '../../../tensor/index.ts';
import { normalizeChannels, restoreChannels } from '../../channels.ts';
import { projection } from '../../layers/dense.ts';
import type { Layer, Pass } from '../../layers/layer.ts';
import { binaryCrossEntropy } from '../../losses/binary-cross-entropy.ts';
import { meanOfCounted } from '../../losses/counted-contrast.ts';
import { randomView } from '../../modalities/views.ts';
import { signalViewField } from '../../views/signal.ts';
import type { Companions, Preview, PreviewRequest, SampleFacts } from '../task.ts';
import { drawFar, drawNear, FAR_SCOPES, type Far } from './window-draws.ts';

/** Views that leave amplitude and time as they are: what else differs between windows is the question. */
export const severalWindowViews = () =>
  signalViewField({ cropProbability: 0, timeMaskProbability: 0 }, 'Views of each window');

export const nearField = (help: string, usual: number, minimum = 1) =>
  numberField({
    title: 'Near',
    help: `${help} A window's own length is 1.`,
    minimum,
    maximum: 10_000,
    default: usual,
    unit: 'windows',
  });

export const farField = (help: string, usual: number) =>
  numberField({
    title: 'Far',
    help: `${help} A window's own length is 1.`,
    minimum: 1,
    maximum: 100_000,
    default: usual,
    unit: 'windows',
  });

/** `group`: on the wrist gestures, whose recordings hold rest and one gesture, it taught what the recording did not (docs/bench.md). */
export const farInField = () =>
  choiceField({
    title: 'Far in',
    help: 'Where windows are looked for that are far: in the same recording and in others of its group (subject, session), or in the same recording alone, as in the paper, which is for recordings of hours that go through all states. Data without groups have the recording alone.',
    choices: FAR_SCOPES,
    default: 'group',
  });

/** Of words that say what is far. */
export const elsewhereWords = ({ farIn }: Pick<Far, 'farIn'>) =>
  farIn === 'group' ? ', or in another recording of its group' : '';

/** @throws PretextError where what is far would be near */
export function requireOrder({ near, far }: { near: number; far: number }): void {
  if (far > near) return;
  throw new PretextError({
    code: 'task.far-is-near',
    message: `Windows that are far must be farther than those that are near (${near}). Found: ${far}.`,
    place: 'pretext.options.far',
    remedy: 'Choose a larger `far`, or a smaller `near`.',
  });
}

/** Hidden units of a head that is dropped after pretraining. */
export const headWidthField = (usual: number) =>
  integerField({
    title: 'Hidden width',
    help: 'Hidden units of the head, which is dropped after pretraining.',
    minimum: 8,
    maximum: 8192,
    default: usual,
    unit: 'units',
    advanced: true,
  });

/** Numbers in which windows are compared, behind a hidden layer that is dropped after pretraining. */
export const comparedField = () =>
  integerField({
    title: 'Compared numbers',
    help: 'Windows are compared in so many numbers, behind a hidden layer; both are dropped after pretraining, so that features need not hold the answer alone. 0: the features themselves are compared, as in the paper.',
    minimum: 0,
    maximum: 4096,
    default: 0,
    advanced: true,
  });

/** What is compared of windows: a projection of their features, or these themselves, without a layer. */
export function comparison(
  features: number,
  compared: number,
): { size: number; layers: Layer[]; apply(x: Tensor, pass: Pass): Tensor } {
  if (compared === 0) return { size: features, layers: [], apply: (x: Tensor) => x };
  const layer = projection({ name: 'projection', inputs: features, hidden: features, outputs: compared });
  return { size: compared, layers: [layer], apply: (x: Tensor, pass: Pass) => layer.apply(x, pass) };
}

type Request = Pick<PreviewRequest<unknown>, 'samples' | 'seed' | 'channelStatistics' | 'modality'> & {
  facts?: SampleFacts | undefined;
  options: { signalViews: z.output<ReturnType<typeof severalWindowViews>> };
};

/** The samples, and behind them the first companion of each, the second, and so on: float32 [(1 + K) · N, …]. */
export function allWindows({ samples, facts }: Pick<Request, 'samples' | 'facts'>): Tensor {
  const companions = facts!.companions!;
  const [count, each, ...shape] = companions.shape as [number, number, ...number[]];
  // [N, K, …] to [K, N, …]: the axes of one sample stay as they are.
  const size = shape.reduce((product, side) => product * side, 1);
  const ordered = tf.transpose(tf.reshape(companions, [count, each, size]), [1, 0, 2]);
  return tf.concat([samples, tf.reshape(ordered, [each * count, ...shape])], 0);
}

/** Views of all windows, each drawn by itself, as the encoder takes them. */
export function windowViews(request: Request): Tensor {
  const { seed, modality, options, channelStatistics } = request;
  const views = { modality, options: options.signalViews };
  const changed = randomView(allWindows(request), childSeed(seed, 'view'), views, channelStatistics);
  return normalizeChannels(changed, channelStatistics);
}

/** Features of all windows apart: of the samples, of their first companions, …, [N, D] each. */
export const apart = (features: Tensor, { samples }: Pick<Request, 'samples'>): Tensor[] =>
  tf.split(features, features.shape[0]! / samples.shape[0]!, 0);

/** Whether all companions of a sample were there: float32 [N]. */
export const complete = (facts: SampleFacts | undefined): Tensor => tf.min(facts!.found!, 1);

/** So many lengths of a window, whatever else is of a recording's group. */
export const everywhere = (lengths: number) => ({ alone: lengths, inGroup: lengths });

/**
 * Where a window is wanted that is far from others, which may lie in another recording of the group.
 *
 * @param frame how far apart those begin at least, in lengths of a window; 0 for one
 * @param others lengths of a window that all of them take
 */
export function spanOfFar({ far, farIn }: Far, frame: number, others: number) {
  const alone = frame + far + 1;
  return { alone, inGroup: farIn === 'group' ? others : alone };
}

/** A near and a far window of the recording beside each sample. */
export const nearAndFar = ({ near, ...far }: { near: number } & Far): Companions => ({
  count: 2,
  among: 'recording',
  words: `a window at most ${near} and another at least ${far.far} window lengths away in its recording${elsewhereWords(far)}`,
  span: spanOfFar(far, 0, 2),
  ofLongRecordings: true,
  draw: (places, stream) => [drawNear(places, near, stream), drawFar(places, far, stream)],
});

/**
 * Logistic loss and accuracy of a question whose answer is yes for the first rows and no for as many behind them.
 *
 * @param logits [2 · N, 1]
 * @param counted 1 for samples that count, 0 for others: [N]
 */
export function yesThenNo(logits: Tensor, counted: Tensor): { loss: Scalar; accuracy: Scalar } {
  const flat = tf.reshape(logits, [-1]);
  const count = counted.shape[0]!;
  const targets = tf.concat([tf.ones([count]), tf.zeros([count])], 0);
  const twice = tf.concat([counted, counted], 0);
  const right = tf.cast(tf.equal(tf.greater(flat, 0), tf.greater(targets, 0.5)), 'float32');
  return {
    loss: meanOfCounted(binaryCrossEntropy(flat, targets), twice),
    accuracy: meanOfCounted(right, twice),
  };
}

/** The windows as they are shown, in stored units: [N, …] each. */
export function shownWindows(request: Request): Tensor[] {
  const shown = restoreChannels(windowViews(request), request.channelStatistics);
  return tf.split(shown, shown.shape[0]! / request.samples.shape[0]!, 0);
}

/** Sample and windows side by side; where a companion is missing, the words say so. */
export function previewOfWindows(request: Request, titles: readonly string[], words: string): Preview {
  const [own, ...others] = shownWindows(request);
  const found = Array.from(complete(request.facts).dataSync());
  return {
    columns: [
      { title: 'Sample', role: 'input', values: own! },
      ...others.map((values, place) => ({ title: titles[place]!, role: 'view' as const, values })),
    ],
    pseudoLabels: found.map((there) => (there === 1 ? words : 'not used: its recording has no such windows')),
  };
}
