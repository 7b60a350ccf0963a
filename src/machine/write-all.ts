/** A disk that is nearly full takes a part of what it is given, without an error: the rest is given until it refuses. */
import type { FileHandle } from 'node:fs/promises';

export async function writeAll(
  handle: Pick<FileHandle, 'write'>,
  bytes: Uint8Array,
  position: number,
): Promise<void> {
  for (let done = 0; done < bytes.length;)
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}
