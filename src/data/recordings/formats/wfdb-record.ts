/** One WFDB record: its samples in one or more files, annotations beside them. */
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { openBytes, type ByteSource } from '../bytes.ts';
import { int24 } from '../numbers.ts';
import { FileProblem } from '../../problem.ts';
import { broken } from '../problem.ts';
import { byTime, type RecordedEvent } from '../recording.ts';
import { parseWfdbAnnotations } from './wfdb-annotations.ts';
import { parseWfdbHeader, type WfdbFormat, type WfdbHeader, type WfdbSignal } from './wfdb-header.ts';

const CHUNK_BYTES = 4 * 1024 * 1024;
const MOST_HEADER_BYTES = 16 * 1024 * 1024;
const MOST_ANNOTATION_BYTES = 256 * 1024 * 1024;

/** Bits of a sample, and the value that stands for none. */
const SAMPLES: Record<WfdbFormat, { bits: number; missing: number }> = {
  0: { bits: 0, missing: 0 },
  16: { bits: 16, missing: -32_768 },
  24: { bits: 24, missing: -8_388_608 },
  32: { bits: 32, missing: -2_147_483_648 },
  61: { bits: 16, missing: -32_768 },
  80: { bits: 8, missing: -128 },
  212: { bits: 12, missing: -2048 },
};

/** Signals of one file: a frame holds the samples of each, one behind the other. */
interface SampleFile {
  source: ByteSource;
  format: WfdbFormat;
  byteOffset: number;
  /** Samples of a frame. */
  frameSamples: number;
}

export interface PlacedSignal extends WfdbSignal {
  in: SampleFile;
  /** Its first sample in a frame. */
  first: number;
}

/** A record whose samples are at hand. */
export interface WfdbRecord {
  header: WfdbHeader;
  signals: PlacedSignal[];
  frames: number;
  close(): Promise<void>;
}

/** The text of a header, `.hea`. @throws FileProblem */
export async function readHeader(path: string): Promise<string> {
  if ((await stat(path)).size > MOST_HEADER_BYTES) throw broken('The text is too long for a header.');
  return readFile(path, 'latin1');
}

