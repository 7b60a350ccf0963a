/** What the columns of stored rows hold, measured on training rows: streamed, with memory for one part of them. */
import type {
  CategoryColumn,
  ColumnOutline,
  NumberColumn,
  StoredColumn,
} from '../../contract/data/columns.ts';
import { breathe } from '../breathe.ts';
import type { ShardReader } from '../shards/reader.ts';

const ROWS_AT_ONCE = 4096;
/** Quantiles are taken from so many rows at most, spread evenly over all. */
const MOST_SAMPLED = 65_536;
/** Quantiles of a column: its least value, its greatest, and 63 between them. */
const QUANTILES = 65;

interface Sums {
  known: number;
  /** The first known value: sums of differences from it keep their digits on a large offset. */
  shift: number;
  sum: number;
  squares: number;
  sampled: number[];
  counts: number[];
}

/**
 * @param offsets byte offsets of the training rows in the shard, float32 each
 * @param outlines what each number of a row is
 */
export async function describeColumns(
  shard: ShardReader,
  offsets: ArrayLike<number>,
  outlines: readonly ColumnOutline[],
  signal?: AbortSignal,
): Promise<StoredColumn[]> {
  const width = outlines.length;
  const all = outlines.map((outline): Sums => {
    const counts = 'categories' in outline ? outline.categories.map(() => 0) : [];
    return { known: 0, shift: 0, sum: 0, squares: 0, sampled: [], counts };
  });
  const everySo = Math.max(1, Math.ceil(offsets.length / MOST_SAMPLED));
  const values = new Float32Array(ROWS_AT_ONCE * width);
  for (let first = 0; first < offsets.length; first += ROWS_AT_ONCE) {
    signal?.throwIfAborted();
    const count = Math.min(ROWS_AT_ONCE, offsets.length - first);
    const places = Float64Array.from({ length: count }, (_, row) => offsets[first + row]!);
    await shard.readInto(new Uint8Array(values.buffer, 0, count * width * 4), places, width * 4);
    for (let row = 0; row < count; row++)
      for (let column = 0; column < width; column++)
        take(all[column]!, values[row * width + column]!, (first + row) % everySo === 0);
    await breathe();
  }
  return outlines.map((outline, column) => described(outline, all[column]!, offsets.length));
}

function take(sums: Sums, value: number, sampled: boolean): void {
  if (Number.isNaN(value)) return;
  if (sums.known === 0) sums.shift = value;
  sums.known++;
  if (sums.counts.length > 0) {
    if (sums.counts[value] !== undefined) sums.counts[value]++;
    return;
  }
  const difference = value - sums.shift;
  sums.sum += difference;
  sums.squares += difference * difference;
  if (sampled) sums.sampled.push(value);
}

function described(outline: ColumnOutline, sums: Sums, rows: number): StoredColumn {
  const missing = rows === 0 ? 0 : 1 - sums.known / rows;
  if ('categories' in outline) return { ...outline, missing, counts: sums.counts } satisfies CategoryColumn;
  const average = sums.known > 0 ? sums.sum / sums.known : 0;
  const variance = sums.known > 0 ? sums.squares / sums.known - average ** 2 : 0;
  return {
    ...outline,
    missing,
    mean: sums.shift + average,
    standardDeviation: Math.sqrt(Math.max(0, variance)),
    quantiles: quantilesOf(sums.sampled),
  } satisfies NumberColumn;
}

/** Evenly spaced, interpolated between neighbours; a column of which nothing is known has two zeros. */
function quantilesOf(values: readonly number[]): number[] {
  if (values.length === 0) return [0, 0];
  const sorted = Float64Array.from(values).sort();
  return Array.from({ length: QUANTILES }, (_, place) => {
    const at = (place / (QUANTILES - 1)) * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
    return low + (high - low) * (at - Math.floor(at));
  });
}
