/** Annotations of EDF+ and BDF+: lists of texts with their times (TAL), and when each record began. */
import type { ByteSource } from '../bytes.ts';
import type { EdfHeader } from './edf-header.ts';
import { broken } from '../problem.ts';
import type { RecordedEvent } from '../recording.ts';

/** Seconds since the first record at which each begins; null where they follow each other. */
export type RecordTimes = Float64Array | null;

const CHUNK_BYTES = 4 * 1024 * 1024;
/** Records longer than this are not read as a whole for the few bytes of annotations in them. */
const SHORT_RECORD_BYTES = 64 * 1024;

export async function readAnnotations(
  source: ByteSource,
  header: EdfHeader,
): Promise<{ events: RecordedEvent[]; times: RecordTimes }> {
  const places = header.signals
    .filter(({ isAnnotation }) => isAnnotation)
    .map(({ offset, samples }) => ({ offset, bytes: samples * header.sampleBytes }));
  if (places.length === 0) return { events: [], times: null };
  const events: RecordedEvent[] = [];
  const times = new Float64Array(header.recordCount);
  for await (const { record, place, bytes } of annotationBytes(source, header, places)) {
    const lists = parseLists(bytes, record);
    if (place === 0) {
      const first = lists[0];
      if (!first || first.texts[0] !== '') {
        if (header.isDiscontinuous)
          throw broken(
            `Record ${record + 1} does not say when it begins, which it has to in this kind of file.`,
          );
        times[record] = record * header.recordSeconds;
      } else times[record] = first.onset;
    }
    for (const { onset, duration, texts } of lists)
      for (const name of texts) if (name !== '') events.push({ seconds: onset, duration, name });
  }
  const begin = times[0]!;
  for (const event of events) event.seconds -= begin;
  if (!header.isDiscontinuous) return { events, times: null };
  return { events, times: times.map((seconds) => seconds - begin) };
}

async function* annotationBytes(
  source: ByteSource,
  { headerBytes, recordBytes, recordCount }: EdfHeader,
  places: readonly { offset: number; bytes: number }[],
): AsyncGenerator<{ record: number; place: number; bytes: Buffer }> {
  const atOnce = recordBytes > SHORT_RECORD_BYTES ? 1 : Math.floor(CHUNK_BYTES / recordBytes);
  for (let first = 0; first < recordCount; first += atOnce) {
    const count = Math.min(atOnce, recordCount - first);
    const start = headerBytes + first * recordBytes;
    const chunk = atOnce > 1 ? await source.read(start, count * recordBytes) : null;
    for (let record = 0; record < count; record += 1) {
      for (const [place, { offset, bytes }] of places.entries()) {
        const at = record * recordBytes + offset;
        yield {
          record: first + record,
          place,
          bytes: chunk ? chunk.subarray(at, at + bytes) : await source.read(start + at, bytes),
        };
      }
    }
  }
}

interface TimedTexts {
  onset: number;
  duration: number;
  texts: string[];
}

/** `+onset[\x15duration]\x14text\x14text\x14\0`, one behind the other; the first text of the first is empty. */
function parseLists(bytes: Buffer, record: number): TimedTexts[] {
  const lists: TimedTexts[] = [];
  let start = 0;
  while (start < bytes.length) {
    if (bytes[start] === 0) {
      start += 1;
      continue;
    }
    let end = bytes.indexOf(0, start);
    if (end === -1) end = bytes.length;
    const [time = '', ...texts] = bytes.toString('utf8', start, end).split('\x14');
    const [onset = '', duration = '0'] = time.split('\x15');
    if (!/^[+-]\d+(\.\d*)?$/.test(onset) || !/^\d+(\.\d*)?$/.test(duration) || texts.length === 0)
      throw broken(`The annotations of record ${record + 1} are no text with a time.`);
    // Behind the last text stands a mark, too.
    if (texts.length > 1 && texts.at(-1) === '') texts.pop();
    lists.push({ onset: Number(onset), duration: Number(duration), texts });
    start = end + 1;
  }
  return lists;
}
