/** Samples that stand frame by frame in a file: every channel's value, then the next time's. */
import type { ByteSource } from './bytes.ts';
import { bytesOf, decodeNumbers, type NumberType } from './numbers.ts';

const CHUNK_BYTES = 4 * 1024 * 1024;

export interface PackedSamples {
  source: ByteSource;
  /** Where the first frame begins. */
  offset: number;
  type: NumberType;
  isLittleEndian: boolean;
  channels: number;
  /** Physical value = stored value · gain + base, one a channel. */
  gains: ArrayLike<number>;
  bases: ArrayLike<number>;
}

/** @returns [to − from, channels] */
export async function readFrames(packed: PackedSamples, from: number, to: number): Promise<Float32Array> {
  const { source, offset, type, isLittleEndian, channels, gains, bases } = packed;
  const values = new Float32Array((to - from) * channels);
  const frameBytes = bytesOf(type) * channels;
  const atOnce = Math.max(1, Math.floor(CHUNK_BYTES / frameBytes));
  for (let first = from; first < to; first += atOnce) {
    const count = Math.min(atOnce, to - first);
    const bytes = await source.read(offset + first * frameBytes, count * frameBytes);
    const stored = decodeNumbers(bytes, type, isLittleEndian);
    let place = (first - from) * channels;
    for (let row = 0, at = 0; row < count; row += 1)
      for (let channel = 0; channel < channels; channel += 1)
        values[place++] = stored[at++]! * gains[channel]! + bases[channel]!;
  }
  return values;
}

/** Samples that stand channel by channel. @returns [to − from, channels] */
export async function readPlanes(
  packed: PackedSamples,
  length: number,
  from: number,
  to: number,
): Promise<Float32Array> {
  const { source, offset, type, isLittleEndian, channels, gains, bases } = packed;
  const values = new Float32Array((to - from) * channels);
  const bytes = bytesOf(type);
  for (let channel = 0; channel < channels; channel += 1) {
    const start = offset + (channel * length + from) * bytes;
    const stored = decodeNumbers(await source.read(start, (to - from) * bytes), type, isLittleEndian);
    for (let row = 0; row < to - from; row += 1)
      values[row * channels + channel] = stored[row]! * gains[channel]! + bases[channel]!;
  }
  return values;
}
