import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import type { StoredColumn } from '../../../../src/contract/data/columns.ts';
import { rowsWishSchema, type RowsWish } from '../../../../src/contract/data/table-rows.ts';
import { getDataset, shardFile } from '../../../../src/project/index.ts';
import { readColumnRelation } from '../../../../src/service/datasets/column-relation.ts';
import { readTableRows } from '../../../../src/service/datasets/table-rows.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';

const columns = [
  {
    name: 'age',
    kind: 'number',
    missing: 0,
    mean: 40,
    standardDeviation: 10,
    quantiles: [20, 30, 40, 50, 60],
  },
  { name: 'work', kind: 'category', missing: 0, categories: ['farm', 'office'] },
] as unknown as StoredColumn[];
/** Ages with a missing one, work in turn; cats are old, dogs young. */
const rows = [
  [60, 0],
  [20, 1],
  [NaN, 0],
  [30, 1],
  [50, 0],
  [40, NaN],
];

function stored() {
  const project = temporaryProject();
  const samples = rows.map((_, i) =>
    sample(i, { byteOffset: i * 8, classId: i % 2, split: i === 5 ? 2 : 0 }),
  );
  const { id } = addDataset(project, 'people', samples, {
    modality: 'table',
    shape: [2],
    dtype: 'float32',
    columns,
  });
  const dataset = getDataset(project, id);
  const file = shardFile(project.folder, dataset.shard);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, Buffer.from(Float32Array.from(rows.flat()).buffer));
  const ask = async (wish: Omit<RowsWish, 'datasetId'> = {}) => {
    const page = await readTableRows(project, dataset, rowsWishSchema.parse({ datasetId: id, ...wish }));
    return { total: page.total, rows: page.rows.map(({ sample: { index }, cells }) => [index, ...cells]) };
  };
  return { project, dataset, ask };
}

it('shows rows as they were imported, in a person’s own words', async () => {
  const { ask } = stored();
  const { total, rows: shown } = await ask({ offset: 1, limit: 2 });
  expect([total, shown]).toEqual([
    6,
    [
      [1, '20', 'office'],
      [2, null, 'farm'],
    ],
  ]);
  expect((await ask({ offset: 9 })).rows).toEqual([]);
});

it('orders by a column either way, what is not known last', async () => {
  const { ask } = stored();
  const order = async (descending: boolean) =>
    (await ask({ sort: { column: 'age', descending } })).rows.map(([index]) => index);
  expect(await order(false)).toEqual([1, 3, 5, 4, 0, 2]);
  expect(await order(true)).toEqual([0, 4, 5, 3, 1, 2]);
});

it('keeps rows that fit all filters: ends included, categories by name, or what is missing', async () => {
  const { ask } = stored();
  const found = async (wish: Omit<RowsWish, 'datasetId'>) => (await ask(wish)).rows.map(([index]) => index);
  expect(await found({ filters: [{ column: 'age', from: 30, to: 50 }] })).toEqual([3, 4, 5]);
  expect(
    await found({
      filters: [
        { column: 'age', from: 30 },
        { column: 'work', categories: ['farm'] },
      ],
    }),
  ).toEqual([0, 4]);
  expect(await found({ filters: [{ column: 'work', missing: true }] })).toEqual([5]);
  expect(await found({ split: 'test' })).toEqual([5]);
});

it('refuses a column that there is none of, and data that are no table', async () => {
  const { project, ask } = stored();
  await expect(ask({ sort: { column: 'height' } })).rejects.toThrow(
    'There is no column “height”. The columns are: age, work.',
  );
  const { id } = addDataset(project, 'pictures', [sample(0)]);
  const wish = rowsWishSchema.parse({ datasetId: id });
  await expect(readTableRows(project, getDataset(project, id), wish)).rejects.toThrow(
    '“pictures” is no table.',
  );
});

it('relates a column to the target over training rows in which it is known', async () => {
  const { project, dataset } = stored();
  const { rows: counted, relation, stretches } = await readColumnRelation(project, dataset, 'age');
  // From 20 to 60 in steps of 4: one each of 20, 30, 50 and 60; the 40 is a test row.
  expect(stretches).toEqual([1, 0, 1, 0, 0, 0, 0, 1, 0, 1]);
  expect((await readColumnRelation(project, dataset, 'work')).stretches).toBeNull();
  // Of five training rows one has no age: 60 and 50 are cats, 20 and 30 dogs. Between classes 900, within 100.
  expect(counted).toBe(4);
  expect(relation).toEqual({ measure: 'correlation-ratio', value: expect.closeTo(Math.sqrt(900 / 1000), 5) });
});
