import { expect, test } from 'vitest';
import { pagesOf, plainRow } from '../../../../src/cli/commands/rows.ts';
import type { StoredColumn } from '../../../../src/contract/data/columns.ts';
import { runCommandLine } from '../../../../src/cli/program.ts';
import type { Environment } from '../../../../src/cli/environment.ts';
import type { RowsWish, TableRow } from '../../../../src/contract/data/table-rows.ts';

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

/** Ten rows, numbered, answered as the service answers. */
const client = {
  dataset: {
    rows: ({ offset = 0, limit = 100 }: RowsWish) => {
      const rows = Array.from({ length: Math.max(0, Math.min(limit, 10 - offset)) }, (_, at) => ({
        sample: { source: `row ${offset + at}` } as TableRow['sample'],
        cells: [],
      }));
      return Promise.resolve({ total: 10, rows });
    },
  },
};

test.each([
  [{ first: 0, most: 0 }, []],
  [{ first: 0, most: 2 }, ['row 0', 'row 1']],
  [{ first: 8, most: 5 }, ['row 8', 'row 9']],
  [{ first: 12, most: Infinity }, []],
])('of %j come as many rows as were asked for, and how many there are', async (asked, expected) => {
  const found: string[] = [];
  for await (const { total, rows } of pagesOf(client, { datasetId: 'd' }, asked)) {
    expect(total).toBe(10);
    found.push(...rows.map(({ sample }) => sample.source));
  }
  expect(found).toEqual(expected);
});

test('descending without an order is refused, and says what is missing', async () => {
  const said: string[] = [];
  const stream = { write: (text: string) => said.push(text) } as unknown as Environment['stderr'];
  const environment = { folder: '/', stdout: stream, stderr: stream, onInterrupt: () => () => {} };
  const status = await runCommandLine(
    ['data', 'rows', 'people', '--descending'],
    environment as unknown as Environment,
  );
  expect(status).toBe(2);
  expect(said.join('')).toContain('name a column by --sort');
});
