/** Which other windows of a recording a task takes: near in time, far from it, between two, or one after the other. */
import type { RandomStream } from '../../random.ts';
import type { WindowPlaces } from '../task.ts';

/** Times of long recordings are rounded; a window that begins so little early still begins where the other ended. */
const ROUNDING = 0.02;

/** The first place whose time is that or later. */
export function firstFrom(times: ArrayLike<number>, time: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Places from the first to the one before the second. */
type Range = readonly [number, number];

/** Places of windows that begin at these times, both included. */
const between = (times: ArrayLike<number>, from: number, to: number): Range => [
  firstFrom(times, from - ROUNDING),
  firstFrom(times, to + ROUNDING),
];

/** One of the places in some ranges, each as likely as any other; null where they hold none. */
function drawFrom(ranges: readonly Range[], stream: RandomStream): number | null {
  const sizes = ranges.map(([from, to]) => Math.max(0, to - from));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total === 0) return null;
  let left = stream.integer(total);
  for (const [index, size] of sizes.entries()) {
    if (left < size) return ranges[index]![0] + left;
    left -= size;
  }
  return null;
}

const timeOf = ({ times, own }: WindowPlaces) => times[own]!;

/**
 * A window at most that many window lengths before or after.
 *
 * @param least and at least so many: 1, and it shares no value with the sample's own
 */
export function drawNear(
  places: WindowPlaces,
  within: number,
  stream: RandomStream,
  least = 1,
): number | null {
  const { times } = places;
  const time = timeOf(places);
  const ranges = [between(times, time - within, time - least), between(times, time + least, time + within)];
  return drawFrom(ranges, stream);
}

/** Where windows are looked for that are far: in the recording alone, or in others of its group as well. */
export const FAR_SCOPES = ['recording', 'group'] as const;
export interface Far {
  /** At least so many lengths of a window before or behind, in the recording. */
  far: number;
  farIn: (typeof FAR_SCOPES)[number];
}

/**
 * A window far before the earlier or behind the later of two, or in another recording of the group where it may be:
 * each as likely as any other.
 */
export function drawFar(
  places: WindowPlaces,
  { far, farIn }: Far,
  stream: RandomStream,
  other = places.own,
): number | null {
  const { times, elsewhere } = places;
  const [one, two] = [timeOf(places), times[other]!];
  const before: Range = [0, firstFrom(times, Math.min(one, two) - far + ROUNDING)];
  const after: Range = [firstFrom(times, Math.max(one, two) + far - ROUNDING), times.length];
  const others: Range = [times.length, times.length + (farIn === 'group' ? elsewhere : 0)];
  return drawFrom([before, after, others], stream);
}

/** A window between two others, which shares no value with either. */
export function drawBetween(
  { times, own }: WindowPlaces,
  other: number,
  stream: RandomStream,
): number | null {
  const [one, two] = [times[own]!, times[other]!];
  return drawFrom([between(times, Math.min(one, two) + 1, Math.max(one, two) - 1)], stream);
}

/**
 * The windows that follow, each where the one before has ended, or the gap later at most.
 *
 * @param gap in lengths of a window
 * @returns null from the first on that is missing
 */
export function following({ times, own }: WindowPlaces, count: number, gap: number): (number | null)[] {
  let last: number | null = own;
  return Array.from({ length: count }, () => {
    if (last === null) return null;
    const end: number = times[last]! + 1;
    const next = firstFrom(times, end - ROUNDING);
    last = next < times.length && times[next]! <= end + gap + ROUNDING ? next : null;
    return last;
  });
}

/** So many other places, no two the same where there are enough; null where there are not. */
export function drawOthers(
  { times: { length }, own }: WindowPlaces,
  count: number,
  stream: RandomStream,
): (number | null)[] {
  const chosen: number[] = [];
  while (chosen.length < Math.min(count, length - 1)) {
    const drawn = stream.integer(length);
    if (drawn !== own && !chosen.includes(drawn)) chosen.push(drawn);
  }
  return Array.from({ length: count }, (_, place) => chosen[place] ?? null);
}
