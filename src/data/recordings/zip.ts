/** The entries of a zip, by its directory at the end; stored and deflated ones, of more than 4 GB too. */
import type { ByteSource } from './bytes.ts';
import { FileProblem } from '../problem.ts';
import { broken, unsupported } from './problem.ts';
import { unpackAll } from './unpack.ts';

export interface ZipEntry {
  name: string;
  /** Its unpacked bytes; closed with the zip. */
  open(): Promise<ByteSource>;
}

export interface Zip {
  entries: ZipEntry[];
  close(): Promise<void>;
}

const END_BYTES = 22;
const MOST_COMMENT_BYTES = 65_535;
const MOST_DIRECTORY_BYTES = 64 * 1024 * 1024;
const WIDE = 0xffffffff;

export async function openZip(source: ByteSource): Promise<Zip> {
  const { position, bytes } = await findDirectory(source);
  if (bytes > MOST_DIRECTORY_BYTES) throw broken('The directory of the zip is too long.');
  const directory = await source.read(position, bytes);
  const opened: ByteSource[] = [];
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= directory.length;) {
    if (directory.readUInt32LE(at) !== 0x02014b50) throw broken('The directory of the zip is damaged.');
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((place) =>
      directory.readUInt16LE(at + place),
    );
    const end = at + 46 + nameBytes! + extraBytes! + commentBytes!;
    if (end > directory.length) throw broken('The directory of the zip is cut off.');
    const name = directory.toString('utf8', at + 46, at + 46 + nameBytes!);
    const method = directory.readUInt16LE(at + 10);
    const sizes = sizesOf(directory, at, directory.subarray(at + 46 + nameBytes!, end - commentBytes!));
    const isSecret = (directory.readUInt16LE(at + 8) & 1) === 1;
    entries.push({
      name,
      async open() {
        if (isSecret) throw unsupported(`“${name}” is protected by a password.`);
        const entry = await openEntry(source, name, method, sizes);
        opened.push(entry);
        return entry;
      },
    });
    at = end;
  }
  return {
    entries,
    async close() {
      for (const entry of opened) await entry.close();
      await source.close();
    },
  };
}

async function findDirectory(source: ByteSource): Promise<{ position: number; bytes: number }> {
  if (source.size < END_BYTES) throw broken('The file is too short for a zip.');
  const tailBytes = Math.min(source.size, END_BYTES + MOST_COMMENT_BYTES);
  const tail = await source.read(source.size - tailBytes, tailBytes);
  const at = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (at === -1 || at + END_BYTES > tail.length)
    throw new FileProblem('broken', 'The file is no zip, or it is cut off: its directory is missing.');
  const place = { bytes: tail.readUInt32LE(at + 12), position: tail.readUInt32LE(at + 16) };
  if (place.position !== WIDE && place.bytes !== WIDE) return place;
  const locator = at - 20;
  if (locator < 0 || tail.readUInt32LE(locator) !== 0x07064b50)
    throw broken('The directory of the zip is damaged.');
  const wide = await source.read(Number(tail.readBigUInt64LE(locator + 8)), 56);
  if (wide.readUInt32LE(0) !== 0x06064b50) throw broken('The directory of the zip is damaged.');
  return { bytes: Number(wide.readBigUInt64LE(40)), position: Number(wide.readBigUInt64LE(48)) };
}

interface Sizes {
  packed: number;
  unpacked: number;
  position: number;
}

/** Sizes of more than four bytes stand behind the name. */
function sizesOf(directory: Buffer, at: number, extra: Buffer): Sizes {
  const sizes = {
    unpacked: directory.readUInt32LE(at + 24),
    packed: directory.readUInt32LE(at + 20),
    position: directory.readUInt32LE(at + 42),
  };
  for (let place = 0; place + 4 <= extra.length; place += 4 + extra.readUInt16LE(place + 2)) {
    if (extra.readUInt16LE(place) !== 1) continue;
    let field = place + 4;
    for (const key of ['unpacked', 'packed', 'position'] as const) {
      if (sizes[key] !== WIDE) continue;
      if (field + 8 > extra.length) throw broken('The directory of the zip is damaged.');
      sizes[key] = Number(extra.readBigUInt64LE(field));
      field += 8;
    }
  }
  return sizes;
}

async function openEntry(
  source: ByteSource,
  name: string,
  method: number,
  sizes: Sizes,
): Promise<ByteSource> {
  const head = await source.read(sizes.position, 30);
  if (head.readUInt32LE(0) !== 0x04034b50) throw broken(`“${name}” is not where the zip says.`);
  const start = sizes.position + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
  if (start + sizes.packed > source.size) throw broken(`“${name}” is cut off in the zip.`);
  if (method === 8)
    return unpackAll({ source, position: start, length: sizes.packed, method: 'deflate' }, sizes.unpacked);
  if (method !== 0) throw unsupported(`“${name}” is packed in a way that is not read (${method}).`);
  return {
    size: sizes.packed,
    read(position, length) {
      if (position + length > sizes.packed) return Promise.reject(broken(`“${name}” is cut off in the zip.`));
      return source.read(start + position, length);
    },
    close: () => Promise.resolve(),
  };
}
