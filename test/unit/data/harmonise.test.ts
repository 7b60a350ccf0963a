import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { harmonise, planHarmonisation } from '../../../src/data/harmonise.ts';
import { openShard } from '../../../src/data/shards/reader.ts';
import { failureOf, folderOf } from '../../fixtures/imports.ts';
import { shardOf, offsetsOf } from '../../fixtures/shards.ts';

async function openShardBytes(file: string): Promise<Uint8Array> {
  const shard = await openShard(file);
  const bytes = new Uint8Array(shard.bytes);
  await shard.readInto(bytes, [0], shard.bytes);
  await shard.close();
  return bytes;
}

describe('datasets of other shapes', () => {
  it('are brought to the common shape once, by recorded steps', async () => {
    const file = await shardOf(3, 64);
    const request = {
      name: 'x',
      modality: 'image' as const,
      shard: file,
      offsets: offsetsOf(3, 64),
      dtype: 'uint8' as const,
      shape: [8, 8, 1],
      targetShape: [8, 8, 3],
    };
    const colored = await harmonise(request);
    expect(colored.steps).toEqual([{ step: 'to-color' }]);
    expect(colored.shard.startsWith(`${file}.`)).toBe(true);
    const shard = await openShard(colored.shard);
    const target = new Uint8Array(192);
    await shard.readInto(target, [colored.offsets[2]!], colored.sampleBytes);
    expect([...target.subarray(0, 6)]).toEqual([2, 2, 2, 3, 3, 3]);
    await shard.close();
    let told = 0;
    expect(await harmonise({ ...request, onProgress: () => (told += 1) })).toEqual(colored);
    expect(told).toBe(0);
    const back = await harmonise({
      ...request,
      shard: colored.shard,
      offsets: colored.offsets,
      shape: [8, 8, 3],
      targetShape: [16, 16, 1],
    });
    expect(back.steps.map(({ step }) => step)).toEqual(['resize', 'to-grey']);
    expect((await openShardBytes(back.shard)).length).toBe(3 * 256);
  });

  it('of signals are resampled window by window', async () => {
    const file = join(await folderOf(), 'x');
    await writeFile(file, new Uint8Array(Float32Array.of(0, 2, 4, 6, 8).buffer));
    const result = await harmonise({
      name: 'x',
      modality: 'signal',
      shard: file,
      offsets: Float64Array.of(0, 8),
      dtype: 'float32',
      shape: [3, 1],
      targetShape: [5, 1],
    });
    expect(result.steps).toEqual([{ step: 'resample', fromLength: 3, toLength: 5 }]);
    const bytes = await openShardBytes(result.shard);
    const lines = [0, 1.2, 2.4, 3.6, 4.8, 4, 5.2, 6.4, 7.6, 8.8];
    const near = lines.map((value) => expect.closeTo(value, 1) as number);
    expect([...new Float32Array(Uint8Array.from(bytes).buffer)]).toEqual(near);
  });

  it('are refused when kinds or channels differ', async () => {
    const plan = (shape: number[], targetShape: number[]) =>
      failureOf((async () => planHarmonisation({ name: 'emg', modality: 'signal', shape, targetShape }))());
    expect(await plan([128, 8], [128, 4])).toMatchObject({ code: 'dataset.other-channels', place: 'emg' });
    expect(await plan([128, 8], [28, 28, 1])).toMatchObject({ code: 'dataset.other-kind' });
  });
});
