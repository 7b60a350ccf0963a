/** How the rows of a table are found by their keys: those that are the very same are listed a few times, however many there are. */
import { sortIntoBuckets, type Buckets } from '../cuts.ts';

/** Rows wanted in a bucket. */
const BUCKET_SIZE = 4;
const MOST_BUCKETS = 2 ** 20;

/** Keys of the known rows, by their places. */
export interface KeyColumns {
  cells: Uint32Array;
  exact: Uint32Array;
}

/** @param most how many of the rows that are the very same are listed, the first of them */
export function sortRows({ cells, exact }: KeyColumns, most: number): Buckets {
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(1, cells.length / BUCKET_SIZE)));
  const buckets = Math.min(MOST_BUCKETS, wanted);
  const sorted = sortIntoBuckets(cells.length, buckets, (place) => cells[place]! % buckets);
  const { starts, members } = sorted;
  let [kept, from] = [0, 0];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const end = starts[bucket + 1]!;
    const met = new Map<number, number>();
    for (let at = from; at < end; at++) {
      const place = members[at]!;
      // The rest of a cell that its bucket does not say.
      const key = exact[place]! * 2 ** 21 + (Math.floor(cells[place]! / buckets) % 2 ** 21);
      const times = met.get(key) ?? 0;
      met.set(key, times + 1);
      if (times < most) members[kept++] = place;
    }
    starts[bucket + 1] = kept;
    from = end;
  }
  return sorted;
}

/** Places of a cell below `end`, in ascending order. */
export function* placesOfCell(
  { cells }: KeyColumns,
  { starts, members }: Buckets,
  cell: number,
  end: number,
): Generator<number> {
  const bucket = cell % (starts.length - 1);
  for (let at = starts[bucket]!; at < starts[bucket + 1]! && members[at]! < end; at++)
    if (cells[members[at]!] === cell) yield members[at]!;
}
