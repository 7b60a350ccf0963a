/** Small repeatable random numbers for draws and epoch orders (sfc32 by Chris Doty-Humphrey, PractRand). */

export interface RandomSource {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
}

/** The same seeds give the same numbers on every machine; another seed at any place gives an unrelated stream. */
export function createRandom(...seeds: number[]): RandomSource {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11) | 0;
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (const seed of seeds) {
    a ^= seed | 0;
    b ^= Math.floor(seed / 2 ** 32) | 0;
    for (let round = 0; round < 12; round += 1) next();
  }
  return { below: (limit) => Math.floor((next() / 2 ** 32) * limit) };
}

/** Fisher and Yates, in place. */
export function shuffle<T extends Int32Array | number[]>(items: T, random: RandomSource): T {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    const held = items[last]!;
    items[last] = items[other]!;
    items[other] = held;
  }
  return items;
}

/** A permutation of 0 to `count` - 1. */
export function permutation(count: number, random: RandomSource): Int32Array {
  const order = new Int32Array(count);
  for (let index = 0; index < count; index += 1) order[index] = index;
  return shuffle(order, random);
}
