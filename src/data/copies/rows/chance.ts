/**
 * How likely two rows of a table are near copies by chance.
 *
 * Were columns independent, it would be the product of what each says. Often they are not: a temperature in °C says what
 * it is in °F. So pairs of rows in a sample are counted that agree in all columns, each within a tolerance that is
 * widened until there are enough of them, and it is followed how fast they grow fewer as the tolerance narrows: the
 * slope is the number of columns that are free, as in the correlation dimension of Grassberger and Procaccia (1983),
 * by the likelihood of the distances as Takens (1985) has it.
 *
 * The tolerance is told by a level: at level l a column agrees for a share c^l of all pairs, where c is the share that
 * agrees as copies do. So level 1 is that of copies, and in independent columns the logarithm of the share of pairs that
 * agree in all falls along a straight line.
 */
import { doublingsApart, placeOf } from './agreement.ts';

export interface SampledColumn {
  isWhole: boolean;
  scale: number;
  /** Share of all pairs that agree: as copies do, within twice as much, and so on. Between 0 and 1. */
  agreements: readonly number[];
}

/** Rows that agree at this level are taken as one: copies, and copies of these, are no chance. */
const COPY_LEVEL = 0.75;
/** Pairs from this level on are counted, and those below while there are too few. */
const COUNTED_LEVEL = 0.5;
/** Pairs that tell how fast they grow fewer. */
const COUNTED = { least: 32, most: 256, ofAll: 1 / 64 } as const;
/** Fewer pairs tell nothing. */
const LEAST_PAIRS = 64;
/** More pairs than independent columns have, by so many standard deviations, tell that they are not. */
const DEVIATIONS = 4;

/**
 * The share of pairs of rows that agree as copies do in all columns that are asked.
 *
 * @param sample rows one after the other, float32 [count, columns]
 * @param asked columns, those first that tell rows apart best
 */
export function chanceOfCopies(
  sample: Float32Array,
  columns: readonly SampledColumn[],
  asked: readonly number[],
): number {
  const chances = asked.map((column) => columns[column]!.agreements[0]!);
  const independent = chances.reduce((product, chance) => product * chance, 1);
  if (chances.length < 2) return independent;
  const { rows, levels } = closestPairs(sample, columns, asked);
  const pairs = (rows * (rows - 1)) / 2;
  if (pairs < LEAST_PAIRS) return independent;
  const wanted = Math.min(COUNTED.most, Math.max(COUNTED.least, Math.floor(pairs * COUNTED.ofAll)));
  const low = Math.min(COUNTED_LEVEL, levels[wanted - 1] ?? 0);
  const counted = levels.filter((level) => level >= low);
  const expected = pairs * independent ** low;
  if (counted.length <= expected + DEVIATIONS * Math.sqrt(expected)) return independent;
  const followed = (counted.length / pairs) * shareBeyond(counted, low);
  return Math.max(independent, Math.min(followed, ...chances));
}

/**
 * How many pairs reach level 1, for each that lies from `low` to the level of copies: as many as follow, where levels
 * are distributed exponentially.
 */
function shareBeyond(levels: readonly number[], low: number): number {
  const span = COPY_LEVEL - low;
  const mean = levels.reduce((sum, level) => sum + (level - low) / span, 0) / levels.length;
  const rate = rateOfTruncated(mean);
  return Math.exp((-rate * (1 - COPY_LEVEL)) / span) / Math.expm1(rate);
}

/** The rate of an exponential distribution that is cut off at 1, from its mean: the most likely one, by bisection. */
function rateOfTruncated(mean: number): number {
  let [low, high] = [1e-6, 1e4];
  for (let step = 0; step < 60; step++) {
    const rate = Math.sqrt(low * high);
    if (1 / rate - 1 / Math.expm1(rate) > mean) low = rate;
    else high = rate;
  }
  return high;
}

/**
 * Levels of the pairs that agree best, in descending order, among rows none of which are copies of others.
 *
 * A pair is left as soon as a column says that it is none of these: nearly all are at the first.
 */
function closestPairs(
  sample: Float32Array,
  columns: readonly SampledColumn[],
  asked: readonly number[],
): { rows: number; levels: number[] } {
  const width = columns.length;
  const levelOf = createLevels(sample, columns, asked);
  const kept: number[] = [];
  let levels: number[] = [];
  let [floor, full] = [0, 8 * COUNTED.most];
  for (let row = 0; row * width < sample.length; row++) {
    const own: number[] = [];
    const isCopy = kept.some((other) => {
      const level = levelOf(row, other, floor);
      if (level >= floor) own.push(level);
      return level >= COPY_LEVEL;
    });
    if (isCopy) continue;
    kept.push(row);
    for (const level of own) levels.push(level);
    if (levels.length < full) continue;
    levels.sort((one, other) => other - one);
    floor = Math.min(COUNTED_LEVEL, levels[COUNTED.most - 1]!);
    levels = levels.filter((level) => level >= floor);
    full = Math.max(full, 2 * levels.length);
  }
  return { rows: kept.length, levels: levels.sort((one, other) => other - one) };
}

/** The level at which two rows agree in all columns, or something below `floor` where it is below. */
function createLevels(sample: Float32Array, columns: readonly SampledColumn[], asked: readonly number[]) {
  const width = columns.length;
  const logarithms = asked.map((column) => Float64Array.from(columns[column]!.agreements, Math.log));
  const isWhole = asked.map((column) => columns[column]!.isWhole);
  const places = new Float32Array((sample.length / width) * asked.length);
  asked.forEach((column, at) => {
    const place = placeOf(columns[column]!.isWhole, columns[column]!.scale);
    for (let row = 0; row * width < sample.length; row++)
      places[row * asked.length + at] = place(sample[row * width + column]!);
  });
  return (row: number, other: number, floor: number): number => {
    let least = 1;
    for (let at = 0; at < asked.length && least >= floor; at++) {
      const [a, b] = [places[row * asked.length + at]!, places[other * asked.length + at]!];
      if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
      const apart = Math.abs(a - b);
      // What is missing in one of them, or infinite.
      if (!(apart < Infinity)) return 0;
      least = Math.min(least, levelAt(logarithms[at]!, doublingsApart(apart, isWhole[at]!)));
    }
    return least;
  };
}

/** Between two doublings the logarithm of the share that agrees is taken as straight. */
function levelAt(logarithms: Float64Array, doublings: number): number {
  const last = logarithms.length - 1;
  const before = Math.min(last, Math.floor(doublings));
  const after = Math.min(last, before + 1);
  const logarithm = logarithms[before]! + (doublings - before) * (logarithms[after]! - logarithms[before]!);
  // Where all rows of the sample agree in a column, whoever does not agrees at no level.
  return logarithms[0] === 0 ? 0 : logarithm / logarithms[0]!;
}
