/**
 * Views of multi-channel signals, over a whole batch at once: stretched in time, scaled, noisy, with channels
 * lost, turned or moved along a ring of electrodes.
 *
 * First everything random is drawn (`sampleSignalView`), then applied (`applySignalView`); both are pure.
 * Views are float32 in stored units.
 */
import { changeSignals, childSeed, normal, tf, uniform, type Tensor } from '../../tensor/index.ts';
import { safeDeviations, type ChannelStatistics } from '../channels.ts';
import { choiceField, groupField, integerField, numberField } from '../../contract/fields.ts';
import { choose, drawUniform, drawYes, perSample } from './chance.ts';
import { insideImage } from './crop.ts';
import { choosing, type Choosing } from './signals/composition.ts';
import { signalChangesMore, type ChangeContext, type SignalChange } from './signals/changes.ts';
import { moreChangeFields, moreChanges } from './signals/options.ts';
import { permuteSegments } from './signals/time.ts';

/** How the changes of one view belong together. */
export const COMPOSITIONS = ['sequence', 'one', 'in-turn'] as const;
export type Composition = (typeof COMPOSITIONS)[number];

/**
 * What most sensor data survives; lost channels, turns, rings and permuted segments must be asked for.
 *
 * Few are stretched, as that changes frequencies: chosen on validation data (`npm run bench -- defaults`, docs/bench.md).
 */
const usual = {
  cropProbability: 0.2,
  cropMinimum: 0.6,
  scaleProbability: 0.8,
  scale: 0.2,
  gain: 0.2,
  noiseProbability: 0.5,
  noise: 0.1,
  channelDropProbability: 0,
  timeMaskProbability: 0.3,
  timeMask: 0.2,
  signFlipProbability: 0,
  ringProbability: 0,
  ringShift: 1,
  segmentProbability: 0,
  segments: 4,
  composition: 'sequence' as Composition,
  samplingRate: 0,
  ...moreChanges,
};
export type SignalViewOptions = typeof usual;

/** The options of signal views as one field of a pretext task; `defaults` replace the usual ones. */
export function signalViewField(defaults: Partial<SignalViewOptions> = {}, title = 'Views') {
  return groupField({
    title,
    help: 'How a window of a signal is changed at random.',
    modality: 'signal',
    fields: signalViewFields({ ...usual, ...defaults }),
  });
}

/** Options of signal views with their defaults, for a named preset. */
export const signalViews = (changes: Partial<SignalViewOptions> = {}): SignalViewOptions => ({
  ...usual,
  ...changes,
});

function signalViewFields(values: SignalViewOptions) {
  type Numeric = { [Name in keyof SignalViewOptions]: SignalViewOptions[Name] extends number ? Name : never };
  const share = (name: Numeric[keyof SignalViewOptions], title: string, help: string, maximum = 1) =>
    numberField({ title, help, minimum: 0, maximum, default: values[name] });
  return {
    cropProbability: share(
      'cropProbability',
      'Stretched',
      'Share of views cut out in time and stretched to full length, which changes frequencies: 0 where these tell the classes, as in EEG.',
    ),
    cropMinimum: numberField({
      title: 'Shortest cut',
      help: 'Least share of the window that is kept when it is stretched.',
      minimum: 0.05,
      maximum: 1,
      default: values.cropMinimum,
    }),
    scaleProbability: share('scaleProbability', 'Scaled', 'Share of views whose amplitude changes.'),
    scale: share(
      'scale',
      'Scale of channels',
      'How much each channel is amplified by itself (deviation of the logarithm).',
      2,
    ),
    gain: share(
      'gain',
      'Gain',
      'How much all channels are amplified together (deviation of the logarithm).',
      2,
    ),
    noiseProbability: share('noiseProbability', 'Noisy', 'Share of views with random noise.'),
    noise: share('noise', 'Noise', 'Noise relative to each channel’s standard deviation.', 3),
    channelDropProbability: share(
      'channelDropProbability',
      'Lost channels',
      'Probability of each channel to be silent.',
      0.9,
    ),
    timeMaskProbability: share(
      'timeMaskProbability',
      'With a gap',
      'Share of views with a stretch of time covered.',
    ),
    timeMask: share('timeMask', 'Gap', 'Longest gap as a share of the window.', 0.9),
    signFlipProbability: share(
      'signFlipProbability',
      'Turned',
      'Share of views whose sign is turned, as with swapped electrodes.',
    ),
    ringProbability: share(
      'ringProbability',
      'Moved along the ring',
      'Share of views whose channels are moved on, for electrodes that form a ring (an armband put on differently).',
    ),
    ringShift: integerField({
      title: 'Ring shift',
      help: 'Channels are moved by up to so many places in either direction.',
      minimum: 1,
      maximum: 256,
      default: values.ringShift,
      unit: 'channels',
    }),
    segmentProbability: share(
      'segmentProbability',
      'Permuted',
      'Share of views whose segments are put in another order.',
    ),
    segments: integerField({
      title: 'Segments',
      help: 'Equal parts that are permuted.',
      minimum: 2,
      maximum: 16,
      default: values.segments,
    }),
    composition: choiceField({
      title: 'Together',
      help: 'All changes one after the other, each as often as its share says; one of them for each view, drawn by their shares; or one for each view, in turn.',
      choices: COMPOSITIONS,
      default: values.composition,
      advanced: true,
    }),
    ...moreChangeFields(values),
    samplingRate: numberField({
      title: 'Rate',
      help: 'Points a second, for changes of frequencies; 0 takes that of the recordings.',
      minimum: 0,
      maximum: 1_000_000,
      default: values.samplingRate,
      unit: 'Hz',
      advanced: true,
    }),
  };
}

