/** Permutations that are as different from each other as possible: the classes of the jigsaw task. */
import { randomStream, shuffled } from '../../random.ts';

/** All orders of more things than this are too many to look at; then so many drawn ones are looked at. */
const MOST_LISTED = 9;
const DRAWN = 50_000;

const known = new Map<string, number[][]>();

/** length! as a number. */
export const countPermutations = (length: number): number =>
  length <= 1 ? 1 : length * countPermutations(length - 1);

/**
 * Chooses permutations greedily, as Noroozi and Favaro (2016) do: first the order itself, then again and again
 * the one whose least Hamming distance to those chosen is largest; among equals the one farthest from all of
 * them together, and then the first. Always the same for the same numbers.
 *
 * @param length things that are permuted
 * @param count wanted; where there are fewer permutations, all are given
 * @returns count lists; entry p of a list says which thing stands at place p
 */
export function farPermutations(length: number, count: number): number[][] {
  const key = `${length}/${count}`;
  let found = known.get(key);
  if (!found) known.set(key, (found = chooseFar(length, count)));
  return found;
}

function chooseFar(length: number, wanted: number): number[][] {
  const pool = length <= MOST_LISTED ? allPermutations(length) : drawnPermutations(length);
  const size = pool.length / length;
  const least = new Uint8Array(size).fill(length + 1);
  const total = new Uint32Array(size);
  const chosen: number[][] = [];
  let next = 0;
  while (chosen.length < Math.min(wanted, size)) {
    const last = pool.subarray(next * length, (next + 1) * length);
    chosen.push([...last]);
    next = 0;
    for (let candidate = 0; candidate < size; candidate++) {
      const distance = distanceAt(pool, candidate * length, last);
      if (distance < least[candidate]!) least[candidate] = distance;
      total[candidate]! += distance;
      const better = least[candidate]! - least[next]! || total[candidate]! - total[next]!;
      if (better > 0) next = candidate;
    }
  }
  return chosen;
}

/** Places in which the permutation that begins there differs. */
function distanceAt(pool: Uint8Array, start: number, other: Uint8Array): number {
  let distance = 0;
  for (let place = 0; place < other.length; place++) if (pool[start + place] !== other[place]) distance++;
  return distance;
}

/** All of them in lexicographic order, one after the other. */
function allPermutations(length: number): Uint8Array {
  const pool = new Uint8Array(countPermutations(length) * length);
  const current = Uint8Array.from({ length }, (_, i) => i);
  for (let start = 0; start < pool.length; start += length) {
    pool.set(current, start);
    advance(current);
  }
  return pool;
}

/** The next permutation in lexicographic order (Knuth, The Art of Computer Programming 4A, algorithm L). */
function advance(order: Uint8Array): void {
  let rise = order.length - 2;
  while (rise >= 0 && order[rise]! > order[rise + 1]!) rise--;
  if (rise < 0) return;
  let larger = order.length - 1;
  while (order[larger]! < order[rise]!) larger--;
  [order[rise], order[larger]] = [order[larger]!, order[rise]!];
  order.subarray(rise + 1).reverse();
}

function drawnPermutations(length: number): Uint8Array {
  const stream = randomStream(0, `permutations of ${length}`);
  const inOrder = Array.from({ length }, (_, i) => i);
  const pool = new Uint8Array(DRAWN * length);
  pool.set(inOrder);
  for (let index = 1; index < DRAWN; index++) pool.set(shuffled(inOrder, stream), index * length);
  return pool;
}
