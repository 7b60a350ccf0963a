import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openShard } from '../../../../src/data/shards/reader.ts';
import { channelStatistics } from '../../../../src/data/shards/statistics.ts';
import { folderOf } from '../../../fixtures/imports.ts';

describe('channel statistics', () => {
  it('are mean and standard deviation, overlapping rows counted once, exact on a large offset', async () => {
    const file = join(await folderOf(), 'x');
    const values = Float32Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? 1_000_000 + at / 2 : at % 4));
    await writeFile(file, new Uint8Array(values.buffer));
    const shard = await openShard(file);
    const { mean, standardDeviation } = await channelStatistics(shard, [0, 8, 80], 80, 2, 'float32');
    await shard.close();
    // 0 to 19: mean 9.5, variance (20² - 1) / 12; 1 and 3 in turn: mean 2, deviation 1.
    expect(mean).toEqual([1_000_009.5, 2]);
    expect(standardDeviation[0]).toBeCloseTo(Math.sqrt(399 / 12), 9);
    expect(standardDeviation[1]).toBeCloseTo(1, 12);
  });
});
