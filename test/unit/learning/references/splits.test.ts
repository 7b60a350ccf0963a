import { expect, it } from 'vitest';
import { UNKNOWN_BIN, type BinnedRows, type ColumnBins } from '../../../../src/learning/references/bins.ts';
import {
  bestSplit,
  buildHistogram,
  subtract,
  type Sums,
} from '../../../../src/learning/references/splits.ts';

const rowsOf = (columns: number[][], bins: ColumnBins[]): BinnedRows => ({
  rows: columns[0]!.length,
  columns: columns.map((column) => Uint8Array.from(column)),
  bins,
});
const number = (bounds: number): ColumnBins => ({ kind: 'number', bounds: new Float64Array(bounds) });
const everyRow = (rows: number) => Int32Array.from({ length: rows }, (_, i) => i);
const ones = (rows: number) => new Float64Array(rows).fill(1);
function find(rows: BinnedRows, first: number[], rules = { leastSamples: 1, penalty: 0 }) {
  const gradients = { first: Float64Array.from(first), second: ones(rows.rows) };
  const sums: Sums = { gradient: first.reduce((a, b) => a + b, 0), hessian: rows.rows, count: rows.rows };
  return bestSplit(buildHistogram(rows, gradients, everyRow(rows.rows)), rows.bins, sums, rules);
}

it('parts where the gain is largest: G² / H of both sides less that of the whole', () => {
  const rows = rowsOf(
    [
      [0, 1, 0, 1],
      [0, 0, 1, 1],
    ],
    [number(1), number(1)],
  );
  const split = find(rows, [-1, -1, 1, 1])!;
  expect(split).toMatchObject({ column: 1, leftSums: { gradient: -2, hessian: 2, count: 2 } });
  expect(split.gain).toBeCloseTo(4, 9);
  expect([split.left[0], split.left[1]]).toEqual([1, 0]);
  // The penalty is added to the second derivatives of each side: 4 / 3 + 4 / 3.
  expect(find(rows, [-1, -1, 1, 1], { leastSamples: 1, penalty: 1 })!.gain).toBeCloseTo(8 / 3, 9);
});

it('leaves a leaf whole where a side would be too small, or nothing is gained', () => {
  const rows = rowsOf([[0, 1, 1, 1]], [number(1)]);
  expect(find(rows, [-3, 1, 1, 1], { leastSamples: 2, penalty: 0 })).toBeNull();
  expect(find(rows, [1, 1, 1, 1])).toBeNull();
});

it('sends unknown values to the side where they gain more', () => {
  const unknownLikeLow = find(rowsOf([[0, 1, UNKNOWN_BIN]], [number(1)]), [-1, 2, -1])!;
  expect([unknownLikeLow.left[0], unknownLikeLow.left[UNKNOWN_BIN], unknownLikeLow.left[1]]).toEqual([
    1, 1, 0,
  ]);
  const unknownLikeHigh = find(rowsOf([[0, 1, UNKNOWN_BIN]], [number(1)]), [-2, 1, 1])!;
  expect([unknownLikeHigh.left[0], unknownLikeHigh.left[UNKNOWN_BIN]]).toEqual([1, 0]);
});

it('tells categories apart whatever their codes, and those of too few rows not at all', () => {
  // Category 0 and 2 go one way, 1 the other; 3 has a single row.
  const codes = [0, 1, 2].flatMap((code) => new Array<number>(20).fill(code)).concat(3);
  const first = codes.map((code) => (code === 1 ? 1 : code === 3 ? 50 : -1));
  const split = find(rowsOf([codes], [{ kind: 'category', count: 4 }]), first)!;
  expect(split.left[0]).toBe(split.left[2]);
  expect(split.left[0]).not.toBe(split.left[1]);
});

it('finds the histogram of one half from the whole and the other', () => {
  const rows = rowsOf([[0, 1, 0, 1]], [number(1)]);
  const gradients = { first: Float64Array.of(1, 2, 3, 4), second: ones(4) };
  const whole = buildHistogram(rows, gradients, everyRow(4));
  const half = buildHistogram(rows, gradients, Int32Array.of(0, 3));
  expect(subtract(whole, half)).toEqual(buildHistogram(rows, gradients, Int32Array.of(1, 2)));
});
