/** Mean and standard deviation of every channel, streamed over a shard. */
import { BYTES_PER_VALUE, valuesToCompute, type SampleType } from '../../contract/data/sample-values.ts';
import { breathe } from '../breathe.ts';
import type { ShardReader } from './reader.ts';

export interface ChannelStatistics {
  mean: number[];
  standardDeviation: number[];
}

const CHUNK_BYTES = 1024 * 1024;

/**
 * Statistics in the units that are computed with (0 to 255 for images) over the given samples. Rows that overlapping windows share count once, so the
 * result does not depend on the stride.
 * @param offsets Byte offsets of samples of `sampleBytes` each, channels last.
 */
export async function channelStatistics(
  shard: Pick<ShardReader, 'readInto'>,
  offsets: ArrayLike<number>,
  sampleBytes: number,
  channels: number,
  dtype: SampleType,
  signal?: AbortSignal,
): Promise<ChannelStatistics> {
  const rowBytes = channels * BYTES_PER_VALUE[dtype];
  const chunkBytes = Math.max(rowBytes, CHUNK_BYTES - (CHUNK_BYTES % rowBytes));
  const sums = {
    count: 0,
    shift: new Float64Array(channels),
    sum: new Float64Array(channels),
    squares: new Float64Array(channels),
  };
  const memory = new ArrayBuffer(chunkBytes);
  for (const [start, end] of mergeRanges(offsets, sampleBytes)) {
    for (let position = start; position < end; position += chunkBytes) {
      signal?.throwIfAborted();
      const bytes = Math.min(chunkBytes, end - position);
      await shard.readInto(new Uint8Array(memory, 0, bytes), [position], bytes);
      const values = valuesToCompute(new Uint8Array(memory, 0, bytes), dtype);
      addRows(sums, values, channels);
      await breathe();
    }
  }
  const mean = [...sums.sum].map(
    (sum, channel) => (sums.shift[channel] ?? 0) + (sums.count ? sum / sums.count : 0),
  );
  const standardDeviation = [...sums.squares].map((squares, channel) => {
    const average = sums.count ? (sums.sum[channel] ?? 0) / sums.count : 0;
    return Math.sqrt(Math.max(0, sums.count ? squares / sums.count - average ** 2 : 0));
  });
  return { mean, standardDeviation };
}

interface Sums {
  count: number;
  /** The first value of each channel: sums of differences from it keep their digits on a large offset. */
  shift: Float64Array;
  sum: Float64Array;
  squares: Float64Array;
}

function addRows(sums: Sums, values: Uint8Array | Float32Array, channels: number): void {
  if (sums.count === 0) sums.shift.set(values.subarray(0, channels));
  for (let channel = 0; channel < channels; channel += 1) {
    const shift = sums.shift[channel] ?? 0;
    let sum = 0;
    let squares = 0;
    for (let at = channel; at < values.length; at += channels) {
      const difference = values[at]! - shift;
      sum += difference;
      squares += difference * difference;
    }
    sums.sum[channel] = (sums.sum[channel] ?? 0) + sum;
    sums.squares[channel] = (sums.squares[channel] ?? 0) + squares;
  }
  sums.count += values.length / channels;
}

/** Byte ranges that the samples cover, touching and overlapping ones joined. */
function mergeRanges(offsets: ArrayLike<number>, sampleBytes: number): [number, number][] {
  const sorted = Float64Array.from(offsets).sort();
  const ranges: [number, number][] = [];
  let last: [number, number] | undefined;
  for (const start of sorted) {
    if (last && start <= last[1]) last[1] = Math.max(last[1], start + sampleBytes);
    else ranges.push((last = [start, start + sampleBytes]));
  }
  return ranges;
}
