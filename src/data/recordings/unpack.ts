/** Unpacks what is packed inside of a file (zlib, deflate), to be read by its place: in memory, or in a file. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflate, createInflateRaw } from 'node:zlib';
import { temporaryFailure } from '../../contract/errors.ts';
import { bytesInMemory, openBytes, type ByteSource } from './bytes.ts';
import { FileProblem } from '../problem.ts';
import { broken } from './problem.ts';

export interface Packed {
  source: ByteSource;
  position: number;
  length: number;
  /** zlib has a header and a checksum, deflate neither. */
  method: 'zlib' | 'deflate';
}

const CHUNK_BYTES = 1024 * 1024;
/** More than this stands in a file of its own while it is read. */
const MEMORY_BYTES = 64 * 1024 * 1024;
/** No recording is packed so well that this much comes of so little: it was made to fill a disk. */
const BOMB_BYTES = 256 * 1024 * 1024;
const BOMB_RATIO = 500;

/** The first bytes, fewer where there are no more. */
export async function unpackStart(packed: Packed, length: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let there = 0;
  for await (const part of unpacked(packed)) {
    parts.push(part);
    there += part.length;
    if (there >= length) break;
  }
  return Buffer.concat(parts).subarray(0, length);
}

/**
 * All of it, which must be as much as was announced.
 * @throws FileProblem `bomb` where little would become very much, `broken` where it is more or less
 */
export async function unpackAll(packed: Packed, announced: number): Promise<ByteSource> {
  if (!Number.isSafeInteger(announced) || announced < 0)
    throw broken('A size in the file is no whole number.');
  if (announced > BOMB_BYTES && announced > BOMB_RATIO * packed.length)
    throw new FileProblem(
      'bomb',
      `${packed.length} bytes would unpack to ${announced}: no recording is packed like this.`,
    );
  if (announced > MEMORY_BYTES) return unpackToFile(packed, announced);
  const parts: Buffer[] = [];
  for await (const part of exactly(packed, announced)) parts.push(part);
  return bytesInMemory(Buffer.concat(parts));
}

async function unpackToFile(packed: Packed, announced: number): Promise<ByteSource> {
  const folder = await mkdtemp(join(tmpdir(), 'pretext-unpacked-')).catch((error: unknown) => {
    throw temporaryFailure(error, tmpdir());
  });
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const file = join(folder, 'values.bin');
    await pipeline(Readable.from(exactly(packed, announced), { objectMode: false }), createWriteStream(file));
    const source = await openBytes(file);
    return {
      ...source,
      async close() {
        await source.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function* exactly(packed: Packed, announced: number): AsyncGenerator<Buffer> {
  let there = 0;
  for await (const part of unpacked(packed)) {
    there += part.length;
    if (there > announced)
      throw broken(`More than the ${announced} bytes that are announced come out of it.`);
    yield part;
  }
  if (there < announced) throw broken(`${announced} bytes are announced, and ${there} come out of it.`);
}

async function* unpacked({ source, position, length, method }: Packed): AsyncGenerator<Buffer> {
  async function* chunks() {
    for (let at = 0; at < length; at += CHUNK_BYTES)
      yield await source.read(position + at, Math.min(CHUNK_BYTES, length - at));
  }
  const stream = method === 'zlib' ? createInflate() : createInflateRaw();
  const input = Readable.from(chunks(), { objectMode: false });
  input.on('error', (error) => stream.destroy(error));
  try {
    yield* input.pipe(stream) as AsyncIterable<Buffer>;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code?.startsWith('Z_')) throw broken(`What is packed in the file cannot be unpacked (${code}).`);
    throw error;
  } finally {
    input.destroy();
    stream.destroy();
  }
}
