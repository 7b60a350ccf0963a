import { expect, test } from 'vitest';
import { plainRow } from '../../../../src/cli/commands/rows.ts';
import type { StoredColumn } from '../../../../src/contract/data/columns.ts';
import type { TableRow } from '../../../../src/contract/data/table-rows.ts';

const number = { missing: 0, mean: 0, standardDeviation: 1, quantiles: [0, 1] };
const columns: StoredColumn[] = [
  { name: 'income', kind: 'whole-number', ...number },
  { name: 'mass', kind: 'number', unit: 'kg', ...number },
  { name: 'town', kind: 'category', missing: 0, categories: ['Bern, BE'], counts: [1] },
  { name: 'age', kind: 'number', ...number },
];

test('rows for other programs hold numbers without unit and grouped digits, and texts as they are', () => {
  const sample = { source: 'a.csv row 2' } as TableRow['sample'];
  const row = { sample, cells: ['12,345', '1,070.5 kg', 'Bern, BE', null] };
  expect(plainRow(row, columns)).toEqual({ sample, cells: ['12345', '1070.5', 'Bern, BE', null] });
});
