import { readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importSchema } from '../../../../src/contract/recipe/recipe.ts';
import { assertContentDisjoint } from '../../../../src/data/shards/content-check.ts';
import { importDataset } from '../../../../src/data/import.ts';
import { ShardWriter } from '../../../../src/data/shards/writer.ts';
import { openShard } from '../../../../src/data/shards/reader.ts';
import { picture } from '../../../fixtures/broken-images.ts';
import { failureOf, folderOf } from '../../../fixtures/imports.ts';
import { shardOf } from '../../../fixtures/shards.ts';

describe('a shard', () => {
  it('comes back as it was written, in any order, overlapping or not', async () => {
    const file = join(await folderOf(), 'x.shard');
    const writer = await ShardWriter.create(file);
    const bytes = Uint8Array.from({ length: 9_000_000 }, (_, at) => (at * 31 + (at >> 9)) % 256);
    for (let at = 0; at < bytes.length; at += 700_001) await writer.append(bytes.subarray(at, at + 700_001));
    await writer.rewind(8_999_000);
    await writer.append(bytes.subarray(8_999_000));
    await writer.finish();
    const shard = await openShard(file);
    expect(shard.bytes).toBe(bytes.length);
    const offsets = [8_999_900, 5, 0, 4_194_300, 5, 60, 7_000_000, 100_000];
    const target = new Uint8Array(offsets.length * 100);
    await shard.readInto(target, offsets, 100);
    offsets.forEach((offset, at) => {
      expect([...target.subarray(at * 100, at * 100 + 100)]).toEqual([
        ...bytes.subarray(offset, offset + 100),
      ]);
    });
    await shard.close();
  });

  it('that was cut off or is gone is told so', async () => {
    const file = await shardOf(4, 10);
    await truncate(file, 25);
    const shard = await openShard(file);
    expect(await failureOf(shard.readInto(new Uint8Array(10), [20], 10))).toMatchObject({
      code: 'shard.truncated',
      place: file,
    });
    await shard.close();
    expect(await failureOf(openShard(`${file}.gone`))).toMatchObject({ code: 'shard.missing' });
  });

  it('leaves no file when an import fails or is aborted', async () => {
    const folder = await folderOf({ 'a/1.png': 'no image' });
    const target = await folderOf();
    const request = (path: string) => ({
      path,
      options: importSchema.parse({ path }),
      shardFile: join(target, 'x.shard'),
    });
    expect((await failureOf(importDataset(request(folder)))).code).toBe('dataset.empty');
    expect(await readdir(target)).toEqual([]);
    const files = Object.fromEntries(
      await Promise.all(
        Array.from(
          { length: 40 },
          async (_, at) => [`a/${at}.png`, await picture(at, 16).png().toBuffer()] as const,
        ),
      ),
    );
    const abort = new AbortController();
    const seen: string[] = [];
    const aborted = importDataset({
      ...request(await folderOf(files)),
      signal: abort.signal,
      onProgress: ({ phase }) => {
        seen.push(phase);
        if (phase === 'Decoding images') abort.abort();
      },
    });
    await expect(aborted).rejects.toThrow('abort');
    expect(seen).toContain('Decoding images');
    expect(await readdir(target)).toEqual([]);
  });

  it('is checked for content that two splits share', async () => {
    const file = join(await folderOf(), 'x');
    await writeFile(file, Uint8Array.of(1, 2, 3, 4, 1, 2));
    const shard = await openShard(file);
    const offsets = Float64Array.of(0, 2, 4);
    await expect(assertContentDisjoint(shard, offsets, 2, Uint8Array.of(0, 1, 0))).resolves.toBeUndefined();
    await expect(assertContentDisjoint(shard, offsets, 2, Uint8Array.of(0, 1, 2))).rejects.toThrow(
      'samples 0 and 2',
    );
    await shard.close();
  });
});
