/** The order of rows by one of their columns, and which fit a filter: streamed, four bytes a row in memory. */
import type { ShardReader } from '../shards/reader.ts';
import { breathe } from '../breathe.ts';

const ROWS_AT_ONCE = 8192;
/** Of 16 bits at a time. */
const BUCKETS = 65_536;

export interface RowOrder {
  /** Place of the column in a row; null: as the rows are stored. */
  column: number | null;
  descending: boolean;
  /** Whether a row fits: [width] numbers from `at` on. */
  fits(values: Float32Array, at: number): boolean;
}

/**
 * @param offsets byte offsets of the rows in the shard, float32 [width] each; negative ones are left out
 * @returns places of the rows that fit, in their order; those without a value come last, equal ones as they are stored
 */
export async function orderRows(
  shard: ShardReader,
  offsets: Float64Array,
  width: number,
  { column, descending, fits }: RowOrder,
  signal?: AbortSignal,
): Promise<Int32Array> {
  const places = new Int32Array(offsets.length);
  const keys = new Uint32Array(column === null ? 0 : offsets.length);
  const values = new Float32Array(ROWS_AT_ONCE * width);
  let count = 0;
  for (let first = 0; first < offsets.length; first += ROWS_AT_ONCE) {
    signal?.throwIfAborted();
    const asked: number[] = [];
    for (let at = first; at < Math.min(first + ROWS_AT_ONCE, offsets.length); at++)
      if (offsets[at]! >= 0) asked.push(at);
    const some = Float64Array.from(asked, (at) => offsets[at]!);
    await shard.readInto(new Uint8Array(values.buffer, 0, some.length * width * 4), some, width * 4);
    for (let row = 0; row < asked.length; row++) {
      if (!fits(values, row * width)) continue;
      if (column !== null) keys[count] = keyOf(values[row * width + column]!, descending);
      places[count++] = asked[row]!;
    }
    await breathe();
  }
  const found = places.slice(0, count);
  return column === null ? found : sorted(found, keys);
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Keys of whole numbers rise with the values, or fall; what is not known has the highest. */
function keyOf(value: number, descending: boolean): number {
  if (Number.isNaN(value)) return 0xffffffff;
  // -0 is 0.
  float[0] = value + 0;
  const rising = (bits[0]! & 0x80000000) !== 0 ? ~bits[0]! >>> 0 : (bits[0]! | 0x80000000) >>> 0;
  return descending ? ~rising >>> 0 : rising;
}

/** By the lower half of the keys, then by the upper: each pass keeps what is equal as it is. */
async function sorted(places: Int32Array, keys: Uint32Array): Promise<Int32Array> {
  let order = Int32Array.from(places, (_, at) => at);
  for (const shift of [0, 16]) {
    const starts = new Uint32Array(BUCKETS + 1);
    for (const at of order) starts[((keys[at]! >>> shift) & 0xffff) + 1]!++;
    for (let bucket = 0; bucket < BUCKETS; bucket++) starts[bucket + 1]! += starts[bucket]!;
    const next = new Int32Array(order.length);
    for (const at of order) next[starts[(keys[at]! >>> shift) & 0xffff]!++] = at;
    order = next;
    await breathe();
  }
  return order.map((at) => places[at]!);
}
