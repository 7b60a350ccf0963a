/** Draws the companions of samples: sorts samples by recording (or group) and time once, then asks the task for each. */
import { randomStream, type RandomStream } from '../../random.ts';
import type { Companions } from '../task.ts';

/** Of every sample of a dataset, where it belongs. */
export interface Belonging {
  /** Number of the recording, or group; -1 for none. */
  units: Int32Array;
  /** Seconds (or values) since the recording began; left out for groups. */
  times?: Float32Array | undefined;
  /** How long a window is, in the same unit. */
  windowTime: number;
}

/** Samples in the place of each companion, in the order of the task; null where there is none. */
export type CompanionDraw = (sample: number, stream: RandomStream) => (number | null)[];

/**
 * @param members samples that may be drawn; all others have no companions and are none
 */
export function companionDraw(
  { draw, count }: Pick<Companions, 'draw' | 'count'>,
  { units, times, windowTime }: Belonging,
  members: Int32Array,
): CompanionDraw {
  const timeOf = (sample: number) => times?.[sample] ?? 0;
  const sorted = members
    .filter((sample) => units[sample]! >= 0)
    .sort((a, b) => units[a]! - units[b]! || timeOf(a) - timeOf(b) || a - b);
  const placeOf = new Int32Array(units.length).fill(-1);
  const starts = new Int32Array(sorted.length);
  const ends = new Int32Array(sorted.length);
  const sortedTimes = new Float64Array(sorted.length);
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    while (end < sorted.length && units[sorted[end]!] === units[sorted[start]!]) end += 1;
    for (let place = start; place < end; place++) {
      placeOf[sorted[place]!] = place;
      [starts[place], ends[place]] = [start, end];
      sortedTimes[place] = times ? timeOf(sorted[place]!) / windowTime : place - start;
    }
  }
  return (sample, stream) => {
    const place = placeOf[sample]!;
    if (place < 0) return new Array<null>(count).fill(null);
    const [start, end] = [starts[place]!, ends[place]!];
    const places = { times: sortedTimes.subarray(start, end), own: place - start };
    return draw(places, stream).map((found) => (found === null ? null : sorted[start + found]!));
  };
}

/** Of how many of the samples all companions are found, looked at on at most a thousand of them. */
export function shareWithCompanions(draw: CompanionDraw, members: Int32Array): number {
  const stream = randomStream(0, 'companions');
  const step = Math.max(1, Math.floor(members.length / 1000));
  const looked = members.filter((_, place) => place % step === 0);
  const complete = looked.filter((sample) => draw(sample, stream).every((found) => found !== null));
  return looked.length === 0 ? 0 : complete.length / looked.length;
}
