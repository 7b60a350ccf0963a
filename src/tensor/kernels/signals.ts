/** Views of signals and the scale of channels: each in one pass over memory by our own kernels (native/view.h). */
import { defineNative, ownKernelsTake, runNative } from '../native.ts';
import { presentShare } from '../share.ts';
import { tf, type Tensor } from '../tf.ts';
import { cropAndResize } from './images.ts';
import { addNoise } from './noise.ts';

/** What is changed about each window of a batch; what is left out stays as it is. */
export interface SignalChanges {
  /** [C]: what a signal is scaled around, and what a gap holds; left out: 0 */
  means?: Tensor;
  /** [N, C] */
  factors?: Tensor;
  /** [N, 4] for `cropAndResize` on a picture of height 1: the part that is stretched to the whole length */
  boxes?: Tensor;
  /** Deviations [N] of noise that is scaled by channel, [C]; its seed int32 [2]. */
  noise?: { deviations: Tensor; scales: Tensor; seed: Tensor };
  /** [N] each: what lies between is covered, as shares of the length; an absent gap ends before it starts. */
  gap?: { start: Tensor; end: Tensor };
}

const ownView = defineNative<object>(
  {
    name: 'PretextOwnSignalView',
    forward: ({ x, means, factors, cuts, deviations, scales, seed, gaps }) => [
      runNative('PretextSignalView', [], [x!, means!, factors!, cuts!, deviations!, scales!, seed!, gaps!]),
    ],
  },
  ['x', 'means', 'factors', 'cuts', 'deviations', 'scales', 'seed', 'gaps'],
);

/**
 * Scales, cuts and stretches, adds noise and covers, in this order. As `cropAndResize`, it has no gradient: it makes
 * views of samples, which no parameter precedes.
 *
 * @param x float32 [N, L, C]
 * @returns float32 [N, L, C]
 */
export function changeSignals(x: Tensor, changes: SignalChanges): Tensor {
  // Of a share of a batch only some rows of the whole draw of noise are wanted.
  return tf.tidy(() => (ownKernelsTake(x) && !presentShare() ? inOnePass(x, changes) : oneByOne(x, changes)));
}

function inOnePass(x: Tensor, { means, factors, boxes, noise, gap }: SignalChanges): Tensor {
  const [count, , channels] = x.shape as [number, number, number];
  const inputs = {
    x,
    means: means ?? tf.zeros([channels]),
    factors: factors ?? tf.ones([count, channels]),
    cuts: boxes
      ? tf.gather(boxes, tf.tensor1d([1, 3], 'int32'), 1)
      : tf.tile(tf.tensor2d([[0, 1]]), [count, 1]),
    deviations: noise?.deviations ?? tf.zeros([count]),
    scales: noise?.scales ?? tf.ones([channels]),
    seed: noise?.seed ?? tf.zeros([2], 'int32'),
    gaps: gap ? tf.stack([gap.start, gap.end], 1) : tf.zeros([count, 2]),
  };
  return ownView(inputs, {})[0]!;
}

function oneByOne(x: Tensor, { means, factors, boxes, noise, gap }: SignalChanges): Tensor {
  let view = means ? tf.sub(x, means) : x;
  if (factors) view = tf.mul(view, tf.expandDims(factors, 1));
  if (boxes) view = cutAndStretch(view, boxes);
  if (noise) view = addNoise(view, noise.deviations, noise.seed, noise.scales);
  if (gap) view = coverGap(view, gap);
  return means ? tf.add(view, means) : tf.clone(view);
}

function cutAndStretch(view: Tensor, boxes: Tensor): Tensor {
  const [count, length, channels] = view.shape as [number, number, number];
  const pictures = tf.reshape(view, [count, 1, length, channels]);
  const indices = tf.range(0, count, 1, 'int32');
  return tf.reshape(cropAndResize(pictures, boxes, indices, [1, length]), view.shape);
}

function coverGap(view: Tensor, { start, end }: NonNullable<SignalChanges['gap']>): Tensor {
  const length = view.shape[1]!;
  const centers = tf.div(tf.add(tf.range(0, length, 1, 'float32'), 0.5), length);
  const after = tf.greaterEqual(centers, tf.expandDims(start, 1));
  const before = tf.less(centers, tf.expandDims(end, 1));
  const kept = tf.sub(1, tf.cast(tf.logicalAnd(after, before), 'float32'));
  return tf.mul(view, tf.expandDims(kept, 2));
}

const ownScale = defineNative<object>(
  {
    name: 'PretextOwnScaleChannels',
    forward: ({ x, shifts, factors }) => [runNative('PretextScaleChannels', [], [x!, shifts!, factors!])],
    gradient: ([dy], { factors }) => ({ x: () => tf.mul(dy!, factors!) }),
  },
  ['x', 'shifts', 'factors'],
);

/**
 * (x − shift) · factor, by channel. No gradient reaches shifts and factors.
 *
 * @param x float32 [N, …, C]
 * @param shifts [C]
 * @param factors [C]
 */
export function scaleChannels(x: Tensor, shifts: Tensor, factors: Tensor): Tensor {
  if (ownKernelsTake(x)) return ownScale({ x, shifts, factors }, {})[0]!;
  return tf.tidy(() => tf.mul(tf.sub(x, shifts), factors));
}
