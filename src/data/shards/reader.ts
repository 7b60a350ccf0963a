/**
 * Reads samples out of a shard by positioned reads: memory does not grow with the dataset. A block of bytes is read
 * whole when something of it is read for the first time, and compared with its checksum.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { PretextError } from '../../contract/errors.ts';
import { damaged, readContent, type ShardContent } from './checksums.ts';

/** Reads nearer than this to each other are made as one. */
const MERGE_GAP_BYTES = 16 * 1024;
const MERGE_LIMIT_BYTES = 4 * 1024 * 1024;

export interface ShardReader {
  readonly file: string;
  /** Bytes of the samples. */
  readonly bytes: number;
  /**
   * Reads one sample after the other into `target` (`offsets.length * sampleBytes` bytes), in the order of
   * `offsets`. Reads run side by side in the background.
   */
  readInto(target: Uint8Array, offsets: ArrayLike<number>, sampleBytes: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param dataset its name, for what may have to be said of it
 * @throws PretextError `shard.missing`, `shard.damaged`, `shard.newer`; reading throws `shard.damaged` and
 *   `shard.truncated`
 */
export async function openShard(file: string, dataset?: string): Promise<ShardReader> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
    throw new PretextError({
      code: 'shard.missing',
      message: missing
        ? 'The imported samples of this dataset are gone from the project folder.'
        : `The imported samples of this dataset cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      place: file,
      remedy: 'Import the dataset again.',
    });
  }
  try {
    const content = await readContent(handle, file, dataset);
    const shard: OpenShard = {
      handle,
      file,
      dataset,
      content,
      verified: new Uint8Array(content.sums.length),
    };
    return {
      file,
      bytes: content.dataBytes,
      readInto: (target, offsets, sampleBytes) => readSamples(shard, target, offsets, sampleBytes),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

interface OpenShard {
  handle: FileHandle;
  file: string;
  dataset: string | undefined;
  content: ShardContent;
  /** 1 for each block that was found to be as it was written. */
  verified: Uint8Array;
}

async function readSamples(
  shard: OpenShard,
  target: Uint8Array,
  offsets: ArrayLike<number>,
  sampleBytes: number,
): Promise<void> {
  if (target.length < offsets.length * sampleBytes) {
    throw new Error(
      `The target holds ${target.length} bytes, ${offsets.length * sampleBytes} are to be read.`,
    );
  }
  const order = Array.from({ length: offsets.length }, (_, index) => index);
  order.sort((first, second) => (offsets[first] ?? 0) - (offsets[second] ?? 0));
  const reads: Promise<void>[] = [];
  for (let first = 0; first < order.length;) {
    const start = offsets[order[first] ?? 0] ?? 0;
    let end = start + sampleBytes;
    let next = first + 1;
    for (; next < order.length; next += 1) {
      const offset = offsets[order[next] ?? 0] ?? 0;
      if (offset > end + MERGE_GAP_BYTES || offset + sampleBytes - start > MERGE_LIMIT_BYTES) break;
      end = Math.max(end, offset + sampleBytes);
    }
    reads.push(readRun(shard, target, offsets, sampleBytes, order.slice(first, next), start, end));
    first = next;
  }
  await Promise.all(reads);
}

async function readRun(
  shard: OpenShard,
  target: Uint8Array,
  offsets: ArrayLike<number>,
  sampleBytes: number,
  members: number[],
  start: number,
  end: number,
): Promise<void> {
  const unverified = firstUnverified(shard, start, end);
  const first = members[0] ?? 0;
  const areInOrder = members.every(
    (member, at) => member === first + at && offsets[member] === start + at * sampleBytes,
  );
  if (unverified === -1 && areInOrder) {
    const place = target.subarray(first * sampleBytes, (first + members.length) * sampleBytes);
    return readFully(shard, place, start);
  }
  const run = unverified === -1 ? Buffer.allocUnsafe(end - start) : await readVerified(shard, start, end);
  if (unverified === -1) await readFully(shard, run, start);
  for (const member of members) {
    const from = (offsets[member] ?? 0) - start;
    target.set(run.subarray(from, from + sampleBytes), member * sampleBytes);
  }
}

/** The first block of a stretch that was not compared with its checksum yet; -1 for none. */
function firstUnverified({ content, verified }: OpenShard, start: number, end: number): number {
  const last = Math.min(verified.length, Math.ceil(end / content.blockBytes));
  for (let block = Math.floor(start / content.blockBytes); block < last; block++)
    if (verified[block] === 0) return block;
  return -1;
}

/** Reads a stretch with all of the blocks that it lies in, and compares those with their checksums. */
async function readVerified(shard: OpenShard, start: number, end: number): Promise<Buffer> {
  const { content, verified, file, dataset } = shard;
  const { blockBytes, dataBytes, sums } = content;
  const first = Math.floor(start / blockBytes);
  const last = Math.min(sums.length, Math.ceil(end / blockBytes));
  const begin = first * blockBytes;
  const blocks = Buffer.allocUnsafe(Math.max(end, Math.min(last * blockBytes, dataBytes)) - begin);
  await readFully(shard, blocks, begin);
  for (let block = first; block < last; block++) {
    const from = (block - first) * blockBytes;
    const size = Math.min(blockBytes, dataBytes - block * blockBytes);
    if (crc32(blocks.subarray(from, from + size)) !== sums[block])
      throw damaged(file, dataset, block * blockBytes);
    verified[block] = 1;
  }
  return blocks.subarray(start - begin, end - begin);
}

async function readFully({ handle, file }: OpenShard, target: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < target.length) {
    const { bytesRead } = await handle.read(target, done, target.length - done, position + done);
    if (bytesRead === 0) {
      throw new PretextError({
        code: 'shard.truncated',
        message: `The imported samples end at byte ${position + done}, ${target.length - done} bytes too early.`,
        place: file,
        remedy: 'Import the dataset again.',
      });
    }
    done += bytesRead;
  }
}
