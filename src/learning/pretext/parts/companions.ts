/**
 * Draws the companions of samples: sorts samples by group, recording and time once, then asks the task for each.
 */
import { randomStream, type RandomStream } from '../../random.ts';
import type { Companions } from '../task.ts';

/** Of every sample of a dataset, where it belongs. */
export interface Belonging {
  /** Number of the recording, or group; -1 for none. */
  units: Int32Array;
  /** Seconds (or values) since the recording began; left out for groups. */
  times?: Float32Array | undefined;
  /** Of recordings, where it is known: number of the group that each belongs to; -1 for none. */
  groups?: Int32Array | undefined;
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
  { units, times, groups, windowTime }: Belonging,
  members: Int32Array,
): CompanionDraw {
  const timeOf = (sample: number) => times?.[sample] ?? 0;
  // That of its first sample: a recording is of one group.
  const groupOfUnit = new Map<number, number>();
  if (groups)
    for (const sample of members)
      if (!groupOfUnit.has(units[sample]!)) groupOfUnit.set(units[sample]!, groups[sample]!);
  const groupOfSample = new Int32Array(units.length).fill(-1);
  if (groups) for (const sample of members) groupOfSample[sample] = groupOfUnit.get(units[sample]!)!;
  const groupOf = (sample: number) => groupOfSample[sample]!;
  const sorted = members
    .filter((sample) => units[sample]! >= 0)
    .sort((a, b) => groupOf(a) - groupOf(b) || units[a]! - units[b]! || timeOf(a) - timeOf(b) || a - b);
  const placeOf = new Int32Array(units.length).fill(-1);
  const sortedTimes = new Float64Array(sorted.length);
  const ofOne = (a: number, b: number) => units[a] === units[b];
  const own = rangesOf(sorted, ofOne);
  // A recording of no group stands by itself.
  const around = rangesOf(sorted, (a, b) => ofOne(a, b) || (groupOf(a) >= 0 && groupOf(a) === groupOf(b)));
  sorted.forEach((sample, place) => {
    placeOf[sample] = place;
    sortedTimes[place] = times ? timeOf(sample) / windowTime : place - own.starts[place]!;
  });
  return (sample, stream) => {
    const place = placeOf[sample]!;
    if (place < 0) return new Array<null>(count).fill(null);
    const [start, end] = [own.starts[place]!, own.ends[place]!];
    const [first, last] = [around.starts[place]!, around.ends[place]!];
    const places = {
      times: sortedTimes.subarray(start, end),
      own: place - start,
      elsewhere: start - first + (last - end),
    };
    const placeOfFound = (found: number) => {
      if (found < end - start) return start + found;
      const other = first + found - (end - start);
      return other < start ? other : other + (end - start);
    };
    return draw(places, stream).map((found) => (found === null ? null : sorted[placeOfFound(found)]!));
  };
}

/** Of every place where the run of samples begins and ends that belong together. */
function rangesOf(sorted: Int32Array, together: (a: number, b: number) => boolean) {
  const starts = new Int32Array(sorted.length);
  const ends = new Int32Array(sorted.length);
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    end = start + 1;
    while (end < sorted.length && together(sorted[end]!, sorted[start]!)) end += 1;
    starts.fill(start, start, end);
    ends.fill(end, start, end);
  }
  return { starts, ends };
}

/** Of how many of the samples all companions are found, looked at on at most a thousand of them. */
export function shareWithCompanions(draw: CompanionDraw, members: Int32Array): number {
  const stream = randomStream(0, 'companions');
  const step = Math.max(1, Math.floor(members.length / 1000));
  const looked = members.filter((_, place) => place % step === 0);
  const complete = looked.filter((sample) => draw(sample, stream).every((found) => found !== null));
  return looked.length === 0 ? 0 : complete.length / looked.length;
}
