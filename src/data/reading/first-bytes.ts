/** How a file begins, for whoever tells formats by that. */
import { open } from 'node:fs/promises';

/** As many bytes as are there, `count` at most; none where the file cannot be opened: whoever reads it tells why. */
export async function firstBytes(path: string, count: number): Promise<Uint8Array> {
  try {
    const handle = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(count), 0, count, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    return new Uint8Array(0);
  }
}
