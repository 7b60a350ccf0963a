/**
 * Windows that stand by themselves: each is prepared on its own, and a recording becomes its windows, one behind the
 * other, so that windows that overlap may differ where they do.
 */
import type { RecordingPlace } from '../../../contract/data/recordings/recordings.ts';
import { breathe } from '../../breathe.ts';
import type { ShardWriter } from '../../shards/writer.ts';
import { groundInMemory } from './ground.ts';
import { storeInShard } from './row-store.ts';
import type { PreparationPlan } from './plan.ts';
import { partedSteps, type Step } from './steps.ts';

/** Rows of a recording, counted from its first. */
export interface ApartWindow {
  start: number;
  /** Its own; it is filled up with zeros to the length of all. */
  rows: number;
}

const VALUES_AT_ONCE = 512 * 1024;

/** @param values [rows, channels] of one window @returns the same prepared, filled up to so many rows */
export async function prepareWindow(
  values: Float32Array,
  channels: number,
  length: number,
  steps: readonly Step[],
): Promise<Float32Array> {
  const ground = groundInMemory([values], channels);
  for (const step of steps) await step.apply(ground);
  const whole = new Float32Array(length * (steps.at(-1)?.names.length ?? channels));
  whole.set(ground.values[0]!);
  return whole;
}

/**
 * A recording that was appended to a shard last becomes its windows: window n begins at row n × length.
 * @param begin its first byte
 * @param rows all of them
 */
async function setWindowsApart(
  writer: ShardWriter,
  { begin, rows, channels }: { begin: number; rows: number; channels: number },
  windows: readonly ApartWindow[],
  length: number,
  steps: readonly Step[],
): Promise<void> {
  const recording = storeInShard(writer, begin, rows, channels);
  const atOnce = Math.max(length, Math.floor(VALUES_AT_ONCE / channels));
  let block = { from: 0, to: 0, values: new Float32Array(0) };
  const rowsFrom = async (from: number, to: number): Promise<Float32Array> => {
    if (from < block.from || to > block.to) {
      const end = Math.min(rows, Math.max(to, from + atOnce));
      block = { from, to: end, values: (await recording.read(from, end)) as Float32Array<ArrayBuffer> };
    }
    return block.values.slice((from - block.from) * channels, (to - block.from) * channels);
  };
  const behind = writer.position;
  for (const [index, { start, rows: own }] of windows.entries()) {
    const values = await prepareWindow(await rowsFrom(start, start + own), channels, length, steps);
    await writer.append(new Uint8Array(values.buffer));
    if (index % 256 === 0) await breathe();
  }
  await moveDown(writer, behind, begin);
}

/** What was appended from `from` on, to an earlier place. */
async function moveDown(writer: ShardWriter, from: number, to: number): Promise<void> {
  const bytes = writer.position - from;
  for (let moved = 0; moved < bytes; moved += 4 * VALUES_AT_ONCE) {
    const part = new Uint8Array(Math.min(4 * VALUES_AT_ONCE, bytes - moved));
    await writer.readBack(part, from + moved);
    await writer.overwrite(part, to + moved);
  }
  await writer.rewind(to + bytes);
}

/** A window of a stretch, whose own rows may end before it does. */
export interface StretchWindow {
  start: number;
  stretch: { start: number; rows: number };
}

/**
 * Where windows are prepared each by itself, a recording that was appended last becomes its windows.
 * @returns where its parts lie then
 */
export async function standApart(
  writer: ShardWriter,
  { steps: all, written }: Pick<PreparationPlan, 'steps' | 'written'>,
  place: RecordingPlace,
  found: readonly StretchWindow[],
  length: number,
  rate: number | null,
): Promise<RecordingPlace> {
  const steps = partedSteps(all);
  if (steps.window.length === 0) return place;
  const channels = (steps.recording.at(-1)?.names ?? written).length;
  const windows = found.map(({ start, stretch }) => ({
    start,
    rows: Math.min(length, stretch.start + stretch.rows - start),
  }));
  await setWindowsApart(
    writer,
    { begin: place.start, rows: place.rows, channels },
    windows,
    length,
    steps.window,
  );
  const runs = runsOfWindows(found, ({ stretch }) => stretch, length);
  return placeAfter(place, runs, found.length * length, rate);
}

/** Rows before and after: windows that follow each other without a gap stay one stretch. */
export interface KeptRun {
  start: number;
  end: number;
  /** Where its first row stands now. */
  place: number;
}

/** @param stretchOf the stretch that a window lies in: time may jump between two */
export function runsOfWindows<Window extends { start: number }>(
  windows: readonly Window[],
  stretchOf: (window: Window) => unknown,
  length: number,
): KeptRun[] {
  const runs: KeptRun[] = [];
  let stretch: unknown;
  windows.forEach((window, index) => {
    const { start } = window;
    const last = runs.at(-1);
    if (last?.end === start && stretch === stretchOf(window)) last.end += length;
    else runs.push({ start, end: start + length, place: index * length });
    stretch = stretchOf(window);
  });
  return runs;
}

/** The places of rows that were kept; several where windows overlap, none where no window was. */
export function placesAfter<Marked extends { start: number; end: number }>(
  marked: Marked,
  runs: readonly KeptRun[],
): Marked[] {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (runs[middle]!.end <= marked.start) low = middle + 1;
    else high = middle;
  }
  const found: Marked[] = [];
  for (let at = low; at < runs.length; at += 1) {
    const { start, end, place } = runs[at]!;
    if (start > marked.start && start >= marked.end) break;
    const from = Math.max(start, marked.start);
    const to = Math.min(end, marked.end);
    found.push({ ...marked, start: place + from - start, end: place + Math.max(from, to) - start });
  }
  return found;
}

/** A recording of which such runs were kept. @param rate rows a second; null where nothing says it */
export function placeAfter(
  place: RecordingPlace,
  runs: readonly KeptRun[],
  rows: number,
  rate: number | null,
): RecordingPlace {
  const secondsAt = (row: number) => {
    const stretch = place.stretches.findLast(({ start }) => start <= row) ?? place.stretches[0]!;
    return stretch.seconds + (row - stretch.start) / (rate ?? 1);
  };
  return {
    ...place,
    rows,
    stretches: runs.map(({ start, end, place: at }) => ({
      start: at,
      end: at + end - start,
      seconds: secondsAt(start),
    })),
    marks: place.marks
      .flatMap((mark) => placesAfter(mark, runs))
      .sort((one, other) => one.start - other.start),
  };
}
