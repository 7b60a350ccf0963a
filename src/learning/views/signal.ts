/**
 * Views of multi-channel signals, over a whole batch at once: stretched in time, scaled, noisy, with channels
 * lost, turned or moved along a ring of electrodes.
 *
 * First everything random is drawn (`sampleSignalView`), then applied (`applySignalView`); both are pure.
 * Views are float32 in stored units.
 */
import { childSeed, cropAndResize, normal, tf, uniform, type Tensor } from '../../tensor/index.ts';
import { safeDeviations, type ChannelStatistics } from '../channels.ts';
import { groupField, integerField, numberField } from '../../contract/fields.ts';
import { choose, drawUniform, drawYes, perSample } from './chance.ts';
import { insideImage } from './crop.ts';

/** What most sensor data survives; lost channels, turns, rings and permuted segments must be asked for. */
const usual = {
  cropProbability: 0.8,
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
  const share = (name: keyof SignalViewOptions, title: string, help: string, maximum = 1) =>
    numberField({ title, help, minimum: 0, maximum, default: values[name] });
  return {
    cropProbability: share(
      'cropProbability',
      'Stretched',
      'Share of views cut out in time and stretched to full length.',
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
  };
}

/** Everything random about one view of a batch. Fields that are left out change nothing. */
export interface SignalViewDraw {
  /** [N, 4] for `cropAndResize` on a picture of height 1. */
  boxes?: Tensor;
  /** [N, C, C]: scaling, loss, turning and moving of channels, as one product. */
  mixing?: Tensor;
  noise?: { deviations: Tensor; seed: Tensor };
  /** First and last covered point as shares of the window; an absent gap ends before it starts. */
  gap?: { start: Tensor; end: Tensor };
  /** [N, segments]: which segment comes at each place. */
  order?: Tensor;
}

/** Draws one view for each of `count` windows of shape [L, C]. */
export function sampleSignalView(
  seed: Tensor,
  count: number,
  shape: readonly number[],
  options: SignalViewOptions,
): SignalViewDraw {
  const [, channels] = shape as [number, number];
  const draw: SignalViewDraw = {};
  if (options.cropProbability > 0 && options.cropMinimum < 1) draw.boxes = sampleCuts(seed, count, options);
  if (changesChannels(options))
    draw.mixing = sampleMixing(childSeed(seed, 'mixing'), count, channels, options);
  if (options.noiseProbability > 0 && options.noise > 0) {
    const noisy = drawYes(seed, 'noisy', [count], options.noiseProbability);
    const deviations = tf.mul(noisy, drawUniform(seed, 'noise-level', count, 0, options.noise));
    draw.noise = { deviations, seed: childSeed(seed, 'noise') };
  }
  if (options.timeMaskProbability > 0 && options.timeMask > 0) draw.gap = sampleGaps(seed, count, options);
  if (options.segmentProbability > 0) draw.order = sampleOrder(seed, count, options);
  return draw;
}

const changesChannels = (options: SignalViewOptions) =>
  [
    options.scaleProbability,
    options.channelDropProbability,
    options.signFlipProbability,
    options.ringProbability,
  ].some((value) => value > 0);

function sampleCuts(seed: Tensor, count: number, options: SignalViewOptions): Tensor {
  const cut = drawYes(seed, 'cut', [count], options.cropProbability);
  const length = choose(cut, drawUniform(seed, 'cut-length', count, options.cropMinimum, 1), 1);
  const start = tf.mul(tf.sub(1, length), drawUniform(seed, 'cut-start', count, 0, 1));
  const zero = tf.zerosLike(start);
  return tf.stack([zero, insideImage(start), zero, insideImage(tf.add(start, length))], 1);
}

function sampleMixing(seed: Tensor, count: number, channels: number, options: SignalViewOptions): Tensor {
  const scaled = perSample(drawYes(seed, 'scaled', [count], options.scaleProbability), 2);
  const own = tf.mul(normal([count, channels], childSeed(seed, 'scale')), options.scale);
  const shared = tf.mul(normal([count, 1], childSeed(seed, 'gain')), options.gain);
  const kept = tf.sub(1, drawYes(seed, 'dropped', [count, channels], options.channelDropProbability));
  const sign = tf.sub(1, tf.mul(2, drawYes(seed, 'turned', [count, 1], options.signFlipProbability)));
  const factors = tf.mul(tf.mul(tf.exp(tf.mul(scaled, tf.add(own, shared))), kept), sign);
  return tf.mul(ringMoves(seed, count, channels, options), tf.expandDims(factors, 1));
}

/** [N, C, C]: row i has its 1 in the column that channel i moves to. */
function ringMoves(seed: Tensor, count: number, channels: number, options: SignalViewOptions): Tensor {
  if (options.ringProbability === 0) return tf.expandDims(tf.eye(channels), 0);
  const reach = options.ringShift;
  const moved = drawYes(seed, 'moved', [count], options.ringProbability);
  const steps = tf.floor(drawUniform(seed, 'ring', count, 0, 2 * reach + 1));
  const shift = tf.reshape(tf.mul(moved, tf.sub(steps, reach)), [count, 1]);
  const places = tf.mod(tf.add(tf.range(0, channels, 1, 'float32'), shift), channels);
  return tf.cast(tf.oneHot(tf.cast(places, 'int32'), channels), 'float32');
}

function sampleGaps(seed: Tensor, count: number, options: SignalViewOptions) {
  const present = drawYes(seed, 'gap', [count], options.timeMaskProbability);
  const length = tf.mul(present, drawUniform(seed, 'gap-length', count, 0, options.timeMask));
  const start = tf.mul(tf.sub(1, length), drawUniform(seed, 'gap-start', count, 0, 1));
  return { start, end: tf.add(start, length) };
}

function sampleOrder(
  seed: Tensor,
  count: number,
  { segments, segmentProbability }: SignalViewOptions,
): Tensor {
  const permuted = perSample(drawYes(seed, 'permuted', [count], segmentProbability), 2);
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
    let view: Tensor = tf.sub(signals, means);
    if (draw.mixing) view = tf.matMul(view, draw.mixing);
    if (draw.boxes) view = cutAndStretch(view, draw.boxes);
    if (draw.order) view = permuteSegments(view, draw.order, options.segments);
    if (draw.noise) view = tf.add(view, noiseLike(view, draw.noise, statistics));
    if (draw.gap) view = coverGap(view, draw.gap);
    return tf.add(view, means);
  });
}

