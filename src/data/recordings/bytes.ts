/** Bytes that are read by their place: of a file, or of what was unpacked from one. */
import { open } from 'node:fs/promises';
import { broken } from './problem.ts';

export interface ByteSource {
  readonly size: number;
  /**
   * Exactly these bytes, in a buffer of their own that begins aligned.
   * @throws FileProblem where the source ends before them
   */
  read(position: number, length: number): Promise<Buffer<ArrayBuffer>>;
  close(): Promise<void>;
}

export async function openBytes(path: string): Promise<ByteSource> {
  // Names come from headers, too.
  if (path.includes('\0')) throw broken('The name of a file in the header cannot be that of a file.');
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    return {
      size,
      async read(position, length) {
        checkReach(position, length, size);
        const buffer = Buffer.from(new ArrayBuffer(length));
        let filled = 0;
        while (filled < length) {
          const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
          if (bytesRead === 0) throw broken('The file became shorter while it was read.');
          filled += bytesRead;
        }
        return buffer;
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

export function bytesInMemory(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read(position, length) {
      checkReach(position, length, bytes.length);
      const buffer = Buffer.from(new ArrayBuffer(length));
      buffer.set(bytes.subarray(position, position + length));
      return Promise.resolve(buffer);
    },
    close: () => Promise.resolve(),
  };
}

/** Sizes that a file claims are held against what is there before memory is taken for them. */
function checkReach(position: number, length: number, size: number): void {
  if (!Number.isSafeInteger(position) || !Number.isSafeInteger(length) || position < 0 || length < 0)
    throw broken('A size or a place in the file is no whole number.');
  if (position + length > size)
    throw broken(
      `The file is cut off: it holds ${size} bytes, and ${position + length} are needed. Copy it again from its source.`,
    );
}
