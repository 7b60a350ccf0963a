/**
 * The changes of signals that must be asked for: selfEEG's augmentations beside the usual ones, each drawn for every
 * window by itself.
 *
 * A change is a value: what it draws, and what it makes of a batch with that. Windows stand around their channels'
 * means here, in stored units.
 */
import { childSeed, normal, ownRows, tf, uniform, wholeCount, type Tensor } from '../../../tensor/index.ts';
import { drawUniform } from '../chance.ts';
import { averageReference, channelReference, drift, noiseAtRatio, permuteChannels } from './channels.ts';
import type { MoreChanges } from './options.ts';
import {
  bandNoise,
  filterSignals,
  shiftFrequency,
  swapPhases,
  turnPhases,
  type FilterKind,
} from './spectrum.ts';
import {
  coverStretch,
  cutSegments,
  movingAverage,
  reverseTime,
  scaleSlopes,
  shiftInTime,
  shiftVertical,
  warpTime,
} from './time.ts';

export interface ChangeContext {
  seed: Tensor;
  count: number;
  length: number;
  channels: number;
  options: MoreChanges;
  /** Points a second; whoever asks for frequencies has made sure of it. */
  rate: number;
}

type Draws = Record<string, Tensor>;

export interface SignalChange {
  /** `${name}Probability` says how often. */
  name: ChangeName;
  draw(context: ChangeContext): Draws;
  /** @param deviations [C] of the channels, in stored units */
  apply(x: Tensor, draws: Draws, context: ChangeContext, deviations: Tensor): Tensor;
}

type Names<Key> = Key extends `${infer Name}Probability` ? Name : never;
export type ChangeName = Names<keyof MoreChanges>;

const nothing = (): Draws => ({});
/** From −most to most. */
const around = ({ seed, count }: ChangeContext, label: string, most: number): Tensor =>
  drawUniform(seed, label, count, -most, most);
const phasesOf = ({ seed, count, length }: ChangeContext, label: string): Tensor =>
  uniform([count, Math.floor((length - 1) / 2)], childSeed(seed, label), 0, 2 * Math.PI);
/** A random order of 0 to size − 1 for each window: int32 [N, size]. */
const orderOf = ({ seed, count }: ChangeContext, label: string, size: number): Tensor =>
  tf.topk(uniform([count, size], childSeed(seed, label)), size, true).indices;
const sameFor = ({ count }: ChangeContext, values: readonly number[]): Tensor =>
  tf.tile(tf.tensor2d([[...values]]), [count, 1]);

const filter = (
  name: ChangeName,
  kind: FilterKind,
  edges: (options: MoreChanges) => [number, number],
): SignalChange => ({
  name,
  draw: nothing,
  apply: (x, _, context) =>
    filterSignals(
      x,
      { kind, edges: sameFor(context, edges(context.options)), order: context.options.filterOrder },
      context.rate,
    ),
});

/** Noise of a band on all channels, of so many deviations of each. */
function withBand(
  x: Tensor,
  band: readonly [number, number],
  phases: Tensor,
  context: ChangeContext,
  scales: Tensor,
): Tensor {
  const { count, length, rate } = context;
  const noise = bandNoise(
    length,
    { band: sameFor(context, band), phases, deviations: tf.ones([count]) },
    rate,
  );
  return tf.add(x, tf.mul(noise, scales));
}

/** Frequencies of what eyes and muscles leave in an EEG. */
const EYES = [1, 3] as const;
const MUSCLES = [20, 60] as const;
/** Share of the window that a lost contact takes. */
const LOST = 0.2;
const ARTIFACTS = 6;

const artifact: SignalChange = {
  name: 'artifact',
  draw: (context) => ({
    kind: tf.floor(drawUniform(context.seed, 'artifact-kind', context.count, 0, ARTIFACTS)),
    phases: phasesOf(context, 'artifact-phases'),
    start: drawUniform(context.seed, 'artifact-start', context.count, 0, 1),
    white: normal([context.count, context.length, 1], childSeed(context.seed, 'artifact-white')),
  }),
  apply(x, { kind, phases, start, white }, context, deviations) {
    const { length, options, rate } = context;
    const scales = tf.mul(deviations, options.artifact);
    // Bands are held below half the rate.
    const within = ([low, high]: readonly [number, number]): [number, number] => [
      Math.min(low, rate / 2),
      Math.min(high, rate / 2),
    ];
    const line = options.lineFrequency;
    const covered = Math.round(LOST * length);
    const first = tf.floor(tf.mul(start!, length - covered));
    const kinds = [
      withBand(x, within([line, line]), phases!, context, scales),
      withBand(x, within(EYES), phases!, context, scales),
      withBand(x, within(MUSCLES), phases!, context, scales),
      coverStretch(x, first, tf.fill([context.count], covered)),
      tf.add(x, tf.mul(drift(length, tf.ones([context.count])), scales)),
      tf.add(x, tf.mul(white!, scales)),
    ];
    const chosen = tf.cast(tf.oneHot(tf.cast(kind!, 'int32') as never, ARTIFACTS), 'float32');
    return kinds.reduce((sum, own, at) => {
      const yes = tf.reshape(tf.slice(chosen, [0, at], [-1, 1]), [context.count, 1, 1]);
      return tf.add(sum, tf.mul(own, yes));
    }, tf.zerosLike(x));
  },
};

