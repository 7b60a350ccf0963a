/** Reads a file, gzip or plain, piece by piece from the start: memory does not grow with the file. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';

const CHUNK_BYTES = 1024 * 1024;

export interface ByteStream {
  /** The next `count` bytes, fewer at the end. The buffer may be kept. */
  read(count: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** Chunks of a file as they come, unpacked if they are gzip (told by content, not by name). */
export async function* readChunks(path: string): AsyncGenerator<Buffer> {
  const packed = await isGzip(path);
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  if (!packed) {
    yield* file as AsyncIterable<Buffer>;
    return;
  }
  const unpacked = createGunzip({ chunkSize: CHUNK_BYTES });
  // pipe() does not carry errors over.
  file.on('error', (error) => unpacked.destroy(error));
  try {
    yield* file.pipe(unpacked) as AsyncIterable<Buffer>;
  } finally {
    file.destroy();
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

async function isGzip(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const start = Buffer.alloc(2);
    await handle.read(start, 0, 2, 0);
    return start[0] === 0x1f && start[1] === 0x8b;
  } finally {
    await handle.close();
  }
}