function cutAndStretch(view: Tensor, boxes: Tensor): Tensor {
  const [count, length, channels] = view.shape as [number, number, number];
  const pictures = tf.reshape(view, [count, 1, length, channels]);
  const indices = tf.range(0, count, 1, 'int32');
  return tf.reshape(cropAndResize(pictures, boxes, indices, [1, length]), view.shape);
}

/** Whole segments change places; points left over at the end stay. */
function permuteSegments(view: Tensor, order: Tensor, segments: number): Tensor {
  const [count, length, channels] = view.shape as [number, number, number];
  const points = Math.floor(length / segments);
  if (points === 0) return view;
  const body = tf.slice(view, [0, 0, 0], [count, points * segments, channels]);
  const parts = tf.reshape(body, [count, segments, points * channels]);
  const permuted = tf.reshape(tf.gather(parts, order as never, 1, 1), body.shape);
  const rest = length - points * segments;
  if (rest === 0) return permuted;
  return tf.concat([permuted, tf.slice(view, [0, length - rest, 0], [count, rest, channels])], 1);
}

function noiseLike(
  view: Tensor,
  { deviations, seed }: NonNullable<SignalViewDraw['noise']>,
  statistics: ChannelStatistics,
): Tensor {
  const scale = tf.mul(perSample(deviations, 3), tf.tensor1d(safeDeviations(statistics)));
  return tf.mul(normal(view.shape, seed), scale);
}

function coverGap(view: Tensor, { start, end }: NonNullable<SignalViewDraw['gap']>): Tensor {
  const length = view.shape[1]!;
  const centers = tf.div(tf.add(tf.range(0, length, 1, 'float32'), 0.5), length);
  const after = tf.greaterEqual(centers, tf.expandDims(start, 1));
  const before = tf.less(centers, tf.expandDims(end, 1));
  const kept = tf.sub(1, tf.cast(tf.logicalAnd(after, before), 'float32'));
  return tf.mul(view, tf.expandDims(kept, 2));
}