/** @throws FileProblem */
export async function openRecord(path: string, text: string): Promise<WfdbRecord> {
  const header = parseWfdbHeader(text);
  const files = new Map<string, SampleFile>();
  const close = async () => {
    for (const { source } of files.values()) await source.close();
  };
  try {
    const signals = await placeSignals(path, header, files);
    return { header, signals, frames: framesOf(header, files), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function placeSignals(
  path: string,
  { signals }: WfdbHeader,
  files: Map<string, SampleFile>,
): Promise<PlacedSignal[]> {
  const placed: PlacedSignal[] = [];
  for (const signal of signals) {
    if (signal.format === 0) throw broken(`Signal “${signal.name}” is only named: it has no samples.`);
    let file = files.get(signal.file);
    if (!file) {
      const { format, byteOffset } = signal;
      file = { source: await openSamples(path, signal.file), format, byteOffset, frameSamples: 0 };
      files.set(signal.file, file);
    }
    if (file.format !== signal.format)
      throw broken(
        `“${signal.file}” is said to be written in format ${file.format} and in ${signal.format}.`,
      );
    placed.push({ ...signal, in: file, first: file.frameSamples });
    file.frameSamples += signal.samplesPerFrame;
  }
  return placed;
}

async function openSamples(path: string, name: string): Promise<ByteSource> {
  // Only beside the header, whatever the name leads to.
  const beside = basename(name.replaceAll('\\', '/'));
  try {
    return await openBytes(join(dirname(path), beside));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new FileProblem('missing', `Its samples are missing: there is no “${beside}” beside it.`);
  }
}

function framesOf({ frames }: WfdbHeader, files: Map<string, SampleFile>): number {
  const there = [...files].map(([name, { source, format, byteOffset, frameSamples }]) => {
    const frameBits = frameSamples * SAMPLES[format].bits;
    return { name, frames: Math.floor(((source.size - byteOffset) * 8) / frameBits) };
  });
  const fewest = there.reduce((one, other) => (other.frames < one.frames ? other : one));
  if (frames !== null && fewest.frames < frames)
    throw broken(
      `“${fewest.name}” is cut off: the header counts ${frames} frames, ${Math.max(0, fewest.frames)} are there. Copy it again.`,
    );
  const count = frames ?? fewest.frames;
  if (!(count > 0)) throw new FileProblem('empty', `“${fewest.name}” holds no samples.`);
  return count;
}

/** Signals of as many samples a frame. @returns [to − from, signals] */
export async function readRows(
  signals: readonly PlacedSignal[],
  from: number,
  to: number,
): Promise<Float32Array> {
  const perFrame = signals[0]!.samplesPerFrame;
  const values = new Float32Array((to - from) * signals.length);
  const lastFrame = Math.ceil(to / perFrame);
  for (const file of new Set(signals.map((signal) => signal.in))) {
    const { missing, bits } = SAMPLES[file.format];
    const frameBytes = (file.frameSamples * bits) / 8;
    const atOnce = Math.max(1, Math.floor(CHUNK_BYTES / frameBytes));
    for (let first = Math.floor(from / perFrame); first < lastFrame; first += atOnce) {
      const count = Math.min(atOnce, lastFrame - first);
      const stored = await readSamples(file, first * file.frameSamples, count * file.frameSamples);
      for (const [channel, signal] of signals.entries()) {
        if (signal.in !== file) continue;
        const { gain, baseline } = signal;
        for (let frame = 0; frame < count; frame += 1)
          for (let sample = 0; sample < perFrame; sample += 1) {
            const row = (first + frame) * perFrame + sample;
            if (row < from || row >= to) continue;
            const value = stored[frame * file.frameSamples + signal.first + sample]!;
            values[(row - from) * signals.length + channel] =
              value === missing ? NaN : (value - baseline) / gain;
          }
      }
    }
  }
  return values;
}

/** Samples of a file as whole numbers, of all its signals. */
async function readSamples(
  { source, format, byteOffset }: SampleFile,
  first: number,
  count: number,
): Promise<ArrayLike<number>> {
  if (format === 212) return readPairs(source, byteOffset, first, count);
  const bytes = SAMPLES[format].bits / 8;
  const buffer = await source.read(byteOffset + first * bytes, count * bytes);
  if (format === 16) return new Int16Array(buffer.buffer);
  if (format === 61) return new Int16Array(buffer.swap16().buffer);
  if (format === 32) return new Int32Array(buffer.buffer);
  const decode = format === 80 ? (at: number) => buffer[at]! - 128 : (at: number) => int24(buffer, 3 * at);
  return Int32Array.from({ length: count }, (_, at) => decode(at));
}

/** Format 212: two samples of twelve bits in three bytes. */
async function readPairs(
  source: ByteSource,
  byteOffset: number,
  first: number,
  count: number,
): Promise<Int16Array> {
  const firstPair = first >> 1;
  const pairs = Math.ceil((first + count) / 2) - firstPair;
  const start = byteOffset + 3 * firstPair;
  // The last sample of an odd number has no third byte.
  const bytes = await source.read(start, Math.min(3 * pairs, source.size - start));
  const samples = new Int16Array(2 * pairs);
  for (let pair = 0; pair < pairs; pair += 1) {
    const [low, middle, high] = [bytes[3 * pair]!, bytes[3 * pair + 1]!, bytes[3 * pair + 2] ?? 0];
    samples[2 * pair] = ((low | ((middle & 0x0f) << 8)) << 20) >> 20;
    samples[2 * pair + 1] = ((high | ((middle & 0xf0) << 4)) << 20) >> 20;
  }
  return samples.subarray(first % 2, (first % 2) + count);
}

export async function readEvents(path: string, frameRate: number | null, frames: number) {
  const file = path.replace(/\.[^.]*$/, '.atr');
  const found = await stat(file).catch(() => null);
  if (!found) return { events: [] as RecordedEvent[], notes: [] as string[] };
  if (frameRate === null)
    return { events: [], notes: ['Its annotations are not read: no rate says when they are.'] };
  if (found.size > MOST_ANNOTATION_BYTES) throw broken('The file of annotations is too long.');
  const events = parseWfdbAnnotations(await readFile(file), frameRate);
  const inside = events.filter(({ seconds }) => seconds >= 0 && seconds <= frames / frameRate);
  const outside = events.length - inside.length;
  return {
    events: byTime(inside),
    notes: outside > 0 ? [`${outside} annotations lie outside of the recording and are not used.`] : [],
  };
}
