/**
 * Numbers with long tails by their logarithm: incomes, counts, concentrations. Most of such a column lies close together
 * near one end, and few values far away; their logarithm tells both apart.
 */
import type { NumberColumn } from '../../contract/data/columns.ts';
import { tf, type Tensor } from '../../tensor/index.ts';

/** A tail is long that reaches so many times farther from the middle than the other side does. */
const LONG = 5;
/** Beyond so many deviations a scaled number tells nothing more: no outlier may rule a whole batch. */
export const MOST_DEVIATIONS = 8;

/** Of each column, on its normalised scale: `log(1 + (direction · x − begin) · inverse)`, brought to deviation 1. */
export interface Tails {
  /** 1: the tail lies above, −1: below, 0: the column has none, and is scaled. */
  direction: number[];
  begin: number[];
  inverse: number[];
  mean: number[];
  scale: number[];
}

const NONE = { direction: 0, begin: 0, inverse: 0, mean: 0, scale: 0 };

/** From the quantiles of training rows. Mean and deviation of the logarithm are those over the quantiles. */
function tailOf({ quantiles, mean, standardDeviation }: NumberColumn): typeof NONE {
  const unit = standardDeviation > 0 ? standardDeviation : 1;
  const places = quantiles.map((value) => (value - mean) / unit);
  const least = places[0]!;
  const middle = places[Math.floor(places.length / 2)]!;
  const greatest = places[places.length - 1]!;
  const [below, above] = [middle - least, greatest - middle];
  const direction = above > LONG * below ? 1 : below > LONG * above ? -1 : 0;
  const near = direction > 0 ? below : above;
  if (direction === 0) return NONE;
  // Where more than half of the values are the least one, a deviation is what is near.
  const span = near > 0 ? near : 1;
  const begin = direction > 0 ? least : -greatest;
  const told = places.map((place) => Math.log(1 + Math.max(0, direction * place - begin) / span));
  const center = told.reduce((sum, value) => sum + value, 0) / told.length;
  const variance = told.reduce((sum, value) => sum + (value - center) ** 2, 0) / told.length;
  return {
    direction,
    begin,
    inverse: 1 / span,
    // A tail below falls as the number rises: turned around, it rises with it.
    mean: center,
    scale: direction / Math.sqrt(variance > 0 ? variance : 1),
  };
}

export function tailsOf(columns: readonly NumberColumn[]): Tails {
  const found = columns.map(tailOf);
  const of = (part: keyof typeof NONE) => found.map((one) => one[part]);
  return {
    direction: of('direction'),
    begin: of('begin'),
    inverse: of('inverse'),
    mean: of('mean'),
    scale: of('scale'),
  };
}

/**
 * Logarithms of columns with a long tail, all others in deviations.
 *
 * @param values float32 [N, F], normalised by each column's mean and deviation, none unknown
 * @returns the same
 */
export function byLogarithm(values: Tensor, columns: readonly NumberColumn[]): Tensor {
  return tf.tidy(() => {
    const { direction, begin, inverse, mean, scale } = tailsOf(columns);
    const row = (list: number[]) => tf.tensor1d(list);
    const away = tf.maximum(tf.sub(tf.mul(values, row(direction)), row(begin)), 0);
    const logarithm = tf.log(tf.add(tf.mul(away, row(inverse)), 1));
    const told = tf.mul(tf.sub(logarithm, row(mean)), row(scale));
    const isScaled = row(direction.map((one) => (one === 0 ? 1 : 0)));
    const scaled = tf.clipByValue(values, -MOST_DEVIATIONS, MOST_DEVIATIONS);
    // Of columns without a tail the logarithm's scale is 0.
    return tf.add(told, tf.mul(scaled, isScaled));
  });
}
