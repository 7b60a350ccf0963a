/**
 * Changes of signals along time and in their values: moved, reversed, smoothed, with other slopes, warped, with
 * parts taken out.
 *
 * All take and give [N, L, C], whole batches at once; what is random comes in as arguments. As selfEEG's, each
 * compared with it in the tests.
 */
import { tf, depthwiseConv1d, type Tensor } from '../../../tensor/index.ts';
import { perSample } from '../chance.ts';

/** @param values [N]: added to all channels */
export const shiftVertical = (x: Tensor, values: Tensor): Tensor => tf.add(x, perSample(values, 3));

/** @param points [N], whole: forwards, or back where negative; zeros follow */
export function shiftInTime(x: Tensor, points: Tensor): Tensor {
  const length = x.shape[1]!;
  const from = tf.sub(tf.range(0, length, 1, 'float32'), tf.expandDims(points, 1));
  const inside = tf.logicalAnd(tf.greaterEqual(from, 0), tf.less(from, length));
  const at = tf.cast(tf.clipByValue(from, 0, length - 1), 'int32');
  return tf.mul(pickPlaces(x, at), tf.expandDims(tf.cast(inside, 'float32'), 2));
}

/** Backwards in time. */
export const reverseTime = (x: Tensor): Tensor => tf.reverse(x, 1);

/** The mean of `order` neighbours; beyond the ends are zeros. */
export const movingAverage = (x: Tensor, order: number): Tensor =>
  depthwiseConv1d(x, tf.fill([order, x.shape[2]!], 1 / order));

/**
 * Every step from one point to the next is made larger or smaller.
 *
 * @param factors [N, L − 1, C] (or shapes that spread to it)
 * @param addUp whether steps add up from the first point on; else each starts from the point before as it was
 */
export function scaleSlopes(x: Tensor, factors: Tensor, addUp = false): Tensor {
  const [count, length, channels] = x.shape as [number, number, number];
  const before = tf.slice(x, [0, 0, 0], [count, length - 1, channels]);
  const steps = tf.mul(tf.sub(tf.slice(x, [0, 1, 0], [count, length - 1, channels]), before), factors);
  const first = tf.slice(x, [0, 0, 0], [count, 1, channels]);
  const rest = addUp ? tf.add(first, tf.cumsum(steps, 1)) : tf.add(before, steps);
  return tf.concat([first, rest], 1);
}

/**
 * Values between the points, by monotone cubic pieces (PCHIP, Fritsch and Butland 1984), as SciPy's.
 *
 * @param at [N, M]: places from 0 to L − 1
 * @returns [N, M, C]
 */
export function between(x: Tensor, at: Tensor): Tensor {
  const length = x.shape[1]!;
  const slopes = monotoneSlopes(x);
  const left = tf.minimum(tf.floor(at), length - 2);
  const share = tf.expandDims(tf.sub(at, left), 2);
  const before = tf.cast(left, 'int32');
  const after = tf.add(before, tf.scalar(1, 'int32'));
  const [y0, y1] = [pickPlaces(x, before), pickPlaces(x, after)];
  const [d0, d1] = [pickPlaces(slopes, before), pickPlaces(slopes, after)];
  // The four cubic polynomials of Hermite.
  const squared = tf.square(share);
  const rest = tf.sub(1, share);
  const rising = tf.mul(squared, tf.sub(3, tf.mul(2, share)));
  const values = tf.add(tf.mul(y0, tf.sub(1, rising)), tf.mul(y1, rising));
  const bends = tf.sub(tf.mul(d0, tf.mul(share, tf.square(rest))), tf.mul(d1, tf.mul(squared, rest)));
  return tf.add(values, bends);
}

/** Slopes at the points: the harmonic mean of both sides, 0 where they turn, and at the ends as SciPy's. */
function monotoneSlopes(x: Tensor): Tensor {
  const [count, length, channels] = x.shape as [number, number, number];
  const cut = (from: Tensor, start: number, size: number) =>
    tf.slice(from, [0, start, 0], [count, size, channels]);
  const steps = tf.sub(cut(x, 1, length - 1), cut(x, 0, length - 1));
  const [left, right] = [cut(steps, 0, length - 2), cut(steps, 1, length - 2)];
  const product = tf.mul(left, right);
  const monotone = tf.greater(product, 0);
  const sum = tf.where(monotone, tf.add(left, right), tf.onesLike(product));
  const inner = tf.where(monotone, tf.div(tf.mul(2, product), sum), tf.zerosLike(product));
  const first = endSlope(cut(steps, 0, 1), cut(steps, 1, 1));
  const last = endSlope(cut(steps, length - 2, 1), cut(steps, length - 3, 1));
  return tf.concat([first, inner, last], 1);
}

