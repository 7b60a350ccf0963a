/** Reads samples out of a shard by positioned reads: memory does not grow with the dataset. */
import { open, type FileHandle } from 'node:fs/promises';
import { PretextError } from '../../contract/errors.ts';

/** Reads nearer than this to each other are made as one. */
const MERGE_GAP_BYTES = 16 * 1024;
const MERGE_LIMIT_BYTES = 4 * 1024 * 1024;

export interface ShardReader {
  readonly file: string;
  readonly bytes: number;
  /**
   * Reads one sample after the other into `target` (`offsets.length * sampleBytes` bytes), in the order of
   * `offsets`. Reads run side by side in the background.
   */
  readInto(target: Uint8Array, offsets: ArrayLike<number>, sampleBytes: number): Promise<void>;
  close(): Promise<void>;
}

/** @throws PretextError `shard.missing` */
export async function openShard(file: string): Promise<ShardReader> {
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
  const { size } = await handle.stat();
  return {
    file,
    bytes: size,
    readInto: (target, offsets, sampleBytes) => readSamples(handle, file, target, offsets, sampleBytes),
    close: () => handle.close(),
  };
}

async function readSamples(
  handle: FileHandle,
  file: string,
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
    reads.push(readRun(handle, file, target, offsets, sampleBytes, order.slice(first, next), start, end));
    first = next;
  }
  await Promise.all(reads);
}

async function readRun(
  handle: FileHandle,
  file: string,
  target: Uint8Array,
  offsets: ArrayLike<number>,
  sampleBytes: number,
  members: number[],
  start: number,
  end: number,
): Promise<void> {
  const [only] = members;
  if (members.length === 1 && only !== undefined) {
    const place = target.subarray(only * sampleBytes, (only + 1) * sampleBytes);
    return readFully(handle, file, place, start);
  }
  const run = Buffer.allocUnsafe(end - start);
  await readFully(handle, file, run, start);
  for (const member of members) {
    const from = (offsets[member] ?? 0) - start;
    target.set(run.subarray(from, from + sampleBytes), member * sampleBytes);
  }
}

async function readFully(
  handle: FileHandle,
  file: string,
  target: Uint8Array,
  position: number,
): Promise<void> {
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