/** In the order in which they are applied. */
export const signalChangesMore: readonly SignalChange[] = [
  {
    name: 'reference',
    draw: ({ seed, count, channels }) => ({
      channel: tf.cast(tf.floor(drawUniform(seed, 'reference', count, 0, channels)), 'int32'),
    }),
    apply: (x, { channel }, { options }) =>
      options.reference === 'average' ? averageReference(x, 0) : channelReference(x, channel!),
  },
  {
    name: 'shuffle',
    draw: (context) => ({ order: orderOf(context, 'shuffle', context.channels) }),
    apply: (x, { order }) => permuteChannels(x, order!),
  },
  { name: 'reverse', draw: nothing, apply: (x) => reverseTime(x) },
  {
    name: 'warp',
    draw: ({ seed, count, options }) => ({
      speeds: tf.exp(
        tf.mul(
          uniform([count, options.warpSegments], childSeed(seed, 'warp'), -1, 1),
          Math.log(options.warp),
        ),
      ),
    }),
    apply: (x, { speeds }) => warpTime(x, speeds!),
  },
  {
    name: 'cut',
    draw(context) {
      const { count, length, options } = context;
      const { cutOf, cutCount } = options;
      const points = Math.floor(length / cutOf);
      const gone = tf.slice(orderOf(context, 'cut-order', cutOf), [0, 0], [count, cutCount]);
      const removed = tf.sum(tf.cast(tf.oneHot(gone as never, cutOf), 'float32'), 1);
      const each = tf.reshape(tf.tile(tf.expandDims(removed, 2), [1, 1, points]), [count, cutOf * points]);
      const rest = length - cutOf * points;
      const out = rest > 0 ? tf.concat([each, tf.zeros([count, rest])], 1) : each;
      // Those that stay come first, in their order.
      const places = tf.add(tf.mul(out, length), tf.range(0, length, 1, 'float32'));
      const kept = length - cutCount * points;
      return { kept: tf.topk(tf.neg(places), kept, true).indices };
    },
    apply: (x, { kept }) => cutSegments(x, kept!),
  },
  {
    name: 'timeShift',
    draw: (context) => ({
      points: tf.round(around(context, 'time-shift', context.options.timeShift * context.length)),
    }),
    apply: (x, { points }) => shiftInTime(x, points!),
  },
  {
    name: 'frequencyShift',
    draw: (context) => ({ hertz: around(context, 'frequency-shift', context.options.frequencyShift) }),
    apply: (x, { hertz }, { rate }) => shiftFrequency(x, hertz!, rate),
  },
  {
    name: 'phaseSwap',
    // Pairs: the first of a random order with the second, and so on.
    draw({ seed, count: own }) {
      const count = wholeCount(own);
      const keys = uniform([1, count], childSeed(seed, 'phase-swap'));
      const order = tf.reshape(tf.topk(keys, count, true).indices, [count]);
      const whole = 2 * Math.floor(count / 2);
      const at = Array.from({ length: count }, (_, i) => (i < whole ? i ^ 1 : i));
      const others = tf.gather(order, tf.tensor1d(at, 'int32'));
      // Back to the order of the windows.
      const places = tf.topk(tf.neg(tf.cast(tf.reshape(order, [1, count]), 'float32')), count, true).indices;
      return { partners: ownRows(tf.gather(others, tf.reshape(places, [count]) as never)) };
    },
    apply: (x, { partners }) => swapPhases(x, partners!),
  },
  {
    name: 'phase',
    draw: (context) => ({ phases: phasesOf(context, 'phase') }),
    apply: (x, { phases }, { options }) => turnPhases(x, tf.mul(phases!, options.phase)),
  },
  {
    name: 'slope',
    draw: ({ seed, count, length, channels, options: { slope } }) => ({
      factors: uniform([count, length - 1, channels], childSeed(seed, 'slope'), 1 - slope, 1 + slope),
    }),
    apply: (x, { factors }) => scaleSlopes(x, factors!),
  },
  { name: 'smooth', draw: nothing, apply: (x, _, { options }) => movingAverage(x, options.smooth) },
  filter('lowPass', 'low', ({ lowPass }) => [lowPass, lowPass]),
  filter('highPass', 'high', ({ highPass }) => [highPass, highPass]),
  filter('bandPass', 'band', ({ bandPassFrom, bandPassTo }) => [bandPassFrom, bandPassTo]),
  filter('bandStop', 'stop', ({ bandStopFrom, bandStopTo }) => [bandStopFrom, bandStopTo]),
  {
    name: 'offset',
    draw: (context) => ({ values: around(context, 'offset', context.options.offset) }),
    apply: (x, { values }, _, deviations) =>
      tf.add(x, tf.mul(shiftVertical(tf.zerosLike(x), values!), deviations)),
  },
  {
    name: 'bandNoise',
    draw: (context) => ({ phases: phasesOf(context, 'band-noise') }),
    apply(x, { phases }, context, deviations) {
      const { bandNoiseFrom, bandNoiseTo, bandNoise: scale } = context.options;
      return withBand(x, [bandNoiseFrom, bandNoiseTo], phases!, context, tf.mul(deviations, scale));
    },
  },
  {
    name: 'ratioNoise',
    draw: ({ seed, count, length }) => ({
      noise: normal([count, length, 1], childSeed(seed, 'ratio-noise')),
    }),
    apply: (x, { noise }, { count, options }) =>
      noiseAtRatio(x, noise!, tf.fill([count], options.ratioNoise)),
  },
  artifact,
];
