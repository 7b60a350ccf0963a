/** Reads a file, gzip or plain, piece by piece from the start: memory does not grow with the file. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

const CHUNK_BYTES = 1024 * 1024;

export interface ByteStream {
  /** The next `count` bytes, fewer at the end. The buffer may be kept. */
  read(count: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** Chunks of a file as they come, unpacked if they are gzip (told by content, not by name). */
export async function* readChunks(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const chunks = (file as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  try {
    const first = await chunks.next();
    if (first.done) return;
    const packed = first.value[0] === 0x1f && first.value[1] === 0x8b;
    const plain = startingWith(first.value, chunks);
    if (packed) yield* unpack(plain);
    else yield* plain;
  } finally {
    file.destroy();
  }
}

async function* startingWith(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* unpack(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const unpacked = createGunzip({ chunkSize: CHUNK_BYTES });
  const source = Readable.from(chunks, { objectMode: false });
  // pipe() does not carry errors over.
  source.on('error', (error) => unpacked.destroy(error));
  try {
    yield* source.pipe(unpacked) as AsyncIterable<Buffer>;
  } finally {
    source.destroy();
    unpacked.destroy();
  }
}

export async function openByteStream(path: string): Promise<ByteStream> {
  const chunks = readChunks(path);
  let rest: Buffer = Buffer.alloc(0);
  return {
    async read(count) {
      const parts: Buffer[] = [];
      let missing = count;
      while (missing > 0) {
        if (rest.length === 0) {
          const next = await chunks.next();
          if (next.done) break;
          rest = next.value;
        }
        const part = rest.subarray(0, missing);
        rest = rest.subarray(part.length);
        missing -= part.length;
        parts.push(part);
      }
      return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    },
    async close() {
      await chunks.return(undefined);
    },
  };
}
