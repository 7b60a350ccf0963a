/** Which channels an import takes: those that its recordings have in common, or those that are named. */
import type { RecordedChannel, Track } from '../../recordings/recording.ts';
import { channelKey } from '../../../contract/data/recordings/electrodes.ts';

/** Channels that carry codes, not measurements. */
const TRIGGERS = /^(status|sti ?\d*|trig(ger)?s?\d*|stim(ulus)?|tri|marker|dc trigger)$/i;

export const isTrigger = ({ name }: RecordedChannel): boolean => TRIGGERS.test(name.trim());

/** A channel of the import. */
export interface PlannedChannel {
  /** What spellings of one place have in common. */
  key: string;
  name: string;
  unit: string | null;
}

type Described = Pick<Track, 'rate' | 'channels'>;

/** Channels in the order of the file, of these tracks. A name that occurs twice is told apart by its number. */
export function channelsOf(
  tracks: readonly Described[],
): (PlannedChannel & { track: number; column: number })[] {
  const seen = new Map<string, number>();
  return tracks.flatMap(({ channels }, track) =>
    channels.map(({ name, unit }, column) => {
      const key = channelKey(name);
      const before = seen.get(key) ?? 0;
      seen.set(key, before + 1);
      const suffix = before === 0 ? '' : ` ${before + 1}`;
      return { key: key + suffix, name: name + suffix, unit, track, column };
    }),
  );
}

const VOLTS: Record<string, number> = { V: 1, mV: 1e-3, µV: 1e-6, uV: 1e-6, nV: 1e-9 };

/** What values are multiplied with to come from one unit to another; null where that is not known. */
export function unitFactor(from: string | null, to: string | null): number | null {
  if (from === to || from === null || to === null) return 1;
  const [one, other] = [VOLTS[from], VOLTS[to]];
  return one === undefined || other === undefined ? null : one / other;
}
