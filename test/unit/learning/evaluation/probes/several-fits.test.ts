import { expect, it } from 'vitest';
import {
  fitEach,
  knownRows,
  type FitOne,
} from '../../../../../src/learning/evaluation/probes/several-fits.ts';

const rows = (count: number) => ({ values: new Float32Array(count), rows: count, columns: 1 });
const labeled = (targets: number[]) => ({
  features: rows(targets.length),
  targets: Float64Array.from(targets),
});
/** Answers the share of ones, or the mean. */
const fit: FitOne = ({ targets }, _validation, classCount) => {
  const mean = targets.reduce((sum, value) => sum + value, 0) / targets.length;
  return (asked) =>
    Float64Array.from({ length: asked.rows * Math.max(1, classCount) }, (_, i) =>
      classCount === 2 && i % 2 === 0 ? 1 - mean : mean,
    );
};

it('of each target those rows are taken in which it is known', () => {
  const features = { values: Float32Array.of(1, 2, 3, 4, 5, 6), rows: 3, columns: 2 };
  const known = knownRows(features, [10, NaN, NaN, NaN, 30, 31], 2);
  expect(known.map(({ targets }) => [...targets])).toEqual([[10, 30], [31]]);
  expect(known.map((one) => [...one.features.values])).toEqual([
    [1, 2, 5, 6],
    [5, 6],
  ]);
  expect(known.map((one) => one.features.rows)).toEqual([2, 1]);
});

it('each target has a fit of its own, to the rows where it is known', () => {
  const numbers = [labeled([1, 3]), labeled([10, 20, 60])];
  expect(Array.from(fitEach(numbers, numbers, 'numbers', fit)(rows(2)))).toEqual([2, 30, 2, 30]);
});

it('a label that all rows have, or none, is answered by how many there are', () => {
  const labels = [labeled([1, 0, 0, 0]), labeled([0, 0, 0]), labeled([])];
  const answers = fitEach(labels, labels, 'labels', fit)(rows(1));
  expect(Array.from(answers, (value) => Number(value.toFixed(6)))).toEqual([0.25, 0.2, 0.5]);
});

it('what is known of no validation sample is chosen by the labeled rows themselves', () => {
  const seen: number[] = [];
  const spy: FitOne = (own, validation, classCount) => {
    seen.push(validation.targets.length);
    return fit(own, validation, classCount);
  };
  fitEach([labeled([1, 2, 3])], [labeled([])], 'numbers', spy);
  expect(seen).toEqual([3]);
});
