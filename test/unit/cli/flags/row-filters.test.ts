import { expect, test } from 'vitest';
import type { StoredColumn } from '../../../../src/contract/data/columns.ts';
import { rowFilters } from '../../../../src/cli/flags/row-filters.ts';

const columns: StoredColumn[] = [
  { name: 'hours-per-week', kind: 'number', missing: 0, mean: 0, standardDeviation: 1, quantiles: [0, 1] },
  { name: 'job', kind: 'category', missing: 0, categories: ['cook', 'nurse'], counts: [1, 1] },
];

test('conditions become filters by the kind of their column', () => {
  expect(
    rowFilters(['hours-per-week >= 30', 'hours-per-week<=50.5', 'job = nurse, cook', 'job missing'], columns),
  ).toEqual([
    { column: 'hours-per-week', from: 30 },
    { column: 'hours-per-week', to: 50.5 },
    { column: 'job', categories: ['nurse', 'cook'] },
    { column: 'job', missing: true },
  ]);
  expect(rowFilters(['hours-per-week = -3'], columns)).toEqual([
    { column: 'hours-per-week', from: -3, to: -3 },
  ]);
});

test('what cannot be met is told', () => {
  expect(() => rowFilters(['job'], columns)).toThrow('“job” is no condition');
  expect(() => rowFilters(['job >= cook'], columns)).toThrow('neither more nor less');
  expect(() => rowFilters(['job = baker'], columns)).toThrow(
    '“baker” is no value of “job”, which has: cook, nurse.',
  );
  expect(() => rowFilters(['hours-per-week >= many'], columns)).toThrow('“many” is no number');
});
