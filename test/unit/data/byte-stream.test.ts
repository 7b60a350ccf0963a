import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { openByteStream, readChunks } from '../../../src/data/byte-stream.ts';
import { collect } from '../../fixtures/collect.ts';
import { folderOf } from '../../fixtures/imports.ts';

const bytes = randomBytes(2_500_000);

it.each([
  ['plain', bytes],
  ['packed', gzipSync(bytes)],
])('reads a %s file whole, in pieces that end where they are asked to', async (name, stored) => {
  const path = join(await folderOf({ [name]: stored }), name);
  expect(Buffer.concat(await collect(readChunks(path))).equals(bytes)).toBe(true);
  const stream = await openByteStream(path);
  const parts = [await stream.read(10), await stream.read(2_000_000), await stream.read(600_000)];
  expect(parts.map(({ length }) => length)).toEqual([10, 2_000_000, 499_990]);
  expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  expect(await stream.read(1)).toHaveLength(0);
  await stream.close();
});

it('gives nothing of an empty file, and fails where gzip data are damaged', async () => {
  const broken = Buffer.from(gzipSync(bytes)).subarray(0, 1000);
  const folder = await folderOf({ empty: '', broken });
  expect(await collect(readChunks(join(folder, 'empty')))).toEqual([]);
  await expect(collect(readChunks(join(folder, 'broken')))).rejects.toMatchObject({
    code: 'Z_BUF_ERROR',
  });
});
