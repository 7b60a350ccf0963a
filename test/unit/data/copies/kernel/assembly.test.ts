import { describe, expect, it } from 'vitest';
import {
  createProducts,
  createSignatureMemory,
  MOST_MOVES,
  packedOf,
} from '../../../../../src/data/copies/kernel/kernel.ts';
import { SIGNATURE_SIZE, SIGNATURE_STRIDE } from '../../../../../src/data/copies/signature.ts';
import { createRandom } from '../../../../../src/data/shards/random.ts';

const COUNT = 37;
const random = createRandom(18);
const signature = () => Array.from({ length: SIGNATURE_SIZE }, () => random.below(255) - 127);
const known = Array.from({ length: COUNT }, signature);
const product = (one: readonly number[], other: readonly number[]) =>
  one.reduce((sum, value, at) => sum + value * other[at]!, 0);

/** The kernel with these signatures in it, for the second of two hands. */
function products() {
  const memory = createSignatureMemory(COUNT, 2, COUNT);
  for (const [place, one] of known.entries()) packedOf(memory).set(one, place * SIGNATURE_STRIDE);
  return createProducts(memory, 1);
}

describe('the compiled kernel', () => {
  it('keeps the places whose product is large enough, in their order, each with it', () => {
    const { list, asked, found, keepNear } = products();
    const question = signature();
    const places = [3, 36, 0, 11, 12, 13, 35, 7];
    asked.set(question);
    const all = places.map((place) => product(question, known[place]!));
    const least = [...all].sort((one, other) => one - other)[4]!;
    list.set(places);
    const kept = keepNear(places.length, least);
    expect(kept).toBe(4);
    const expected = places.flatMap((place, at) => (all[at]! >= least ? [[place, all[at]!]] : []));
    expect([...list.subarray(0, kept)].map((place, at) => [place, found[at]])).toEqual(expected);
  });

  it('is exact at the ends of what eight bits hold', () => {
    const { list, asked, found, keepNear } = products();
    const memory = createSignatureMemory(2, 1, 2);
    packedOf(memory).set(new Int8Array(SIGNATURE_SIZE).fill(127));
    packedOf(memory).set(new Int8Array(SIGNATURE_SIZE).fill(-127), SIGNATURE_STRIDE);
    const ends = createProducts(memory, 0);
    ends.asked.set(new Int8Array(SIGNATURE_SIZE).fill(-127));
    ends.list.set([0, 1]);
    expect(ends.keepNear(2, -1e9)).toBe(2);
    expect([...ends.found]).toEqual([-SIGNATURE_SIZE * 127 * 127, SIGNATURE_SIZE * 127 * 127]);
    expect(ends.keepNear(0, 0)).toBe(0);
    list[0] = 5;
    asked.set(known[5]!);
    expect([keepNear(1, 0), found[0]]).toEqual([1, product(known[5]!, known[5]!)]);
  });

  it('raises a product to the best of the moved signatures, and never lowers it', () => {
    const { list, asked, found, keepNear, raiseByMoves } = products();
    const question = signature();
    const moved = Array.from({ length: MOST_MOVES }, signature);
    asked.set(question);
    for (const [move, one] of moved.entries()) asked.set(one, (move + 1) * SIGNATURE_STRIDE);
    const places = Array.from({ length: COUNT }, (_, place) => place);
    list.set(places);
    keepNear(COUNT, -1e9);
    raiseByMoves(COUNT, 5);
    expect([...found]).toEqual(
      places.map((place) =>
        Math.max(...[question, ...moved.slice(0, 5)].map((one) => product(one, known[place]!))),
      ),
    );
    raiseByMoves(COUNT, MOST_MOVES);
    expect([...found]).toEqual(
      places.map((place) => Math.max(...[question, ...moved].map((one) => product(one, known[place]!)))),
    );
  });
});
