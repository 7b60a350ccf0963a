/** By what the rows of a table are told apart: from a sample of them, and which columns hold whole numbers alone. */
import { createRandom } from '../../shards/random.ts';
import { agreementsOf } from './agreement.ts';
import { createBend } from './bend.ts';
import { chanceOfCopies, type SampledColumn } from './chance.ts';
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
/** So many columns are asked first whether chance makes near copies, then so many times as many. */
const FIRST_COLUMNS = 8;
/** Begins of cells that are tried: that one is best which few numbers of the sample are near to. */
const STARTS = 16;

/**
 * @param sample rows one after the other, float32 [count, width]
 * @param hasFractions 1 for each column that holds a number which is not whole, in any row
 * @param rows that each row is compared with
 */
export function findRowRule(sample: Float32Array, hasFractions: Uint8Array, rows: number): RowRule {
  const width = hasFractions.length;
  const whole = Uint8Array.from(hasFractions, (has) => 1 - has);
  const scales = new Float64Array(width);
  const known = Array.from({ length: width }, (_, column) => knownAscending(sample, width, column));
  const columns = known.map((numbers, column): SampledColumn => {
    const scale = (scales[column] = middleHalf(numbers));
    const isWhole = whole[column] === 1;
    const share = numbers.length / Math.max(1, sample.length / width);
    const agreements = agreementsOf(numbers, isWhole, scale);
    return { isWhole, scale, agreements: agreements.map((agree) => (1 - share) ** 2 + share ** 2 * agree) };
  });
  const chances = Float64Array.from(columns, ({ agreements }) => agreements[0]!);
  const isNear = hasFractions.includes(1) && isSeldom(sample, columns, rows);
  return { scales, whole, isNear, grid: gridOf(known, { whole, scales, chances, isNear }) };
}

/**
 * Whether few rows have a near copy by chance. The columns that tell rows apart best are asked first: what few of them
 * say is enough, as others make copies by chance only rarer.
 */
function isSeldom(sample: Float32Array, columns: readonly SampledColumn[], rows: number): boolean {
  const most = MOST_BY_CHANCE / rows;
  const chanceOf = (column: number) => columns[column]!.agreements[0]!;
  const best = [...columns.keys()].sort((one, other) => chanceOf(one) - chanceOf(other));
  for (let count = 1; ; count *= FIRST_COLUMNS) {
    const asked = best.slice(0, count);
    const independent = asked.reduce((product, column) => product * chanceOf(column), 1);
    if (independent <= most && chanceOfCopies(sample, columns, asked) <= most) return true;
    if (count >= best.length) return false;
  }
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
