import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openShard } from '../../../../src/data/shards/reader.ts';
import { orderRows, type RowOrder } from '../../../../src/data/tables/order.ts';
import { folderOf } from '../../../fixtures/imports.ts';

async function ordered(rows: number[][], order: Partial<RowOrder>, left: number[] = []) {
  const file = join(await folderOf(), 'rows.shard');
  await writeFile(file, new Uint8Array(Float32Array.from(rows.flat()).buffer));
  const shard = await openShard(file);
  try {
    const width = rows[0]!.length;
    const offsets = Float64Array.from(rows, (_, at) => (left.includes(at) ? -1 : at * width * 4));
    const asked = { column: 0, descending: false, fits: () => true, ...order };
    return [...(await orderRows(shard, offsets, width, asked))];
  } finally {
    await shard.close();
  }
}

const rows = [[3], [-0.5], [NaN], [1e30], [-2e-20], [-7], [0], [3]];

it('rises or falls with the values; what is not known comes last, and equal ones stay in their order', async () => {
  expect(await ordered(rows, {})).toEqual([5, 1, 4, 6, 0, 7, 3, 2]);
  expect(await ordered(rows, { descending: true })).toEqual([3, 0, 7, 6, 4, 1, 5, 2]);
});

it('keeps rows that fit, and leaves out those that are not asked for', async () => {
  expect(await ordered(rows, { column: null, fits: (values, at) => values[at]! >= 0 }, [6])).toEqual([
    0, 3, 7,
  ]);
});

it('sorts as many as are read at several times', async () => {
  const many = Array.from({ length: 20_000 }, (_, at) => [(at * 7919) % 20_011, at]);
  const expected = many.map((_, at) => at).sort((one, other) => many[one]![0]! - many[other]![0]!);
  expect(await ordered(many, {})).toEqual(expected);
});
