/** Rows of a recording's stretches: of chosen channels, in the units of the import, at one rate, without holes. */
import { FileProblem } from '../../problem.ts';
import type { Stretch, Track } from '../../recordings/recording.ts';
import type { FaultWatch } from '../faults/watch.ts';
import { createResampler, RecordingResampler } from '../resample.ts';

/** Where a channel of the import stands in a recording. */
export interface PickedChannel {
  track: number;
  column: number;
  /** From the unit of the file to that of the import. */
  factor: number;
}

/** Rows, from the stretch's first. */
export interface BadStretch {
  start: number;
  end: number;
}

const VALUES_AT_ONCE = 512 * 1024;

/** One track's part in a stretch. */
interface Source {
  track: Track;
  stretch: Stretch;
  picked: { column: number; factor: number; place: number }[];
  resampler: RecordingResampler | null;
  watch: FaultWatch | null;
  /** Rows of its output for one of its input. */
  ratio: number;
}

/** Reads ahead: trials are short, and stand one behind the other. */
export function readAhead(track: Track): Track['read'] {
  const width = track.channels.length;
  const rowsAtOnce = Math.max(1, Math.floor(VALUES_AT_ONCE / width));
  let block: { from: number; to: number; values: Float32Array } = {
    from: 0,
    to: 0,
    values: new Float32Array(0),
  };
  return async (from, to) => {
    if (from < block.from || to > block.to) {
      const end = Math.min(track.length, Math.max(to, from + rowsAtOnce));
      block = { from, to: end, values: await track.read(from, end) };
    }
    return block.values.subarray((from - block.from) * width, (to - block.from) * width);
  };
}

/** Who sees the rows of a track as they are read: of its channels those that are picked, in their order. */
export interface RowWatch {
  of(track: number): FaultWatch | null;
}

export interface StretchRows {
  /** [rows, channels], a piece at a time; the memory may be used again. */
  pieces(): AsyncGenerator<Float32Array>;
  /** Rows with a value that is missing, complete when the last piece was taken. */
  bad: BadStretch[];
  heldCount: number;
}

/**
 * @param tracks with `read` as `readAhead` gives it, and the rates that hold
 * @param index of the stretch, alike in all tracks
 * @param watch sees the rows as they are read, before they are brought to another rate
 * @param toRate the rate to bring all to; null to leave them as they are
 */
export function rowsOfStretch(
  tracks: readonly Track[],
  picked: readonly PickedChannel[],
  index: number,
  toRate: number | null,
  watch: RowWatch | null = null,
): StretchRows {
  const bad: BadStretch[] = [];
  const rows: StretchRows = { bad, heldCount: 0, pieces };
  async function* pieces(): AsyncGenerator<Float32Array> {
    const sources = tracks.flatMap((track, at) => sourceOf(track, at, picked, index, toRate, watch));
    const queues = sources.map(() => new Float32Array(0));
    const streams = sources.map((source) => pull(source, rows));
    for (;;) {
      let ended = 0;
      for (const [at, stream] of streams.entries()) {
        const next = await stream.next();
        if (next.done) ended += 1;
        else queues[at] = joined(queues[at]!, next.value);
      }
      const count = Math.min(...queues.map((queue, at) => queue.length / sources[at]!.picked.length));
      if (count > 0) {
        const merged = new Float32Array(count * picked.length);
        for (const [at, { picked: own }] of sources.entries()) {
          const queue = queues[at]!;
          for (let row = 0; row < count; row += 1)
            for (let column = 0; column < own.length; column += 1)
              merged[row * picked.length + own[column]!.place] = queue[row * own.length + column]!;
          queues[at] = queue.slice(count * own.length);
        }
        yield merged;
      }
      // Tracks of one recording may end a row apart.
      if (ended === streams.length) return;
    }
  }
  return rows;
}

function sourceOf(
  track: Track,
  at: number,
  picked: readonly PickedChannel[],
  index: number,
  toRate: number | null,
  watched: RowWatch | null,
): Source[] {
  const own = picked.flatMap((one, place) => (one.track === at ? [{ ...one, place }] : []));
  const stretch = track.stretches[index];
  if (own.length === 0 || !stretch) return [];
  const { rate } = track;
  const watch = watched?.of(at) ?? null;
  if (toRate === null || rate === toRate)
    return [{ track, stretch, picked: own, resampler: null, watch, ratio: 1 }];
  if (rate === null)
    throw new FileProblem(
      'rate-unknown',
      'Nothing says how many samples a second the file holds, so it cannot be brought to another rate.',
    );
  const resampler = new RecordingResampler(createResampler(toRate, rate), own.length);
  return [{ track, stretch, picked: own, resampler, watch, ratio: toRate / rate }];
}

function joined(one: Float32Array, other: Float32Array): Float32Array<ArrayBuffer> {
  const both = new Float32Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

async function* pull(source: Source, rows: StretchRows): AsyncGenerator<Float32Array> {
  const { track, stretch, picked, resampler, watch, ratio } = source;
  watch?.begin();
  const width = track.channels.length;
  const last = new Float32Array(picked.length);
  // About as long in time for all tracks.
  const atOnce = Math.max(1, Math.floor(VALUES_AT_ONCE / 4 / width / Math.max(1, ratio)));
  for (let from = stretch.start; from < stretch.end; from += atOnce) {
    const to = Math.min(stretch.end, from + atOnce);
    const values = await track.read(from, to);
    const chosen = new Float32Array((to - from) * picked.length);
    for (let row = 0; row < to - from; row += 1) {
      let isBad = false;
      for (let at = 0; at < picked.length; at += 1) {
        const { column, factor } = picked[at]!;
        const value = values[row * width + column]! * factor;
        const isMissing = !Number.isFinite(value);
        if (isMissing) rows.heldCount += 1;
        else last[at] = value;
        isBad ||= isMissing;
        chosen[row * picked.length + at] = last[at]!;
      }
      if (isBad) addBad(rows.bad, from - stretch.start + row, resampler?.reach ?? 0, ratio);
    }
    watch?.take(chosen);
    yield resampler ? resampler.push(chosen) : chosen;
  }
  if (resampler) yield resampler.finish();
}

/** The filter takes a bad row into those around it. */
function addBad(bad: BadStretch[], row: number, reach: number, ratio: number): void {
  const start = Math.max(0, Math.floor((row - reach) * ratio));
  const end = Math.ceil((row + reach + 1) * ratio);
  const before = bad.at(-1);
  if (before && before.end >= start && before.start <= start) before.end = Math.max(before.end, end);
  else bad.push({ start, end });
}
