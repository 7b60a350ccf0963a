/** A byte of a shard that changes on the disk is noticed when it is read, and only then. */
import { open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BLOCK_BYTES } from '../../../../src/data/shards/checksums.ts';
import { openShard } from '../../../../src/data/shards/reader.ts';
import { ShardWriter } from '../../../../src/data/shards/writer.ts';
import { failureOf, folderOf } from '../../../fixtures/imports.ts';

const SIZE = 3 * BLOCK_BYTES + 1234;
const bytes = Uint8Array.from({ length: SIZE }, (_, at) => (at * 31 + (at >> 9)) % 256);

async function written(): Promise<string> {
  const file = join(await folderOf(), 'a.shard');
  const writer = await ShardWriter.create(file);
  await writer.append(bytes);
  await writer.finish();
  return file;
}

async function flip(file: string, position: number): Promise<void> {
  const handle = await open(file, 'r+');
  const byte = Buffer.alloc(1);
  await handle.read(byte, 0, 1, position);
  byte[0]! ^= 4;
  await handle.write(byte, 0, 1, position);
  await handle.close();
}

async function readAt(file: string, offsets: readonly number[], size: number): Promise<Uint8Array> {
  const shard = await openShard(file, 'my cells');
  try {
    const target = new Uint8Array(offsets.length * size);
    await shard.readInto(target, offsets, size);
    return target;
  } finally {
    await shard.close();
  }
}

describe('a shard with checksums', () => {
  it('holds the samples first, as they are, and reads them alike at any border', async () => {
    const file = await written();
    expect((await readFile(file)).subarray(0, SIZE).equals(bytes)).toBe(true);
    expect((await stat(file)).size).toBe(SIZE + 4 * 4 + 32);
    const shard = await openShard(file);
    expect(shard.bytes).toBe(SIZE);
    const offsets = [SIZE - 300, 0, BLOCK_BYTES - 150, 2 * BLOCK_BYTES, BLOCK_BYTES - 300, BLOCK_BYTES];
    // Twice: with blocks that are checked, then with those that were.
    for (let round = 0; round < 2; round++) {
      const target = new Uint8Array(offsets.length * 300);
      await shard.readInto(target, offsets, 300);
      for (const [at, offset] of offsets.entries())
        expect(
          Buffer.compare(target.subarray(at * 300, (at + 1) * 300), bytes.subarray(offset, offset + 300)),
        ).toBe(0);
    }
    const all = new Uint8Array(SIZE);
    await shard.readInto(all, [0], SIZE);
    expect(Buffer.compare(all, bytes)).toBe(0);
    await shard.close();
  });

  it('tells of a single changed bit, of which dataset it is, and what to do', async () => {
    for (const position of [0, BLOCK_BYTES, 2 * BLOCK_BYTES - 1, SIZE - 1]) {
      const file = await written();
      await flip(file, position);
      const block = Math.floor(position / BLOCK_BYTES);
      const near = Math.max(0, Math.min(SIZE - 10, position - 5));
      const failure = await failureOf(readAt(file, [near], 10));
      expect(failure).toMatchObject({ code: 'shard.damaged', place: file });
      expect(failure.message).toContain('“my cells”');
      expect(failure.message).toContain(`byte ${block * BLOCK_BYTES} `);
      expect(failure.remedy).toMatch(/import the dataset again/i);
      // Other blocks can still be read.
      const other = block === 1 ? 2 * BLOCK_BYTES + 5 : BLOCK_BYTES + 5;
      expect([...(await readAt(file, [other], 4))]).toEqual([...bytes.subarray(other, other + 4)]);
    }
  });

  it('tells of changed checksums, and of those of a later version', async () => {
    const table = await written();
    await flip(table, SIZE + 5);
    expect(await failureOf(readAt(table, [0], 10))).toMatchObject({ code: 'shard.damaged' });
    const later = await written();
    const contents = await readFile(later);
    contents.writeUInt32LE(2, contents.length - 24);
    await writeFile(later, contents);
    expect(await failureOf(readAt(later, [0], 10))).toMatchObject({ code: 'shard.newer' });
  });

  it('is read without where an earlier version wrote it', async () => {
    const file = join(await folderOf(), 'old.shard');
    await writeFile(file, bytes);
    expect(Buffer.compare(await readAt(file, [0], SIZE), bytes)).toBe(0);
    await writeFile(file, bytes.subarray(0, 12));
    expect([...(await readAt(file, [2], 10))]).toEqual([...bytes.subarray(2, 12)]);
  });
});
