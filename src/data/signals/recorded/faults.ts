/** Bad channels and stretches of one recording: watched while its rows are read, told in its own places. */
import type { FaultKind, FaultOptions } from '../../../contract/data/recordings/faults.ts';
import type { RecordedMark } from '../../../contract/data/recordings/recordings.ts';
import { formatSpan } from '../../delimited/time.ts';
import { FileProblem } from '../../problem.ts';
import type { IssueList } from '../../reading/issues.ts';
import { createFaultWatch, type FaultWatch } from '../faults/watch.ts';
import type { Track } from '../../recordings/recording.ts';
import type { PickedChannel, RowWatch } from './rows.ts';
import type { StoredStretch } from './spans.ts';

interface WatchedTrack {
  watch: FaultWatch;
  rate: number | null;
  /** Places of its channels among those picked. */
  places: number[];
}

export type WatchedRecording = RowWatch & { tracks: WatchedTrack[] };

/** Null where nobody looks for them. */
export function watchRecording(
  options: FaultOptions,
  ahead: readonly Pick<Track, 'rate'>[],
  picked: readonly Pick<PickedChannel, 'track'>[],
): WatchedRecording | null {
  if (options.badStretches === 'ignored') return null;
  const watched = new Map<number, WatchedTrack>();
  for (const [at, { rate }] of ahead.entries()) {
    const places = picked.flatMap(({ track }, place) => (track === at ? [place] : []));
    if (places.length > 0)
      watched.set(at, { watch: createFaultWatch(options, places.length, rate), rate, places });
  }
  return { tracks: [...watched.values()], of: (track) => watched.get(track)?.watch ?? null };
}

export interface RecordingFaults {
  marks: RecordedMark[];
  bad: { kind: FaultKind; channel: string; share: number }[];
}

/** @param rate rows a second as they are stored @throws FileProblem `bad-channel` where such recordings are left out */
export function faultsOf(
  { tracks }: { tracks: readonly WatchedTrack[] },
  options: FaultOptions,
  stretches: readonly StoredStretch[],
  names: readonly string[],
  rate: number | null,
): RecordingFaults {
  const marks: RecordedMark[] = [];
  const bad: RecordingFaults['bad'] = [];
  for (const { watch, rate: ownRate, places } of tracks) {
    const ratio = rate === null || ownRate === null ? 1 : rate / ownRate;
    const found = watch.finish();
    const nameOf = (channel: number) => names[places[channel]!]!;
    for (const { kind, channel, stretch, start, end } of found.faults) {
      const { start: begin, end: last } = stretches[stretch]!;
      const from = begin + Math.floor(start * ratio);
      const to = Math.min(last, begin + Math.ceil(end * ratio));
      if (from < to) marks.push({ kind, channel: nameOf(channel), name: kind, start: from, end: to });
    }
    for (const { kind, channel, share } of found.channels)
      bad.push({ kind, channel: nameOf(channel), share });
  }
  if (options.badChannels === 'left-out' && bad.length > 0)
    throw new FileProblem('bad-channel', `${badWords(bad)}. Recordings with a bad channel are left out.`);
  return { marks: marks.sort((one, other) => one.start - other.start), bad };
}

/** Of channels that are not bad all the time, in the order of their rows. */
export function faultyMarks({ marks, bad }: RecordingFaults): RecordedMark[] {
  const isBad = new Set(bad.map(({ channel }) => channel));
  return marks.filter(({ channel }) => !isBad.has(channel ?? ''));
}

/** What a window may not touch: faults of channels that are not bad all the time. */
export function leaveOutFaulty(stretches: readonly StoredStretch[], faults: RecordingFaults): void {
  const marks = faultyMarks(faults);
  for (const stretch of stretches)
    stretch.faulty = marks
      .filter(({ start, end }) => start < stretch.end && end > stretch.start)
      .map(({ start, end }) => ({ start: start - stretch.start, end: end - stretch.start }));
}

const PLACES_NAMED = 12;

/** Channels that are bad as a whole, and where each kind of fault was found. */
export function tellFaults(
  issues: IssueList,
  path: string,
  { marks, bad }: RecordingFaults,
  rate: number | null,
): void {
  if (bad.length > 0) issues.note(path, 'bad-channel', `${badWords(bad)}.`);
  const timeOf = (row: number) => (rate === null ? `row ${row + 1}` : formatSpan(row / rate));
  for (const [kind, found] of Map.groupBy(marks, (mark) => mark.kind)) {
    const places = found
      .slice(0, PLACES_NAMED)
      .map(({ channel, start, end }) => `${channel} ${timeOf(start)} to ${timeOf(end)}`);
    const more = found.length > PLACES_NAMED ? ` and ${found.length - PLACES_NAMED} more` : '';
    const rows = found.reduce((sum, { start, end }) => sum + end - start, 0);
    issues.note(
      path,
      `${kind}-stretches`,
      `${found.length} ${kind} ${found.length === 1 ? 'stretch' : 'stretches'} of channels, ${rate === null ? `${rows} rows` : formatSpan(rows / rate)} in all: ${places.join('; ')}${more}.`,
    );
  }
}

const badWords = (bad: RecordingFaults['bad']): string =>
  bad
    .map(
      ({ kind, channel, share }) =>
        `Channel ${channel} is ${kind} in ${Math.round(100 * share)} % of the recording`,
    )
    .join('; ');
