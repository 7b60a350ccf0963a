/** Reads a whole shard once, so that each block is compared with its checksum. */
import { PretextError, type Failure } from '../../contract/errors.ts';
import { openShard } from './reader.ts';

const STRETCH_BYTES = 4 * 1024 * 1024;

/**
 * What is wrong with a shard; null when all of it is as it was written. Stops at the first block that is not.
 *
 * @param dataset its name, for what may have to be said of it
 */
export async function verifyShard(file: string, dataset: string): Promise<Failure | null> {
  try {
    const shard = await openShard(file, dataset);
    try {
      const stretch = new Uint8Array(Math.min(STRETCH_BYTES, shard.bytes));
      for (let begin = 0; begin < shard.bytes; begin += stretch.length) {
        const size = Math.min(stretch.length, shard.bytes - begin);
        await shard.readInto(stretch, [begin], size);
      }
      return null;
    } finally {
      await shard.close();
    }
  } catch (error) {
    if (error instanceof PretextError) return error.failure;
    throw error;
  }
}
