/** Samples of a shard, read a chunk at a time. */
import { bytesOfSample } from '../../contract/data/sample-values.ts';
import type { ShardReader } from '../shards/reader.ts';
import type { SampleForm } from './signature.ts';

const CHUNK_BYTES = 1024 * 1024;

export const sampleBytesOf = ({ shape, dtype }: SampleForm): number => bytesOfSample(shape, dtype);

/** Samples of the given offsets; valid until the next chunk. */
export async function* chunksOf(
  form: SampleForm,
  shard: ShardReader,
  offsets: Float64Array,
): AsyncGenerator<[number, Uint8Array[]]> {
  const size = sampleBytesOf(form);
  const atOnce = Math.max(1, Math.floor(CHUNK_BYTES / size));
  const memory = new Uint8Array(Math.min(atOnce, offsets.length) * size);
  for (let first = 0; first < offsets.length; first += atOnce) {
    const part = offsets.subarray(first, first + atOnce);
    await shard.readInto(memory, part, size);
    yield [first, Array.from(part, (_, at) => memory.subarray(at * size, (at + 1) * size))];
  }
}
