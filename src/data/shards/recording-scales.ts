/**
 * Every recording by its own mean and deviation of each channel: measured over all of it as it is stored, whatever
 * windows are cut from it, and applied to samples as they are read. So new recordings are scaled as those that were
 * trained on, and nothing is imported anew.
 */
import { isConstantChannel } from '../../contract/data/recordings/channels.ts';
import type { RecordingScales } from '../../contract/data/recordings/scales.ts';
import { openShard, type ShardReader } from './reader.ts';
import { channelStatistics } from './statistics.ts';

/** Where one lies in the shard: float32 rows, channels last. */
export interface RecordedRows {
  /** Its first byte. */
  start: number;
  rows: number;
}

/** @param places ascending */
export async function measureRecordings(
  shard: Pick<ShardReader, 'readInto'>,
  places: readonly RecordedRows[],
  channels: number,
  signal?: AbortSignal,
): Promise<RecordingScales> {
  const means = new Float64Array(places.length * channels);
  const deviations = new Float64Array(places.length * channels);
  for (const [at, { start, rows }] of places.entries()) {
    const bytes = rows * channels * 4;
    const found = await channelStatistics(shard, [start], bytes, channels, 'float32', signal);
    means.set(found.mean, at * channels);
    deviations.set(
      found.standardDeviation.map((value, channel) =>
        isConstantChannel(found.mean[channel]!, value) ? 1 : value,
      ),
      at * channels,
    );
  }
  return { starts: Float64Array.from(places, ({ start }) => start), means, deviations };
}

/** The recording that holds a byte: the last that begins at it or before. */
export function recordingAt(starts: ArrayLike<number>, byte: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= byte) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Samples of recordings in their own scale; of those that were not measured, as stored. */
export async function openSamples(
  file: string,
  name?: string,
  scales?: RecordingScales | undefined,
): Promise<ShardReader> {
  const shard = await openShard(file, name);
  return scales ? scaled(shard, scales) : shard;
}

const scaled = (shard: ShardReader, scales: RecordingScales): ShardReader => ({
  ...shard,
  async readInto(target, offsets, sampleBytes) {
    await shard.readInto(target, offsets, sampleBytes);
    for (let at = 0; at < offsets.length; at += 1)
      scaleSample(target.subarray(at * sampleBytes, (at + 1) * sampleBytes), offsets[at]!, scales);
  },
});

/** @param bytes float32 values, aligned as all buffers of samples are, in place */
function scaleSample(
  bytes: Uint8Array,
  offset: number,
  { starts, means, deviations }: RecordingScales,
): void {
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const channels = means.length / starts.length;
  const recording = recordingAt(starts, offset);
  const first = recording * channels;
  for (let at = 0, channel = 0; at < values.length; at += 1) {
    values[at] = (values[at]! - means[first + channel]!) / deviations[first + channel]!;
    channel = channel + 1 === channels ? 0 : channel + 1;
  }
}
