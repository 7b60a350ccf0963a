/** Recordings in memory, and files that open as them. */
import { importSchema, type ImportOptions } from '../../../../../src/contract/data/import.ts';
import type { Recording, Stretch, Track } from '../../../../../src/data/recordings/recording.ts';
import { recordedSchema, type RecordedOptions } from '../../../../../src/data/signals/recorded/options.ts';

export const optionsOf = (more: object = {}): ImportOptions => importSchema.parse({ path: 'x', ...more });
export const ownOf = (more: object = {}): RecordedOptions => recordedSchema.parse(more);

export interface MadeTrack {
  rate?: number | null;
  names?: string[];
  unit?: string | null;
  length?: number;
  stretches?: Stretch[];
  value?(row: number, channel: number): number;
}

/** Without more, value 10 · row + channel. */
export function trackOf({
  rate = 100,
  names = ['C3', 'C4'],
  unit = 'µV',
  length = 400,
  stretches,
  value,
}: MadeTrack = {}): Track {
  const valueAt = value ?? ((row: number, channel: number) => 10 * row + channel);
  return {
    rate,
    channels: names.map((name) => ({ name, unit })),
    length,
    stretches: stretches ?? [{ start: 0, end: length, seconds: 0 }],
    read: (from, to) =>
      Promise.resolve(
        Float32Array.from({ length: (to - from) * names.length }, (_, at) =>
          valueAt(from + Math.floor(at / names.length), at % names.length),
        ),
      ),
  };
}

export function recordingOf(
  tracks: MadeTrack[] = [{}],
  more: Partial<Recording> = {},
): Recording & { closed: number } {
  const recording = {
    format: 'Made',
    tracks: tracks.map(trackOf),
    events: [],
    subject: null,
    start: null,
    notes: [],
    closed: 0,
    close: () => {
      recording.closed += 1;
      return Promise.resolve();
    },
    ...more,
  };
  return recording;
}
