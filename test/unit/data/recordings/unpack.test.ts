import { deflateRawSync, deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { bytesInMemory } from '../../../../src/data/recordings/bytes.ts';
import { unpackAll, unpackStart, type Packed } from '../../../../src/data/recordings/unpack.ts';

const plain = Uint8Array.from({ length: 1000 }, (_, i) => (i * i) % 251);
/** Somewhere in the middle of other bytes. */
function packed(method: Packed['method'], bytes: Uint8Array = plain): Packed {
  const stream = method === 'zlib' ? deflateSync(bytes) : deflateRawSync(bytes);
  const source = bytesInMemory(Buffer.concat([Buffer.from('before'), stream, Buffer.from('behind')]));
  return { source, position: 6, length: stream.length, method };
}

it.each(['zlib', 'deflate'] as const)('unpacks all of what is packed by %s, or its start', async (method) => {
  const whole = await unpackAll(packed(method), plain.length);
  expect(new Uint8Array(await whole.read(0, whole.size))).toEqual(plain);
  expect(new Uint8Array(await unpackStart(packed(method), 100))).toEqual(plain.subarray(0, 100));
  expect(await unpackStart(packed(method), 5000)).toHaveLength(1000);
});

it('refuses what is more or less than was announced', async () => {
  await expect(unpackAll(packed('zlib'), 999)).rejects.toThrow('More than the 999 bytes');
  await expect(unpackAll(packed('zlib'), 1001)).rejects.toThrow('1001 bytes are announced, and 1000 come');
  await expect(unpackAll(packed('zlib'), -1)).rejects.toThrow('no whole number');
});

it('refuses before it begins what would fill the disk', async () => {
  const bomb = unpackAll({ ...packed('zlib'), length: 1000 }, 2 ** 30);
  await expect(bomb).rejects.toMatchObject({ reason: 'bomb' });
});

it('says that broken streams are broken', async () => {
  const whole = packed('zlib');
  const broken = { ...whole, position: whole.position + 3 };
  await expect(unpackAll(broken, plain.length)).rejects.toThrow(/cannot be unpacked \(Z_/);
});
