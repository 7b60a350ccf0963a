import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { statisticsOfColumns, type ColumnOutline } from '../../../../src/contract/data/columns.ts';
import { openShard } from '../../../../src/data/shards/reader.ts';
import { describeColumns } from '../../../../src/data/tables/describe.ts';

const outlines: ColumnOutline[] = [
  { name: 'weight', kind: 'number', unit: 'kg' },
  { name: 'work', kind: 'category', categories: ['a', 'b', 'c'] },
  { name: 'nothing', kind: 'number' },
];

async function described(rows: number[][], chosen = rows.map((_, row) => row)) {
  const file = join(await mkdtemp(join(tmpdir(), 'pretext-describe-')), 'rows.bin');
  await writeFile(file, Float32Array.from(rows.flat()));
  const shard = await openShard(file);
  try {
    const offsets = Float64Array.from(chosen, (row) => row * outlines.length * 4);
    return await describeColumns(shard, offsets, outlines);
  } finally {
    await shard.close();
  }
}

describe('the columns of stored rows', () => {
  it('are measured on training rows alone, unknown cells left out', async () => {
    const rows = [
      [1, 0, NaN],
      [NaN, 2, NaN],
      [3, 2, NaN],
      [1000, 1, 7],
      [8, NaN, NaN],
    ];
    const [weight, work, nothing] = await described(rows, [0, 1, 2, 4]);
    expect(weight).toMatchObject({ name: 'weight', unit: 'kg', missing: 0.25, mean: 4 });
    if (weight!.kind !== 'number') throw new Error('It is a number.');
    // Of 1, 3 and 8: variance (9 + 1 + 16) / 3; quantiles rise in straight lines between them.
    expect(weight!.standardDeviation).toBeCloseTo(Math.sqrt(26 / 3), 10);
    expect([0, 16, 32, 48, 64].map((place) => weight!.kind === 'number' && weight!.quantiles[place])).toEqual(
      [1, 2, 3, 5.5, 8],
    );
    expect(work).toEqual({ ...outlines[1], missing: 0.25, counts: [1, 0, 2] });
    expect(nothing).toMatchObject({ missing: 1, mean: 0, standardDeviation: 0, quantiles: [0, 0] });
    expect(statisticsOfColumns([weight!, work!, nothing!]).mean).toEqual([4, 0, 0]);
  });

  it('keep their digits on a large offset, over many parts, and have quantiles of a sample of very many rows', async () => {
    const count = 150_000;
    const wave = (row: number) => 1e6 + (row % 1000) / 100;
    const [weight] = await described(Array.from({ length: count }, (_, row) => [wave(row), row % 3, NaN]));
    if (weight!.kind !== 'number') throw new Error('It is a number.');
    // Of 0, 0.01 … 9.99, as float32 has them at a million (steps of 1/16).
    expect(weight!.mean).toBeCloseTo(1e6 + 4.995, 2);
    expect(weight!.standardDeviation).toBeCloseTo(10 / Math.sqrt(12), 2);
    expect(weight!.quantiles).toHaveLength(65);
    expect(Math.abs(weight!.quantiles[32]! - (1e6 + 5))).toBeLessThan(0.2);
  });
});
