import type { FileHandle } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { writeAll } from '../../../src/machine/write-all.ts';

/** Takes so many bytes at a time, until it holds `room`. */
function disk(room: number, atOnce: number) {
  const held = new Uint8Array(room);
  const write = async (bytes: Uint8Array, from: number, count: number, position: number) => {
    const taken = Math.min(count, atOnce, room - position);
    if (taken === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    held.set(bytes.subarray(from, from + taken), position);
    return { bytesWritten: taken };
  };
  return { held, handle: { write } as unknown as Pick<FileHandle, 'write'> };
}

it('gives the rest of what was taken in part, until all is there or it is refused', async () => {
  const bytes = Uint8Array.from({ length: 10 }, (_, at) => at + 1);
  const large = disk(14, 3);
  await writeAll(large.handle, bytes, 4);
  expect([...large.held]).toEqual([0, 0, 0, 0, ...bytes]);
  await expect(writeAll(disk(12, 3).handle, bytes, 4)).rejects.toThrow('no space left on device');
});