/** Everything random about one view of a batch. Fields that are left out change nothing. */
export interface SignalViewDraw {
  /** [N, 4] for `cropAndResize` on a picture of height 1. */
  boxes?: Tensor;
  /** [N, C]: scaling, loss and turning of channels. */
  factors?: Tensor;
  /** [N, C, C]: moving of channels, as a product. */
  moves?: Tensor;
  noise?: { deviations: Tensor; seed: Tensor };
  /** First and last covered point as shares of the window; an absent gap ends before it starts. */
  gap?: { start: Tensor; end: Tensor };
  /** [N, segments]: which segment comes at each place. */
  order?: Tensor;
  /** Changes that were asked for: which windows have them, and what was drawn for each. */
  more?: { change: SignalChange; chosen: Tensor; draws: Record<string, Tensor>; context: ChangeContext }[];
}

/** Draws one view for each of `count` windows of shape [L, C]. */
export function sampleSignalView(
  seed: Tensor,
  count: number,
  shape: readonly number[],
  options: SignalViewOptions,
): SignalViewDraw {
  const [length, channels] = shape as [number, number];
  const draw: SignalViewDraw = {};
  const chosen = choosing(seed, count, options);
  if (options.cropProbability > 0 && options.cropMinimum < 1)
    draw.boxes = sampleCuts(seed, count, options, chosen);
  if (changesChannels(options)) {
    const own = childSeed(seed, 'mixing');
    draw.factors = sampleFactors(own, count, channels, options, chosen);
    if (options.ringProbability > 0) draw.moves = ringMoves(own, count, channels, options, chosen);
  }
  if (options.noiseProbability > 0 && options.noise > 0) {
    const noisy = chosen('noise', seed, 'noisy');
    const deviations = tf.mul(noisy, drawUniform(seed, 'noise-level', count, 0, options.noise));
    draw.noise = { deviations, seed: childSeed(seed, 'noise') };
  }
  if (options.timeMaskProbability > 0 && options.timeMask > 0)
    draw.gap = sampleGaps(seed, count, options, chosen);
  if (options.segmentProbability > 0) draw.order = sampleOrder(seed, count, options, chosen);
  const context = { seed, count, length, channels, options, rate: options.samplingRate };
  const asked = signalChangesMore.filter(({ name }) => options[`${name}Probability`] > 0);
  if (asked.length > 0)
    draw.more = asked.map((change) => ({
      change,
      chosen: chosen(change.name, seed, `more/${change.name}`),
      draws: change.draw(context),
      context,
    }));
  return draw;
}

const changesChannels = (options: SignalViewOptions) =>
  [
    options.scaleProbability,
    options.channelDropProbability,
    options.signFlipProbability,
    options.ringProbability,
  ].some((value) => value > 0);

