/** Exact quantiles: of values in memory by selection, of more than fit there by two passes over them. */
import { eachBlock, type RowStore } from './row-store.ts';

const BINS = 65_536;

/** Bits of a float as a number that is larger where the value is. */
const keyOf = (bits: number): number => (bits & 0x8000_0000 ? ~bits : bits | 0x8000_0000) >>> 0;

const valueOf = (key: number): number => {
  const bits = (key & 0x8000_0000 ? key & 0x7fff_ffff : ~key) >>> 0;
  return new Float32Array(new Uint32Array([bits]).buffer)[0]!;
};

async function eachKey(stores: readonly RowStore[], visit: (key: number) => void): Promise<void> {
  for (const store of stores)
    await eachBlock(
      store,
      ({ buffer, byteOffset, length }) => {
        const bits = new Uint32Array(buffer, byteOffset, length);
        for (let at = 0; at < length; at += 1) visit(keyOf(bits[at]!));
      },
      { isWritten: false },
    );
}

/** The bin that a rank lies in, and how many values lie in those before it. */
function binOf(counts: Float64Array, rank: number): { bin: number; before: number } {
  let before = 0;
  for (let bin = 0; bin < BINS; bin += 1) {
    if (rank < before + counts[bin]!) return { bin, before };
    before += counts[bin]!;
  }
  throw new Error(`There are ${before} values; there is none of rank ${rank}.`);
}

/** Between neighbours in proportion, as NumPy's default, over all channels together; zeros where there is no value. */
export async function quantilesOf(stores: readonly RowStore[], shares: readonly number[]): Promise<number[]> {
  const count = stores.reduce((sum, { rows, channels }) => sum + rows * channels, 0);
  if (count === 0) return shares.map(() => 0);
  const places = shares.map((share) => share * (count - 1));
  const ranks = [
    ...new Set(places.flatMap((place) => [Math.floor(place), Math.min(count - 1, Math.floor(place) + 1)])),
  ];
  const coarse = new Float64Array(BINS);
  await eachKey(stores, (key) => (coarse[key >>> 16]! += 1));
  const found = ranks.map((rank) => ({ rank, ...binOf(coarse, rank) }));
  const fine = new Map(found.map(({ bin }) => [bin, new Float64Array(BINS)]));
  await eachKey(stores, (key) => {
    const counts = fine.get(key >>> 16);
    if (counts) counts[key & 0xffff]! += 1;
  });
  const values = new Map(
    found.map(({ rank, bin, before }) => {
      const low = binOf(fine.get(bin)!, rank - before).bin;
      return [rank, valueOf(((bin << 16) | low) >>> 0)];
    }),
  );
  return places.map((place) => {
    const below = Math.floor(place);
    const [one, other] = [values.get(below)!, values.get(Math.min(count - 1, below + 1))!];
    return one + (other - one) * (place - below);
  });
}

/**
 * The same of values in memory, whose order changes; zeros where there is none.
 *
 * @param shares ascending
 */
export function quantilesInPlace(values: Float32Array, shares: readonly number[]): number[] {
  if (values.length === 0) return shares.map(() => 0);
  const last = values.length - 1;
  // What was brought to its place stays there: each selection has less to look through.
  let sorted = 0;
  return shares.map((share) => {
    const place = share * last;
    const below = Math.floor(place);
    select(values, sorted, last, below);
    const one = values[below]!;
    sorted = below;
    if (below === last) return one;
    let other = Infinity;
    for (let at = below + 1; at <= last; at += 1) if (values[at]! < other) other = values[at]!;
    return one + (other - one) * (place - below);
  });
}

/** Hoare's selection: the value of a rank comes to its place, smaller ones before it and larger ones behind. */
function select(values: Float32Array, first: number, last: number, rank: number): void {
  let [low, high] = [first, last];
  while (low < high) {
    const middle = (low + high) >> 1;
    const [one, two, three] = [values[low]!, values[middle]!, values[high]!];
    const pivot = Math.max(Math.min(one, two), Math.min(Math.max(one, two), three));
    let [left, right] = [low, high];
    while (left <= right) {
      while (values[left]! < pivot) left += 1;
      while (values[right]! > pivot) right -= 1;
      if (left > right) break;
      const kept = values[left]!;
      values[left] = values[right]!;
      values[right] = kept;
      left += 1;
      right -= 1;
    }
    if (rank <= right) high = right;
    else if (rank >= left) low = left;
    else return;
  }
}
