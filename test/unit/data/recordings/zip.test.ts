import { zipSync } from 'fflate';
import { expect, it, onTestFinished } from 'vitest';
import { bytesInMemory } from '../../../../src/data/recordings/bytes.ts';
import { openZip } from '../../../../src/data/recordings/zip.ts';

const content = Buffer.from('the same words, '.repeat(50));
const made = (entries: Parameters<typeof zipSync>[0]) => Buffer.from(zipSync(entries));
const one = made({ 'a.txt': [content, { level: 0 }] });

async function open(bytes: Buffer) {
  const zip = await openZip(bytesInMemory(bytes));
  onTestFinished(() => zip.close());
  return zip.entries;
}
async function contentOf(bytes: Buffer, at = 0) {
  const source = await (await open(bytes))[at]!.open();
  return (await source.read(0, source.size)).toString();
}

it('lists entries, and reads those that are packed and those that are not', async () => {
  const zip = made({
    'folder/über.txt': content,
    'b.txt': [Buffer.from('plain'), { level: 0 }],
    'empty.txt': new Uint8Array(0),
  });
  expect((await open(zip)).map(({ name }) => name)).toEqual(['folder/über.txt', 'b.txt', 'empty.txt']);
  expect(await contentOf(zip, 0)).toBe(content.toString());
  expect(await contentOf(zip, 1)).toBe('plain');
  expect(await contentOf(zip, 2)).toBe('');
  const source = await (await open(one))[0]!.open();
  expect((await source.read(4, 4)).toString()).toBe('same');
  await expect(source.read(content.length - 1, 2)).rejects.toThrow('“a.txt” is cut off in the zip.');
});

it('finds the directory in front of a comment', async () => {
  const comment = Buffer.from('written by hand');
  const bytes = Buffer.concat([one, comment]);
  bytes.writeUInt16LE(comment.length, one.length - 2);
  expect(await contentOf(bytes)).toBe(content.toString());
});

/** As of more than 4 GB: sizes of four bytes are all ones, the true ones stand in fields of eight (APPNOTE 4.3.14, 4.5.3). */
function wide(): Buffer {
  const name = Buffer.from('big.bin');
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(name.length, 26);
  const extra = Buffer.alloc(4 + 24 + 5);
  // Another field before it.
  extra.writeUInt16LE(0x5455, 0);
  extra.writeUInt16LE(1, 2);
  extra.writeUInt16LE(1, 5);
  extra.writeUInt16LE(24, 7);
  extra.writeBigUInt64LE(3n, 9);
  extra.writeBigUInt64LE(3n, 17);
  extra.writeBigUInt64LE(0n, 25);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  for (const at of [20, 24, 42]) entry.writeUInt32LE(0xffffffff, at);
  entry.writeUInt16LE(name.length, 28);
  entry.writeUInt16LE(extra.length, 30);
  const directory = Buffer.concat([entry, name, extra]);
  const before = Buffer.concat([local, name, Buffer.from('abc')]);
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(BigInt(directory.length), 40);
  end64.writeBigUInt64LE(BigInt(before.length), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(before.length + directory.length), 8);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(0xffffffff, 12);
  end.writeUInt32LE(0xffffffff, 16);
  return Buffer.concat([before, directory, end64, locator, end]);
}

it('reads sizes of more than four bytes', async () => {
  expect(await contentOf(wide())).toBe('abc');
});

const changed = (bytes: Buffer, signature: number[], change: (bytes: Buffer, at: number) => void) => {
  const copy = Buffer.from(bytes);
  change(copy, copy.indexOf(Buffer.from(signature)));
  return copy;
};
const DIRECTORY = [0x50, 0x4b, 1, 2];
const END = [0x50, 0x4b, 5, 6];

it.each([
  [Buffer.from('PK'), 'The file is too short for a zip.'],
  [Buffer.alloc(100), 'The file is no zip, or it is cut off: its directory is missing.'],
  [one.subarray(0, -4), 'The file is no zip, or it is cut off: its directory is missing.'],
  [changed(one, DIRECTORY, (bytes, at) => bytes.fill(0, at, at + 4)), 'The directory of the zip is damaged.'],
  [
    changed(one, DIRECTORY, (bytes, at) => bytes.writeUInt16LE(9999, at + 28)),
    'The directory of the zip is cut off.',
  ],
  [
    changed(one, END, (bytes, at) => bytes.writeUInt32LE(0xffffffff, at + 16)),
    'The directory of the zip is damaged.',
  ],
  [
    changed(one, END, (bytes, at) => bytes.writeUInt32LE(0x7000_0000, at + 12)),
    'The directory of the zip is too long.',
  ],
  [
    changed(wide(), [0x50, 0x4b, 6, 6], (bytes, at) => bytes.fill(0, at, at + 4)),
    'The directory of the zip is damaged.',
  ],
])('refuses a zip that is none, or damaged: %#', async (bytes, message) => {
  await expect(open(bytes)).rejects.toMatchObject({ reason: 'broken', message });
});

it.each([
  [
    changed(one, DIRECTORY, (bytes, at) => bytes.writeUInt16LE(1, at + 8)),
    'unsupported',
    '“a.txt” is protected by a password.',
  ],
  [
    changed(one, DIRECTORY, (bytes, at) => bytes.writeUInt16LE(12, at + 10)),
    'unsupported',
    '“a.txt” is packed in a way that is not read (12).',
  ],
  [
    changed(one, DIRECTORY, (bytes, at) => bytes.writeUInt32LE(3, at + 42)),
    'broken',
    '“a.txt” is not where the zip says.',
  ],
  [
    changed(one, DIRECTORY, (bytes, at) => bytes.writeUInt32LE(99_999, at + 20)),
    'broken',
    '“a.txt” is cut off in the zip.',
  ],
])('opens no entry that it cannot: %#', async (bytes, reason, message) => {
  await expect(contentOf(bytes)).rejects.toMatchObject({ reason, message });
});