function sampleCuts(seed: Tensor, count: number, options: SignalViewOptions, choosing: Choosing): Tensor {
  const cut = choosing('crop', seed, 'cut');
  const length = choose(cut, drawUniform(seed, 'cut-length', count, options.cropMinimum, 1), 1);
  const start = tf.mul(tf.sub(1, length), drawUniform(seed, 'cut-start', count, 0, 1));
  const zero = tf.zerosLike(start);
  return tf.stack([zero, insideImage(start), zero, insideImage(tf.add(start, length))], 1);
}

function sampleFactors(
  seed: Tensor,
  count: number,
  channels: number,
  options: SignalViewOptions,
  choosing: Choosing,
): Tensor {
  const scaled = perSample(choosing('scale', seed, 'scaled'), 2);
  const own = tf.mul(normal([count, channels], childSeed(seed, 'scale')), options.scale);
  const shared = tf.mul(normal([count, 1], childSeed(seed, 'gain')), options.gain);
  const kept = tf.sub(1, drawYes(seed, 'dropped', [count, channels], options.channelDropProbability));
  const sign = tf.sub(1, tf.mul(2, perSample(choosing('signFlip', seed, 'turned'), 2)));
  return tf.mul(tf.mul(tf.exp(tf.mul(scaled, tf.add(own, shared))), kept), sign);
}

/** [N, C, C]: row i has its 1 in the column that channel i moves to. */
function ringMoves(
  seed: Tensor,
  count: number,
  channels: number,
  options: SignalViewOptions,
  choosing: Choosing,
): Tensor {
  const reach = options.ringShift;
  const moved = choosing('ring', seed, 'moved');
  const steps = tf.floor(drawUniform(seed, 'ring', count, 0, 2 * reach + 1));
  const shift = tf.reshape(tf.mul(moved, tf.sub(steps, reach)), [count, 1]);
  const places = tf.mod(tf.add(tf.range(0, channels, 1, 'float32'), shift), channels);
  return tf.cast(tf.oneHot(tf.cast(places, 'int32'), channels), 'float32');
}

function sampleGaps(seed: Tensor, count: number, options: SignalViewOptions, choosing: Choosing) {
  const present = choosing('timeMask', seed, 'gap');
  const length = tf.mul(present, drawUniform(seed, 'gap-length', count, 0, options.timeMask));
  const start = tf.mul(tf.sub(1, length), drawUniform(seed, 'gap-start', count, 0, 1));
  return { start, end: tf.add(start, length) };
}

function sampleOrder(
  seed: Tensor,
  count: number,
  { segments }: SignalViewOptions,
  choosing: Choosing,
): Tensor {
  const permuted = perSample(choosing('segment', seed, 'permuted'), 2);
  const inOrder = tf.range(0, segments, 1, 'float32');
  const keys = choose(permuted, uniform([count, segments], childSeed(seed, 'order'), 0, segments), inOrder);
  return tf.topk(tf.neg(keys), segments, true).indices;
}

/**
 * Makes the view that was drawn.
 *
 * @param signals float32 [N, L, C] in stored units
 * @returns float32 [N, L, C] in stored units
 */
export function applySignalView(
  signals: Tensor,
  draw: SignalViewDraw,
  options: SignalViewOptions,
  statistics: ChannelStatistics,
): Tensor {
  return tf.tidy(() => {
    // Around the means, so that a lost channel and a gap hold the mean, which is 0 for an encoder.
    const means = tf.tensor1d([...statistics.mean]);
    const scales = tf.tensor1d(safeDeviations(statistics));
    const { factors, boxes, gap } = draw;
    const noise = draw.noise && { ...draw.noise, scales };
    if (!draw.moves && !draw.order && !draw.more)
      return changeSignals(signals, { means, factors, boxes, noise, gap });
    let view: Tensor = tf.sub(signals, means);
    if (draw.moves) view = tf.matMul(view, draw.moves);
    view = changeSignals(view, { factors, boxes });
    if (draw.order) view = permuteSegments(view, draw.order);
    for (const { change, chosen, draws, context } of draw.more ?? [])
      view = choose(perSample(chosen, 3), change.apply(view, draws, context, scales), view);
    return tf.add(changeSignals(view, { noise, gap }), means);
  });
}
