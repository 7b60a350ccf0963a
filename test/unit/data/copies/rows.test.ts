import { describe, expect, it } from 'vitest';
import { createRowKey, likenessOfRows } from '../../../../src/data/copies/rows.ts';
import { groupCopies } from '../../../../src/data/copies/find.ts';
import { folderOf } from '../../../fixtures/imports.ts';
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';

describe('two rows', () => {
  it('are near copies where numbers differ by their last digits alone', () => {
    expect(likenessOfRows([1, 0.12345, NaN], [1, 0.12345, NaN])).toBe(1);
    expect(likenessOfRows([1, 0.12345, NaN], [1, 0.12346, NaN])).toBeCloseTo(1 - 0.00001 / 0.12346, 9);
    expect(likenessOfRows([1, 0.12345, NaN], [1, 0.1236, NaN])).toBeNull();
  });

  it('are none where a code, a count or what is missing differs', () => {
    expect(likenessOfRows([100_000, 0.5], [100_001, 0.5])).toBeNull();
    expect(likenessOfRows([1, NaN], [1, 0.5])).toBeNull();
  });

  it('have one key where they may be near copies', () => {
    const key = createRowKey(3);
    expect(key([1, 0.12345, NaN])).toBe(key([1, 0.12346, NaN]));
    expect(key([1, 0.12345, NaN])).not.toBe(key([2, 0.12345, NaN]));
    expect(key([0, -0, 1])).toBe(key([0, 0, 1]));
  });
});

it('finds the copies among rows of which one column holds by far the largest numbers', async () => {
  // As a weight of a survey does: every two rows correlate by more than 0.99.
  const rows = Array.from({ length: 400 }, (_, at) => [at % 7, at % 5, 200_000 + 13 * at, (at % 11) + 0.5]);
  rows[300] = [...rows[20]!];
  rows[399] = [rows[40]![0]!, rows[40]![1]!, rows[40]![2]!, rows[40]![3]! + 1e-5];
  const shardFile = join(await folderOf(), 'rows.shard');
  await writeFile(shardFile, new Uint8Array(Float32Array.from(rows.flat()).buffer));
  const offsets = Float64Array.from(rows, (_, at) => at * 16);
  const first = await groupCopies({ modality: 'table', shape: [4], dtype: 'float32', shardFile, offsets });
  const grouped = [...first].flatMap((root, at) => (root === at ? [] : [[root, at]]));
  expect(grouped).toEqual([
    [20, 300],
    [40, 399],
  ]);
});
