import { readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keptStatistics } from '../../../../src/service/datasets/kept-statistics.ts';
import { folderOf } from '../../../fixtures/imports.ts';

/** Numbers that no rounding to fewer digits would keep. */
const measured = { mean: [0.1 + 0.2, 1 / 3], standardDeviation: [Math.PI, 1e-300] };

describe('channel statistics of a derived shard', () => {
  it('are measured once for each choice of samples, and kept to the bit', async () => {
    const shard = join(await folderOf(), 'abcdefghij.shard.0123456789abcdef.bin');
    let passes = 0;
    const measure = () => Promise.resolve({ ...measured, mean: [...measured.mean, passes++] });
    const first = await keptStatistics(shard, Float64Array.of(0, 16), measure);
    expect(await keptStatistics(shard, Float64Array.of(0, 16), measure)).toEqual(first);
    expect(first.mean.slice(0, 2)).toEqual(measured.mean);
    expect(passes).toBe(1);
    await keptStatistics(shard, Float64Array.of(0, 32), measure);
    expect(passes).toBe(2);
    // Nothing but files of the shard's own name.
    for (const name of await readdir(dirname(shard)))
      expect(name).toMatch(/^abcdefghij\.shard\.[0-9a-f]{16}\.bin\.[0-9a-f]{16}\.json$/);
  });

  it('are measured anew where what was kept cannot be read', async () => {
    const shard = join(await folderOf(), 'a.shard.b.bin');
    const measure = () => Promise.resolve(measured);
    await keptStatistics(shard, Float64Array.of(0), measure);
    const [name = ''] = await readdir(dirname(shard));
    await writeFile(join(dirname(shard), name), '{"mean": [1');
    expect(await keptStatistics(shard, Float64Array.of(0), measure)).toEqual(measured);
  });
});