/** Of three points in equal steps; never against the nearest step, never steeper than three times it. */
function endSlope(nearest: Tensor, next: Tensor): Tensor {
  const slope = tf.div(tf.sub(tf.mul(3, nearest), next), 2);
  const against = tf.lessEqual(tf.mul(slope, nearest), 0);
  const turns = tf.less(tf.mul(nearest, next), 0);
  const steep = tf.logicalAnd(turns, tf.greater(tf.abs(slope), tf.mul(3, tf.abs(nearest))));
  return tf.where(against, tf.zerosLike(slope), tf.where(steep, tf.mul(3, nearest), slope));
}

/**
 * Time runs faster in some segments and slower in others, and the window keeps its length.
 *
 * @param speeds [N, S]: how many times longer each of S equal segments becomes
 */
export function warpTime(x: Tensor, speeds: Tensor): Tensor {
  const length = x.shape[1]!;
  const segments = speeds.shape[1]!;
  const total = tf.sum(speeds, 1, true);
  // Where every segment begins and ends in the warped window, as shares of it.
  const ends = tf.div(tf.cumsum(speeds, 1), total);
  const starts = tf.sub(ends, tf.div(speeds, total));
  const places = tf.reshape(tf.div(tf.range(0, length, 1, 'float32'), length - 1), [1, length, 1]);
  const inSegment = tf.div(tf.sub(places, tf.expandDims(starts, 1)), tf.expandDims(tf.sub(ends, starts), 1));
  // Every segment that has passed adds its whole, the present one its share.
  const passed = tf.sum(tf.clipByValue(inSegment, 0, 1), 2);
  return between(x, tf.clipByValue(tf.mul(passed, (length - 1) / segments), 0, length - 1));
}

/**
 * Takes segments out of every window and stretches what is left to the old length.
 *
 * @param kept int32 [N, K]: the points that stay, in order
 */
export function cutSegments(x: Tensor, kept: Tensor): Tensor {
  const [count, length] = x.shape as [number, number, number];
  const left = kept.shape[1]!;
  const at = tf.mul(tf.range(0, length, 1, 'float32'), (left - 1) / (length - 1));
  return between(pickPlaces(x, kept), tf.tile(tf.expandDims(at, 0), [count, 1]));
}

/** The values at places along time, each window’s own: [N, L, C] and int32 [N, M] to [N, M, C]. */
export function pickPlaces(x: Tensor, places: Tensor): Tensor {
  const [count, length, channels] = x.shape as [number, number, number];
  const first = tf.mul(tf.range(0, count, 1, 'int32'), tf.scalar(length, 'int32'));
  const flat = tf.reshape(tf.add(places, tf.expandDims(first, 1)), [-1]);
  const picked = tf.gather(tf.reshape(x, [count * length, channels]), flat as never);
  return tf.reshape(picked, [count, places.shape[1]!, channels]);
}

/**
 * Zeros over a stretch of every window.
 *
 * @param first [N]: the first point that is covered
 * @param counts [N]: how many are
 */
export function coverStretch(x: Tensor, first: Tensor, counts: Tensor): Tensor {
  const points = tf.reshape(tf.range(0, x.shape[1]!, 1, 'float32'), [1, -1, 1]);
  const since = tf.sub(points, perSample(first, 3));
  const covered = tf.logicalAnd(tf.greaterEqual(since, 0), tf.less(since, perSample(counts, 3)));
  return tf.mul(x, tf.sub(1, tf.cast(covered, 'float32')));
}

/**
 * Equal segments change places; points left over at the end stay.
 *
 * @param order int32 [N, S]: which segment comes at each place
 */
export function permuteSegments(x: Tensor, order: Tensor): Tensor {
  const [count, length, channels] = x.shape as [number, number, number];
  const segments = order.shape[1]!;
  const points = Math.floor(length / segments);
  if (points === 0) return x;
  const body = tf.slice(x, [0, 0, 0], [count, points * segments, channels]);
  const parts = tf.reshape(body, [count, segments, points * channels]);
  const permuted = tf.reshape(tf.gather(parts, order as never, 1, 1), body.shape);
  const rest = length - points * segments;
  if (rest === 0) return permuted;
  return tf.concat([permuted, tf.slice(x, [0, length - rest, 0], [count, rest, channels])], 1);
}
