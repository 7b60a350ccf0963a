/** Checks on the finished shard that no sample of one split occurs, byte for byte, in another. */
import { hash } from 'node:crypto';
import { breathe } from '../breathe.ts';
import type { ShardReader } from './reader.ts';

const CHUNK_BYTES = 1024 * 1024;

/**
 * Hashes every stored sample; 8 bytes a sample are kept.
 * @throws Error (a bug: readers leave duplicates out) if two splits share content
 */
export async function assertContentDisjoint(
  shard: ShardReader,
  offsets: Float64Array,
  sampleBytes: number,
  codes: Uint8Array,
  signal?: AbortSignal,
): Promise<void> {
  const keys = new Float64Array(offsets.length);
  const perChunk = Math.max(1, Math.floor(CHUNK_BYTES / sampleBytes));
  const memory = Buffer.allocUnsafe(perChunk * sampleBytes);
  for (let first = 0; first < offsets.length; first += perChunk) {
    signal?.throwIfAborted();
    const part = offsets.subarray(first, first + perChunk);
    await shard.readInto(memory, part, sampleBytes);
    for (let index = 0; index < part.length; index += 1) {
      const bytes = memory.subarray(index * sampleBytes, (index + 1) * sampleBytes);
      keys[first + index] = hash('sha256', bytes, 'buffer').readUIntBE(0, 6);
    }
    await breathe();
  }
  const sorted = keys.slice().sort();
  const shared = new Set<number>();
  for (let index = 1; index < sorted.length; index += 1) {
    if (sorted[index] === sorted[index - 1]) shared.add(sorted[index] ?? 0);
  }
  if (shared.size > 0) await compareBytes(shard, offsets, sampleBytes, codes, keys, shared);
}

/** Equal keys are 48 bits of a hash: only equal bytes count. */
async function compareBytes(
  shard: ShardReader,
  offsets: Float64Array,
  sampleBytes: number,
  codes: Uint8Array,
  keys: Float64Array,
  shared: Set<number>,
): Promise<void> {
  const seen = new Map<number, number[]>();
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? 0;
    if (!shared.has(key)) continue;
    const others = seen.get(key) ?? [];
    for (const other of others) {
      if (codes[other] === codes[index]) continue;
      const pair = Buffer.allocUnsafe(2 * sampleBytes);
      await shard.readInto(pair, [offsets[other] ?? 0, offsets[index] ?? 0], sampleBytes);
      if (pair.subarray(0, sampleBytes).equals(pair.subarray(sampleBytes))) {
        throw new Error(`Bug: samples ${other} and ${index} are the same and stand in different splits.`);
      }
    }
    seen.set(key, [...others, index]);
  }
}
