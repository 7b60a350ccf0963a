/**
 * Checksums of a shard, so that a byte that changes on the disk is noticed: CRC-32 of each block of the samples, behind
 * them, then an end that says how to read the table. Shards of earlier versions have none, and are read as they are.
 *
 *     samples | CRC-32 of each block, 4 bytes | "PRETEXT\0" version blockBytes dataBytes tableCrc 0
 */
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { PretextError } from '../../contract/errors.ts';

const MAGIC = Buffer.from('PRETEXT\0', 'latin1');
const VERSION = 1;
const END_BYTES = 32;
/** Small enough to be read whole for one sample, large enough that a table is short. */
export const BLOCK_BYTES = 64 * 1024;
const CHUNK_BYTES = 16 * BLOCK_BYTES;

/** The samples' bytes, and what is known of their blocks; no blocks where the shard has no checksums. */
export interface ShardContent {
  dataBytes: number;
  blockBytes: number;
  sums: Uint32Array;
}

/** What stands behind the samples of a finished shard. */
export async function describeBlocks(handle: FileHandle, dataBytes: number): Promise<Buffer> {
  const count = Math.ceil(dataBytes / BLOCK_BYTES);
  const result = Buffer.alloc(4 * count + END_BYTES);
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(1, dataBytes)));
  for (let begin = 0; begin < dataBytes; begin += CHUNK_BYTES) {
    const part = chunk.subarray(0, Math.min(CHUNK_BYTES, dataBytes - begin));
    await readWhole(handle, part, begin);
    for (let at = 0; at < part.length; at += BLOCK_BYTES)
      result.writeUInt32LE(crc32(part.subarray(at, at + BLOCK_BYTES)), (4 * (begin + at)) / BLOCK_BYTES);
  }
  const end = result.subarray(4 * count);
  MAGIC.copy(end);
  end.writeUInt32LE(VERSION, 8);
  end.writeUInt32LE(BLOCK_BYTES, 12);
  end.writeBigUInt64LE(BigInt(dataBytes), 16);
  end.writeUInt32LE(crc32(result.subarray(0, 4 * count)), 24);
  return result;
}

/** @throws PretextError `shard.newer`, `shard.damaged` */
export async function readContent(
  handle: FileHandle,
  file: string,
  dataset: string | undefined,
): Promise<ShardContent> {
  const { size } = await handle.stat();
  const none = { dataBytes: size, blockBytes: BLOCK_BYTES, sums: new Uint32Array(0) };
  if (size < END_BYTES) return none;
  const end = Buffer.allocUnsafe(END_BYTES);
  await readWhole(handle, end, size - END_BYTES);
  if (!end.subarray(0, MAGIC.length).equals(MAGIC)) return none;
  if (end.readUInt32LE(8) > VERSION) throw newer(file);
  const blockBytes = end.readUInt32LE(12);
  const dataBytes = Number(end.readBigUInt64LE(16));
  const count = Math.ceil(dataBytes / blockBytes);
  if (!(blockBytes > 0) || dataBytes + 4 * count + END_BYTES !== size) throw damaged(file, dataset, null);
  const table = Buffer.alloc(4 * count);
  await readWhole(handle, table, dataBytes);
  if (crc32(table) !== end.readUInt32LE(24)) throw damaged(file, dataset, null);
  return {
    dataBytes,
    blockBytes,
    sums: Uint32Array.from({ length: count }, (_, at) => table.readUInt32LE(4 * at)),
  };
}

/** @param from first byte of what is damaged; null for the table itself */
export function damaged(file: string, dataset: string | undefined, from: number | null): PretextError {
  const of = dataset === undefined ? 'a dataset' : `“${dataset}”`;
  const where = from === null ? 'Their checksums are' : `What lies from byte ${from} on is`;
  return new PretextError({
    code: 'shard.damaged',
    message: `The imported samples of ${of} have changed on the disk since they were written. ${where} not as it was.`,
    place: file,
    remedy:
      'Import the dataset again from its files, or copy this file from a backup of the project. Check the disk, too.',
  });
}

function newer(file: string): PretextError {
  return new PretextError({
    code: 'shard.newer',
    message: 'The imported samples were written by a later version of the program.',
    place: file,
    remedy: 'Open the project with that version, or import the dataset again.',
  });
}

async function readWhole(handle: FileHandle, target: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < target.length;) {
    const { bytesRead } = await handle.read(target, done, target.length - done, position + done);
    if (bytesRead === 0) throw new Error(`The shard ends at byte ${position + done}.`);
    done += bytesRead;
  }
}
