import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { sortRows } from '../../../../../src/data/copies/rows/catalogue.ts';
import { createRowHand } from '../../../../../src/data/copies/rows/hand.ts';
import { findRowRule } from '../../../../../src/data/copies/rows/rule.ts';
import { folderOf } from '../../../../fixtures/imports.ts';

const known = [
  [1, 0.125, 7.5],
  [2, 0.5, NaN],
  [1, 0.125, 7.5],
];
const asked = [
  [1, 0.125001, 7.5],
  [2, 0.5, NaN],
  [3, 0.5, NaN],
];

async function sourceOf(rows: number[][]) {
  const shardFile = join(await folderOf(), 'rows.shard');
  await writeFile(shardFile, new Uint8Array(Float32Array.from(rows.flat()).buffer));
  const offsets = Float64Array.from(rows, (_, at) => at * 12);
  return { modality: 'table' as const, shape: [3], dtype: 'float32' as const, shardFile, offsets };
}

it('surveys, keys and searches a part of the rows', async () => {
  const keys = { cells: new Uint32Array(3), exact: new Uint32Array(3) };
  const job = { known: await sourceOf(known), asked: await sourceOf(asked), same: false, ...keys };
  const hand = await createRowHand(job);
  onTestFinished(() => hand.close());
  const all = { first: 0, count: 3 };
  expect(await hand.survey(all, 'known')).toEqual(Uint8Array.of(0, 1, 1));
  expect(await hand.survey({ first: 1, count: 1 }, 'known')).toEqual(Uint8Array.of(0, 1, 0));
  expect(await hand.survey(all, 'asked')).toEqual(Uint8Array.of(0, 1, 1));

  const rule = findRowRule(Float32Array.from(known.flat()), Uint8Array.of(0, 1, 1), 3);
  const near = {
    ...rule,
    isNear: true,
    grid: { ...rule.grid, columns: Int32Array.of(1), starts: Float64Array.of(0.5) },
  };
  await hand.key(all, near);
  expect(keys.exact[0]).toBe(keys.exact[2]);
  expect(keys.exact[0]).not.toBe(keys.exact[1]);
  const pairs = await hand.search(all, near, sortRows(keys, 8));
  expect([...pairs.asked]).toEqual([0, 0, 1]);
  expect([...pairs.known]).toEqual([0, 2, 1]);
  expect([...pairs.exact]).toEqual([0, 0, 1]);
});
