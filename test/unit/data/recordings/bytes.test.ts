import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bytesInMemory, openBytes, type ByteSource } from '../../../../src/data/recordings/bytes.ts';
import { folderOf } from '../../../fixtures/imports.ts';

async function fileSource(bytes: Uint8Array): Promise<ByteSource> {
  const file = join(await folderOf(), 'bytes.bin');
  writeFileSync(file, bytes);
  return openBytes(file);
}

it.each([
  ['a file', fileSource],
  ['memory', async (bytes: Uint8Array) => bytesInMemory(bytes)],
])('reads exactly the bytes asked for, from %s', async (_where, sourceOf) => {
  const source = await sourceOf(Uint8Array.of(1, 2, 3, 4, 5));
  expect(source.size).toBe(5);
  const read = await source.read(1, 3);
  expect([...read]).toEqual([2, 3, 4]);
  // Numbers of eight bytes can be read in place only where the memory is theirs from its first byte.
  expect([read.byteOffset, read.buffer.byteLength]).toEqual([0, 3]);
  await expect((async () => source.read(3, 4))()).rejects.toThrow('it holds 5 bytes, and 7 are needed');
  for (const [position, length] of [
    [-1, 2],
    [0, 1.5],
    [Number.NaN, 1],
    [0, 2 ** 60],
  ] as const)
    await expect((async () => source.read(position, length))()).rejects.toThrow('is no whole number');
  await source.close();
});

it('refuses a name from a header that no file can have', async () => {
  await expect(openBytes('a\0b')).rejects.toThrow('cannot be that of a file');
});
