/** Exact quantiles of more values than fit in memory, by two passes over them. */
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
