/** By what the rows of a table are told apart: from a sample of them, and which columns hold whole numbers alone. */
import { createRandom } from '../../shards/random.ts';
import { createBend } from './bend.ts';
import { MOST_DIFFERENCE } from './likeness.ts';

export interface RowRule {
  /** The middle half of each column is so wide; numbers below are compared by it. 0 where most are the same. */
  scales: Float64Array;
  /** 1 where every known number is whole: codes, counts, days. They are the same in copies. */
  whole: Uint8Array;
  /** Cells of the columns that tell rows apart best; none where near copies are not looked for. */
  grid: Grid;
  /** Near copies are looked for: no column of whole numbers alone could hold one, and in few columns chance makes them. */
  isNear: boolean;
}

/** Each of these columns is cut into cells of one width, on its bent scale. */
export interface Grid {
  columns: Int32Array;
  /** Where the cells of each column begin, in cells. */
  starts: Float64Array;
  /** On the bent scale, in which near copies differ by `MOST_DIFFERENCE` at most. */
  width: number;
}

/** Columns with cells: more only make more borders. */
const MOST_COLUMNS = 64;
/** Cells are so many times as wide as copies may differ, and more by the number of columns: borders are seldom near. */
const WIDTH = { least: 16, aColumn: 8 } as const;
/** Rows that have a near copy by chance: with more, being near says nothing. */
const MOST_BY_CHANCE = 0.01;
/** Begins of cells that are tried: that one is best which few numbers of the sample are near to. */
const STARTS = 16;
/** Pairs of a sample that tell how often two numbers agree. */
const ENOUGH_PAIRS = 32;
const MOST_DOUBLINGS = 40;

/**
 * @param sample rows one after the other, float32 [count, width]
 * @param hasFractions 1 for each column that holds a number which is not whole, in any row
 * @param rows that each row is compared with
 */
export function findRowRule(sample: Float32Array, hasFractions: Uint8Array, rows: number): RowRule {
  const width = hasFractions.length;
  const whole = Uint8Array.from(hasFractions, (has) => 1 - has);
  const scales = new Float64Array(width);
  const chances = new Float64Array(width);
  const known = Array.from({ length: width }, (_, column) => knownAscending(sample, width, column));
  known.forEach((numbers, column) => {
    scales[column] = middleHalf(numbers);
    const agree = chanceOfAgreement(numbers, whole[column] === 1, scales[column]!);
    const share = numbers.length / Math.max(1, sample.length / width);
    chances[column] = (1 - share) ** 2 + share ** 2 * agree;
  });
  const together = chances.reduce((product, chance) => product * chance, rows);
  const isNear = hasFractions.includes(1) && together <= MOST_BY_CHANCE;
  return { scales, whole, isNear, grid: gridOf(known, { whole, scales, chances, isNear }) };
}

function gridOf(
  known: readonly Float64Array[],
  { whole, scales, chances, isNear }: Omit<RowRule, 'grid'> & { chances: Float64Array },
): Grid {
  const columns = [...scales.keys()]
    .filter((column) => isNear && whole[column] === 0)
    .sort((one, other) => chances[one]! - chances[other]!)
    .slice(0, MOST_COLUMNS);
  const width = MOST_DIFFERENCE * Math.max(WIDTH.least, WIDTH.aColumn * columns.length);
  const random = createRandom(11);
  const starts = columns.map((column) => {
    const bent = known[column]!.map(createBend(scales[column]!));
    const tried = Array.from({ length: STARTS }, () => random.below(2 ** 20) / 2 ** 20);
    const near = tried.map((start) =>
      bent.reduce((sum, at) => sum + (isAtBorder(at, start, width) ? 1 : 0), 0),
    );
    return tried[near.indexOf(Math.min(...near))]!;
  });
  return { columns: Int32Array.from(columns), starts: Float64Array.from(starts), width };
}

function isAtBorder(at: number, start: number, width: number): boolean {
  const part = at / width + start;
  return Math.abs(part - Math.round(part)) * width <= MOST_DIFFERENCE;
}

function knownAscending(sample: Float32Array, width: number, column: number): Float64Array {
  const numbers: number[] = [];
  for (let at = column; at < sample.length; at += width)
    if (Number.isFinite(sample[at])) numbers.push(sample[at]!);
  return Float64Array.from(numbers).sort();
}

const middleHalf = (ascending: Float64Array): number => {
  const at = (share: number) => ascending[Math.floor(share * (ascending.length - 1))] ?? 0;
  return at(0.75) - at(0.25);
};

/**
 * How likely two numbers of a column agree as those of copies do: counted in the sample, and where too few pairs do,
 * from those that agree within twice as much, and so on.
 */
function chanceOfAgreement(ascending: Float64Array, isWhole: boolean, scale: number): number {
  const pairs = (ascending.length * (ascending.length - 1)) / 2;
  if (pairs === 0) return 1;
  const places = isWhole ? ascending : ascending.map(createBend(scale));
  for (let doubling = 0; ; doubling++) {
    const times = 2 ** doubling;
    // Whole numbers agree with one of 1, 3, 7, … that lie so near.
    const reach = isWhole ? times - 1 : MOST_DIFFERENCE * times;
    const count = pairsWithin(places, reach);
    if (count >= Math.min(ENOUGH_PAIRS, pairs) || doubling === MOST_DOUBLINGS)
      return Math.min(1, Math.max(count, 1) / pairs / (isWhole ? 2 * reach + 1 : times));
  }
}

function pairsWithin(ascending: Float64Array, reach: number): number {
  let count = 0;
  for (let at = 0, first = 0; at < ascending.length; at++) {
    while (ascending[at]! - ascending[first]! > reach) first++;
    count += at - first;
  }
  return count;
}
