/** Members of a zip file (a wheel is one), taken out one by one without holding any in memory. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

export interface ZipMember {
  name: string;
  /** 0: as it is, 8: deflated. */
  method: number;
  packedBytes: number;
  unpackedBytes: number;
  /** Where its local header begins. */
  position: number;
}

/** Reads a stretch of a zip file, wherever it lies. */
export type ReadBytes = (position: number, length: number) => Promise<Buffer>;

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
/** The end's own 22 bytes and the longest comment. */
const LONGEST_END = 22 + 0xffff;
/** Says that the number stands elsewhere, in a form for larger files. */
const ELSEWHERE = 0xffffffff;

/** @throws Error where it is no zip file, or one of the form for more than 4 GB, which no wheel here is */
export async function listMembers(read: ReadBytes, size: number): Promise<ZipMember[]> {
  const tail = await read(Math.max(0, size - LONGEST_END), Math.min(size, LONGEST_END));
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== END) end -= 1;
  if (end < 0) throw new Error('no zip file: its end is missing');
  const [length, position] = [tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (position === ELSEWHERE) throw new Error('a zip file of more than 4 GB');
  const directory = await read(position, length);
  const members: ZipMember[] = [];
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === ENTRY;) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => directory.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    members.push({
      name: directory.toString('utf8', at + 46, at + 46 + name),
      method: directory.readUInt16LE(at + 10),
      packedBytes: directory.readUInt32LE(at + 20),
      unpackedBytes: directory.readUInt32LE(at + 24),
      position: directory.readUInt32LE(at + 42),
    });
    at += 46 + name + extra + comment;
  }
  return members;
}

/**
 * Takes members out of a file into a folder, under their own names.
 * @throws Error for a name that leads out of the folder, and for a member that is not as long as it says
 */
export async function takeMembers(
  file: string,
  folder: string,
  wanted: (name: string) => boolean,
  onBytes: (count: number) => void,
): Promise<void> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const read: ReadBytes = async (position, length) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    };
    for (const member of await listMembers(read, size)) {
      if (member.name.endsWith('/') || !wanted(member.name)) continue;
      const target = resolve(folder, member.name);
      if (!target.startsWith(resolve(folder) + sep)) throw new Error(`an unsafe name: ${member.name}`);
      await takeMember(file, read, member, target, onBytes);
    }
  } finally {
    await handle.close();
  }
}

async function takeMember(
  file: string,
  read: ReadBytes,
  member: ZipMember,
  target: string,
  onBytes: (count: number) => void,
): Promise<void> {
  const header = await read(member.position, 30);
  if (header.length < 30 || header.readUInt32LE(0) !== LOCAL) throw new Error(`${member.name} is broken`);
  const start = member.position + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  await mkdir(dirname(target), { recursive: true });
  let count = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      count += chunk.length;
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  const written = createWriteStream(target, { flush: true });
  if (member.packedBytes === 0) await pipeline([Buffer.alloc(0)], written);
  else {
    const packed = createReadStream(file, {
      start,
      end: start + member.packedBytes - 1,
      highWaterMark: 1 << 20,
    });
    if (member.method === 0) await pipeline(packed, counted, written);
    else if (member.method === 8) await pipeline(packed, createInflateRaw(), counted, written);
    else throw new Error(`${member.name} is packed in an unknown way (${member.method})`);
  }
  if (count !== member.unpackedBytes) throw new Error(`${member.name} is not as long as it says`);
}
