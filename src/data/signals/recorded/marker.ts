/** What a marker channel says happened: each stretch of one value, zero for nothing. */
import { FileProblem } from '../../problem.ts';
import type { RecordedEvent, Recording } from '../../recordings/recording.ts';
import { channelKey } from '../../../contract/data/recordings/electrodes.ts';
import { channelsOf } from './channels.ts';

const VALUES_AT_ONCE = 512 * 1024;
/** BioSemi keeps the trigger in the low bits of its Status; those above are the state of the amplifier. */
const STATUS_BITS = 0xffff;

/** @throws FileProblem `no-marker` */
export async function markerEvents(
  { tracks, format }: Recording,
  marker: string | undefined,
  toldRate: number | undefined,
): Promise<RecordedEvent[]> {
  const found = channelsOf(tracks).find(({ key }) => marker !== undefined && key === channelKey(marker));
  if (!found)
    throw new FileProblem('no-marker', `The recording has no channel “${marker ?? ''}” to take labels from.`);
  const track = tracks[found.track]!;
  const rate = toldRate ?? track.rate ?? 1;
  const width = track.channels.length;
  const isStatus = format.startsWith('BDF') && /^status$/i.test(found.name);
  const events: RecordedEvent[] = [];
  const atOnce = Math.max(1, Math.floor(VALUES_AT_ONCE / width));
  for (const stretch of track.stretches) {
    const secondsAt = (row: number) => stretch.seconds + (row - stretch.start) / rate;
    let current = 0;
    let since = stretch.start;
    const end = (row: number) => {
      if (current !== 0)
        events.push({ seconds: secondsAt(since), duration: (row - since) / rate, name: String(current) });
    };
    for (let from = stretch.start; from < stretch.end; from += atOnce) {
      const to = Math.min(stretch.end, from + atOnce);
      const values = await track.read(from, to);
      for (let row = from; row < to; row += 1) {
        const stored = values[(row - from) * width + found.column]!;
        const value = Number.isNaN(stored) ? 0 : isStatus ? stored & STATUS_BITS : stored;
        if (value === current) continue;
        end(row);
        [current, since] = [value, row];
      }
    }
    end(stretch.end);
  }
  return events;
}
