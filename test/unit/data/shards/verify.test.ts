import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyShard } from '../../../../src/data/shards/verify.ts';
import { ShardWriter } from '../../../../src/data/shards/writer.ts';
import { folderOf } from '../../../fixtures/imports.ts';

const SIZE = 5_000_000;

async function written(): Promise<string> {
  const file = join(await folderOf(), 'a.shard');
  const writer = await ShardWriter.create(file);
  await writer.append(Uint8Array.from({ length: SIZE }, (_, at) => (at * 31 + (at >> 9)) % 256));
  await writer.finish();
  return file;
}

async function overwrite(file: string, position: number, byte: number): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.write(Uint8Array.of(byte), 0, 1, position);
  await handle.close();
}

test('a shard that is as it was written passes; one changed byte anywhere is told with the dataset', async () => {
  const file = await written();
  expect(await verifyShard(file, 'my cells')).toBeNull();
  for (const position of [0, 4_194_303, 4_194_304, SIZE - 1]) {
    const right = (position * 31 + (position >> 9)) % 256;
    await overwrite(file, position, right ^ 4);
    const failure = await verifyShard(file, 'my cells');
    expect(failure?.code).toBe('shard.damaged');
    expect(failure?.message).toContain('“my cells”');
    expect(failure?.place).toBe(file);
    await overwrite(file, position, right);
  }
  expect(await verifyShard(file, 'my cells')).toBeNull();
});

test('a shard that is gone is told as missing', async () => {
  const file = await written();
  await rm(file);
  expect((await verifyShard(file, 'my cells'))?.code).toBe('shard.missing');
});
