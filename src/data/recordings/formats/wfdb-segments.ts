/** WFDB records of several segments: one after the other, with gaps; each may have other signals where a layout names them all. */
import { basename, dirname, join } from 'node:path';
import { broken } from '../problem.ts';
import type { Recording, Stretch, Track } from '../recording.ts';
import {
  hasSegments,
  parseWfdbHeader,
  parseWfdbSegments,
  type WfdbSegments,
  type WfdbSignal,
} from './wfdb-header.ts';
import { openRecord, readEvents, readHeader, readRows, type WfdbRecord } from './wfdb-record.ts';

/** Only beside the header, whatever the name leads to. */
const headerOf = (path: string, name: string): string =>
  join(dirname(path), `${basename(name.replaceAll('\\', '/'))}.hea`);

interface Segment {
  path: string;
  /** Its first frame among those that are there. */
  first: number;
  frames: number;
  /** Of each signal of the record its place in the segment; -1 where it was not recorded. */
  places: number[];
}

/** @param text of the header @throws FileProblem */
export async function openWfdbSegments(path: string, text: string): Promise<Recording> {
  const record = parseWfdbSegments(text);
  const signals = await signalsOf(path, record);
  const segments: Segment[] = [];
  const stretches: Stretch[] = [];
  const units = new Map<number, string>();
  let [first, elapsed] = [0, 0];
  let isGap = true;
  for (const { name, frames } of record.segments) {
    if (name !== '~') {
      const segment = await lookAt(headerOf(path, name), frames, record, signals, units);
      segments.push({ ...segment, first, frames });
      const seconds = elapsed / (record.frameRate ?? 1);
      if (isGap) stretches.push({ start: first, end: first + frames, seconds });
      else stretches.at(-1)!.end += frames;
      first += frames;
    }
    isGap = name === '~';
    elapsed += frames;
  }
  const reader = oneAtATime();
  const groups = Map.groupBy(signals.keys(), (at) => signals[at]!.samplesPerFrame);
  const tracks = [...groups].map(([perFrame, members]): Track => ({
    rate: record.frameRate === null ? null : record.frameRate * perFrame,
    channels: members.map((at) => ({ name: signals[at]!.name, unit: units.get(at) ?? signals[at]!.unit })),
    length: first * perFrame,
    stretches: stretches.map((one) => ({ ...one, start: one.start * perFrame, end: one.end * perFrame })),
    read: (from, to) => readSegments(segments, members, perFrame, from, to, reader.open),
  }));
  const { events, notes } = await readEvents(path, record.frameRate, elapsed);
  return {
    format: `WFDB, ${segments.length} segments`,
    tracks: tracks.sort((one, other) => other.channels.length - one.channels.length),
    events,
    subject: null,
    start: record.start,
    notes,
    close: reader.close,
  };
}

/** The headers of a record's segments, which are no recordings of their own. @returns their paths */
export async function segmentHeaders(path: string): Promise<string[]> {
  const text = await readHeader(path);
  if (!hasSegments(text)) return [];
  const record = parseWfdbSegments(text);
  const names = record.segments.map(({ name }) => name).filter((name) => name !== '~');
  if (record.layout !== null) names.push(record.layout);
  return names.map((name) => headerOf(path, name));
}

/** Those of the layout, or of the first segment. */
async function signalsOf(path: string, { layout, segments }: WfdbSegments): Promise<WfdbSignal[]> {
  const name = layout ?? segments.find((one) => one.name !== '~')!.name;
  return parseWfdbHeader(await readSegment(headerOf(path, name))).signals;
}

async function readSegment(path: string): Promise<string> {
  try {
    return await readHeader(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw broken(`A segment is missing: there is no “${basename(path)}” beside it.`);
  }
}

/** What a segment holds of the record's signals, once it is known to be as long as it is said to be. */
async function lookAt(
  path: string,
  frames: number,
  { frameRate, layout }: WfdbSegments,
  signals: readonly WfdbSignal[],
  units: Map<number, string>,
): Promise<Pick<Segment, 'path' | 'places'>> {
  const found = await openRecord(path, await readSegment(path));
  await found.close();
  const name = basename(path);
  if (found.frames < frames)
    throw broken(`The segment “${name}” has ${found.frames} frames, ${frames} are said to be there.`);
  if (frameRate !== null && found.header.frameRate !== null && found.header.frameRate !== frameRate)
    throw broken(`The segment “${name}” was recorded at another rate than the record.`);
  const places = signals.map((signal, at) =>
    layout === null ? at : found.signals.findIndex((one) => one.name === signal.name),
  );
  for (const [at, place] of places.entries()) {
    const own = found.signals[place];
    if (!own) {
      if (layout === null) throw broken(`The segment “${name}” has no signal ${at + 1}.`);
      continue;
    }
    if (own.samplesPerFrame !== signals[at]!.samplesPerFrame)
      throw broken(
        `“${own.name}” has ${own.samplesPerFrame} samples a frame in “${name}”, and another number elsewhere.`,
      );
    const unit = units.get(at) ?? own.unit;
    if (unit !== own.unit)
      throw broken(`“${own.name}” is in ${own.unit} in “${name}”, and in ${unit} elsewhere.`);
    units.set(at, unit);
  }
  return { path, places };
}

/** Segments may be many thousands: of their files one is open at a time. */
function oneAtATime() {
  let current: { path: string; record: WfdbRecord } | null = null;
  const close = async () => {
    await current?.record.close();
    current = null;
  };
  return {
    close,
    async open(path: string): Promise<WfdbRecord> {
      if (current?.path !== path) {
        await close();
        current = { path, record: await openRecord(path, await readSegment(path)) };
      }
      return current.record;
    },
  };
}

/** @param members places of the track's signals among those of the record */
async function readSegments(
  segments: readonly Segment[],
  members: readonly number[],
  perFrame: number,
  from: number,
  to: number,
  open: (path: string) => Promise<WfdbRecord>,
): Promise<Float32Array> {
  const values = new Float32Array((to - from) * members.length).fill(NaN);
  for (const { path, first, frames, places } of segments) {
    const [start, end] = [first * perFrame, (first + frames) * perFrame];
    const [low, high] = [Math.max(from, start), Math.min(to, end)];
    if (low >= high) continue;
    const columns = members.flatMap((at, column) =>
      places[at] === -1 ? [] : [{ column, place: places[at]! }],
    );
    if (columns.length === 0) continue;
    const { signals } = await open(path);
    const own = columns.map(({ place }) => signals[place]!);
    const rows = await readRows(own, low - start, high - start);
    for (let row = 0; row < high - low; row += 1)
      for (const [at, { column }] of columns.entries())
        values[(low - from + row) * members.length + column] = rows[row * own.length + at]!;
  }
  return values;
}
