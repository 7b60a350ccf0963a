/** What the rows of several files say about each column. */
import { isMissing, looksLikeNumber, toNumber, type NumberFormat } from './numbers.ts';
import { looksLikeTime, parseTime } from './time.ts';

export const MOST_VALUES = 64;

export interface ColumnFacts {
  cells: number;
  /** Shares of all cells. */
  missing: number;
  /** Of cells that are not missing. */
  numbers: number;
  times: number;
  wholes: number;
  /** Different values, up to one more than `MOST_VALUES`. */
  values: Set<string>;
  /** Places where the value changes from one row to the next. */
  changes: number;
  /** Never more than one value in a file. */
  constantInFiles: boolean;
  /** Rows count up by one throughout, but for starting over (a counter of a byte). */
  counts: boolean;
  /** Never goes back, and goes on. */
  rises: boolean;
  /** Distances between neighbouring rows, in the order of files. */
  steps: number[];
  firstNumber: number;
}

/**
 * @param files First rows of each file, and rows from further on, which have no neighbours.
 */
export function factsOf(
  files: readonly { rows: string[][]; laterRows: string[][] }[],
  column: number,
  format: NumberFormat,
): ColumnFacts {
  const sum = {
    cells: 0,
    missing: 0,
    numbers: 0,
    times: 0,
    wholes: 0,
    changes: 0,
    ups: 0,
    resets: 0,
    backs: 0,
  };
  const values = new Set<string>();
  const steps: number[] = [];
  let constantInFiles = true;
  let firstNumber = NaN;
  for (const { rows, laterRows } of files) {
    let before: string | null = null;
    let beforeNumber = NaN;
    const inFile = new Set<string>();
    const look = (cell: string, isNeighbour: boolean) => {
      sum.cells += 1;
      if (isMissing(cell)) {
        sum.missing += 1;
        return;
      }
      if (values.size <= MOST_VALUES) values.add(cell);
      if (inFile.size < 2) inFile.add(cell);
      const isTime = looksLikeTime(cell);
      const number = isTime ? parseTime(cell) : toNumber(cell, format);
      if (isTime) sum.times += 1;
      else if (looksLikeNumber(cell)) sum.numbers += 1;
      if (Number.isInteger(number) && !isTime) sum.wholes += 1;
      if (!isNeighbour) return;
      if (before !== null && before !== cell) sum.changes += 1;
      const step = number - beforeNumber;
      if (!Number.isNaN(step)) {
        steps.push(step);
        if (Math.abs(step - 1) < 1e-9) sum.ups += 1;
        else if (step < 0 && number <= 1 && Number.isInteger(number)) sum.resets += 1;
        if (step < 0) sum.backs += 1;
      }
      if (Number.isNaN(firstNumber)) firstNumber = number;
      before = cell;
      beforeNumber = number;
    };
    for (const row of rows) look(row[column] ?? '', true);
    for (const row of laterRows) look(row[column] ?? '', false);
    if (inFile.size > 1) constantInFiles = false;
  }
  const present = Math.max(1, sum.cells - sum.missing);
  return {
    cells: sum.cells,
    missing: sum.cells === 0 ? 1 : sum.missing / sum.cells,
    numbers: sum.numbers / present,
    times: sum.times / present,
    wholes: sum.wholes / present,
    values,
    changes: sum.changes,
    constantInFiles,
    counts: steps.length >= 8 && sum.wholes === sum.cells && sum.ups + sum.resets === steps.length,
    rises:
      steps.length >= 8 &&
      sum.backs <= steps.length / 1000 &&
      steps.filter((step) => step > 0).length >= steps.length * 0.5,
    steps,
    firstNumber,
  };
}

/** Few different values that stay the same for long stretches. */
export function looksLikeLabels(facts: ColumnFacts): boolean {
  const { values, changes, cells, missing } = facts;
  const whole = facts.wholes >= 0.999 || facts.numbers < 0.5;
  return whole && values.size >= 2 && values.size <= MOST_VALUES && changes <= (cells * (1 - missing)) / 16;
}

export interface Pace {
  hz: number;
  /** Seconds from one row to the next: usual, shortest, longest without gaps. */
  median: number;
  shortest: number;
  longest: number;
  /** More than one step in twenty is a fifth off the usual one. */
  isUneven: boolean;
  /** Some rows are late or lost: the mean over few rows is not exact. */
  isRough: boolean;
}

/** @param unit Seconds that a step of one stands for. */
export function paceOf(steps: readonly number[], unit: number): Pace | null {
  const usable = steps.filter((step) => step > 0).sort((first, second) => first - second);
  const zeros = steps.filter((step) => step === 0).length;
  if (usable.length < 8) return null;
  const median = usable[usable.length >> 1]!;
  // Several rows of one time stamp: the clock is coarser than the rows, the mean still right.
  const kept = usable.filter((step) => step <= median * 10);
  const rows = kept.length + zeros;
  const mean = kept.reduce((sum, step) => sum + step, 0) / rows;
  const off = kept.filter((step) => Math.abs(step - mean) > mean / 5).length + zeros;
  return {
    hz: niceRate(1 / (mean * unit)),
    median: median * unit,
    shortest: kept[0]! * unit,
    longest: kept.at(-1)! * unit,
    isUneven: off > rows / 20,
    isRough: off > 0 && kept.at(-1)! > median * 1.5,
  };
}

/** 99.98 Hz, read from rounded times, is 100 Hz. */
export function niceRate(hz: number): number {
  const whole = Math.round(hz);
  if (whole >= 1 && Math.abs(hz - whole) <= whole * 0.002) return whole;
  return Number(hz.toPrecision(6));
}
