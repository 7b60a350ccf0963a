/**
 * EDF, EDF+ (C and D), BDF and BDF+: records of fixed length, each with its samples of every signal.
 *
 * Kemp et al. 1992 (EDF) and 2003 (EDF+, with annotations); BioSemi's BDF is the same with 24 bits.
 */
import type { ByteSource } from '../bytes.ts';
import { readHeader, type EdfHeader, type EdfSignal } from './edf-header.ts';
import { readAnnotations, type RecordTimes } from './edf-annotations.ts';
import { int24 } from '../numbers.ts';
import { byTime, type Recording, type Stretch, type Track } from '../recording.ts';

const CHUNK_BYTES = 4 * 1024 * 1024;

/** @throws FileProblem for a header that contradicts itself or the file */
export async function openEdf(source: ByteSource): Promise<Recording> {
  const header = await readHeader(source);
  const { events, times } = await readAnnotations(source, header);
  const signals = header.signals.filter(({ isAnnotation }) => !isAnnotation);
  const tracks = [...Map.groupBy(signals, ({ samples }) => samples).values()]
    .map((group) => createTrack(source, header, group, times))
    .sort((one, other) => other.channels.length - one.channels.length);
  return {
    format: header.format,
    tracks,
    events: byTime(events),
    subject: header.subject,
    start: header.start,
    notes: header.notes,
    close: () => source.close(),
  };
}

/** Signals with as many samples a record. */
function createTrack(
  source: ByteSource,
  header: EdfHeader,
  signals: readonly EdfSignal[],
  times: RecordTimes,
): Track {
  const { recordSeconds, recordCount } = header;
  const perRecord = signals[0]!.samples;
  return {
    rate: recordSeconds > 0 ? perRecord / recordSeconds : null,
    channels: signals.map(({ name, unit }) => ({ name, unit })),
    length: recordCount * perRecord,
    stretches: stretchesOf(header, perRecord, times),
    read: (from, to) => readRows(source, header, signals, from, to),
  };
}

/** Where a record does not begin as the one before it ends, there is a gap. */
function stretchesOf(
  { recordCount, recordSeconds }: EdfHeader,
  perRecord: number,
  times: RecordTimes,
): Stretch[] {
  if (!times) return [{ start: 0, end: recordCount * perRecord, seconds: 0 }];
  const stretches: Stretch[] = [];
  const tolerance = recordSeconds / perRecord / 2;
  for (let record = 0; record < recordCount; record += 1) {
    const seconds = times[record]!;
    const last = stretches.at(-1);
    if (last && Math.abs(seconds - times[record - 1]! - recordSeconds) <= tolerance) last.end += perRecord;
    else stretches.push({ start: record * perRecord, end: (record + 1) * perRecord, seconds });
  }
  return stretches;
}

async function readRows(
  source: ByteSource,
  header: EdfHeader,
  signals: readonly EdfSignal[],
  from: number,
  to: number,
): Promise<Float32Array> {
  const { headerBytes, recordBytes, sampleBytes } = header;
  const perRecord = signals[0]!.samples;
  const values = new Float32Array((to - from) * signals.length);
  const lastRecord = Math.ceil(to / perRecord);
  const atOnce = Math.max(1, Math.floor(CHUNK_BYTES / recordBytes));
  for (let first = Math.floor(from / perRecord); first < lastRecord; first += atOnce) {
    const count = Math.min(atOnce, lastRecord - first);
    const bytes = await source.read(headerBytes + first * recordBytes, count * recordBytes);
    const whole = sampleBytes === 2 ? new Int16Array(bytes.buffer) : null;
    for (let record = 0; record < count; record += 1) {
      const firstRow = (first + record) * perRecord;
      const begin = Math.max(0, from - firstRow);
      const end = Math.min(perRecord, to - firstRow);
      for (let channel = 0; channel < signals.length; channel += 1) {
        const { offset, gain, base } = signals[channel]!;
        let place = (firstRow + begin - from) * signals.length + channel;
        const start = record * recordBytes + offset;
        for (let row = begin; row < end; row += 1) {
          const digital = whole ? whole[start / 2 + row]! : int24(bytes, start + 3 * row);
          values[place] = digital * gain + base;
          place += signals.length;
        }
      }
    }
  }
  return values;
}
