/** Makes the file of smallest and largest values for the recordings of a shard. */
import { open, rm } from 'node:fs/promises';
import { giveName } from '../../../machine/replace-file.ts';
import { writeAll } from '../../../machine/write-all.ts';
import { breathe } from '../../breathe.ts';
import { openShard, type ShardReader } from '../../shards/reader.ts';
import { layoutOf, LEVELS, type PyramidPlace } from './layout.ts';
import { reduceBlocks, reduceRows } from './reduce.ts';

/** A whole block of the coarsest level, so that no piece shares a block with another. */
const PIECE_ROWS = LEVELS.at(-1)!;

/**
 * @param file its final path; it appears there whole or not at all
 * @throws PretextError for a shard that is damaged; the signal's reason when aborted
 */
export async function buildPyramid(
  shardFile: string,
  file: string,
  places: readonly PyramidPlace[],
  channels: number,
  signal?: AbortSignal,
): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  const shard = await openShard(shardFile);
  try {
    const { head, at } = layoutOf(places, channels, shard.bytes);
    const handle = await open(temporary, 'w');
    try {
      for (const [recording, { start, rows }] of places.entries())
        for (let from = 0; from < rows; from += PIECE_ROWS) {
          signal?.throwIfAborted();
          const count = Math.min(PIECE_ROWS, rows - from);
          const values = await readRows(shard, start, from, count, channels);
          for (const [level, blocks] of levelsOf(values, channels).entries()) {
            const position = at[recording]![level]! + (from / LEVELS[level]!) * channels * 8;
            await writeAll(
              handle,
              new Uint8Array(blocks.buffer, blocks.byteOffset, blocks.byteLength),
              position,
            );
          }
          await breathe();
        }
      // Last, so that a file that begins as one is whole.
      await writeAll(handle, head, 0);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await giveName(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await shard.close();
  }
}

export async function readRows(
  shard: ShardReader,
  start: number,
  from: number,
  count: number,
  channels: number,
): Promise<Float32Array> {
  const bytes = new Uint8Array(4 * channels * count);
  if (count > 0) await shard.readInto(bytes, [start + 4 * channels * from], bytes.length);
  return new Float32Array(bytes.buffer);
}

function levelsOf(values: Float32Array, channels: number): Float32Array[] {
  const levels = [reduceRows(values, channels, LEVELS[0])];
  for (let level = 1; level < LEVELS.length; level += 1)
    levels.push(reduceBlocks(levels[level - 1]!, channels, LEVELS[level]! / LEVELS[level - 1]!));
  return levels;
}
