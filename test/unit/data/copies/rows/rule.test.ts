import { describe, expect, it } from 'vitest';
import { createBend } from '../../../../../src/data/copies/rows/bend.ts';
import { findRowRule } from '../../../../../src/data/copies/rows/rule.ts';
import { createRandom } from '../../../../../src/data/shards/random.ts';

const ROWS = 1000;
const random = createRandom(3);
const unit = () => random.below(2 ** 30) / 2 ** 30;
const table = (width: number, cell: (row: number, column: number) => number) =>
  Float32Array.from({ length: ROWS * width }, (_, at) => cell(Math.floor(at / width), at % width));
const ones = (width: number) => new Uint8Array(width).fill(1);

it('knows the middle half of each column, and which hold whole numbers alone', () => {
  const sample = table(3, (row, column) => [row / ROWS, row % 7, row % 10 === 0 ? NaN : 5][column]!);
  const rule = findRowRule(sample, Uint8Array.of(1, 0, 0), ROWS);
  expect(rule.scales[0]).toBeCloseTo(0.5, 2);
  expect([...rule.scales.subarray(1)]).toEqual([4, 0]);
  expect([...rule.whole]).toEqual([0, 1, 1]);
  expect([...rule.grid.columns]).toEqual([0]);
});

describe('near copies are looked for', () => {
  const isNear = (width: number, rows: number, cell: (row: number, column: number) => number, whole = 0) => {
    const hasFractions = ones(width).fill(0, 0, whole);
    return findRowRule(table(width, cell), hasFractions, rows).isNear;
  };

  it('where chance makes none: numbers spread evenly agree once in 5,000 pairs or less', () => {
    expect(isNear(1, 20, unit)).toBe(true);
    expect(isNear(1, 1000, unit)).toBe(false);
    expect(isNear(2, 100_000, unit)).toBe(true);
    expect(isNear(2, 5_000_000, unit)).toBe(false);
    expect(isNear(3, 5_000_000, unit)).toBe(true);
  });

  it('with codes beside a number where rows differ in these, too', () => {
    expect(isNear(2, 1000, (row, column) => (column === 0 ? row % 2 : unit()), 1)).toBe(false);
    expect(isNear(3, 1000, (_, column) => (column < 2 ? random.below(1000) : unit()), 2)).toBe(true);
  });

  it('not where columns follow from one another, but where enough beside them are free', () => {
    const [values, width] = [Array.from({ length: ROWS }, unit), 12];
    const follows = (row: number, column: number) => values[row]! * (column + 1) + column;
    expect(isNear(width, 200_000, follows)).toBe(false);
    // The free ones tell rows apart no better than those, and are last.
    expect(isNear(width, 200_000, (row, column) => (column < 10 ? follows(row, column) : unit()))).toBe(true);
    expect(isNear(width, 60, follows)).toBe(true);
  });

  it('not where numbers have few values, are all missing, or whole', () => {
    expect(isNear(3, 10_000, () => random.below(3) / 4)).toBe(false);
    expect(isNear(2, 1000, () => NaN)).toBe(false);
    expect(isNear(4, 1000, () => random.below(1000), 4)).toBe(false);
  });
});

it('begins cells where few numbers are near to a border, though all have one digit behind the point', () => {
  const sample = table(4, () => random.below(1000) / 10);
  const { grid, scales } = findRowRule(sample, ones(4), ROWS);
  let near = 0;
  sample.forEach((value, at) => {
    const column = [...grid.columns].indexOf(at % 4);
    const part = createBend(scales[at % 4]!)(value) / grid.width + grid.starts[column]!;
    if (Math.abs(part - Math.round(part)) * grid.width <= 1e-4) near++;
  });
  // By chance it is 2 of 32.
  expect(near / sample.length).toBeLessThan(0.07);
});
