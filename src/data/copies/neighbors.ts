/**
 * Nearest signatures among many, without comparing all with all: those are looked at that share a bucket with what is
 * asked for, in any of several cuts through space (`cuts.ts`).
 *
 * Memory for a million signatures: 41 bytes each, and 4 bytes each a cut and a hand.
 */
import { createCoder, CUTS, type Buckets, type Cutting } from './cuts.ts';
import { createProducts, type SignatureMemory } from './kernel/kernel.ts';
import { SCALE } from './signature.ts';

/** Most signatures that are looked at in a bucket: there may be many alike. */
const MOST_IN_BUCKET = 128;
/** Less alike than this before any move, no move makes copies of them. */
const LEAST_UNMOVED = Math.ceil(0.7 * SCALE ** 2);
/** A bucket, and the one across the nearest plane, in each cut. */
export const MOST_SEEN = 2 * CUTS * MOST_IN_BUCKET;

/** Packed signatures and how they are found: memory that threads share. */
export interface SignatureIndex {
  signatures: SignatureMemory;
  cutting: Cutting;
  cuts: readonly Buckets[];
}

export interface Neighbor {
  place: number;
  /** Cosine of the angle. */
  score: number;
}

export interface Question {
  /** At most so many, with a score of at least `least`; of places below `end` alone. */
  most: number;
  least: number;
  end?: number;
  /** Writes the sample's signatures once moved, and returns how many; asked where something is near it unmoved. */
  moved?(target: Int8Array): number;
}

/** Answers one question after the other: nearest first, and a place counts by the best of all moves. */
export type FindNearest = (unmoved: Int8Array, question: Question) => Neighbor[];

/** @param hand number of the thread, from 0 */
export function createNearest({ signatures, cutting, cuts }: SignatureIndex, hand = 0): FindNearest {
  const coder = createCoder(cutting);
  const stamps = new Int32Array(signatures.count);
  const { list, found, asked, keepNear, raiseByMoves } = createProducts(signatures, hand);
  let round = 0;

  /** Places that share a bucket. */
  const collect = (unmoved: Int8Array, last: number): number => {
    round++;
    let count = 0;
    coder.code(unmoved, 0);
    for (let cut = 0; cut < CUTS; cut++) {
      const { starts, members } = cuts[cut]!;
      const code = coder.codes[cut]!;
      // A plane that the signature nearly lies on says nothing: both its sides are looked at.
      for (let side = 0; side < (cutting.planes > 0 ? 2 : 1); side++) {
        const bucket = side === 0 ? code : code ^ (1 << coder.unsure[cut]!);
        const end = Math.min(starts[bucket + 1]!, starts[bucket]! + MOST_IN_BUCKET);
        for (let at = starts[bucket]!; at < end; at++) {
          const place = members[at]!;
          // Members ascend.
          if (place >= last) break;
          if (stamps[place] === round) continue;
          stamps[place] = round;
          list[count++] = place;
        }
      }
    }
    return count;
  };

  return (unmoved, { most, least, end = signatures.count, moved }) => {
    asked.set(unmoved);
    const count = keepNear(collect(unmoved, end), LEAST_UNMOVED);
    if (count === 0) return [];
    if (moved) raiseByMoves(count, moved(asked.subarray(unmoved.length)));
    const best: Neighbor[] = [];
    let bound = least * SCALE ** 2;
    for (let at = 0; at < count; at++) {
      const score = found[at]!;
      if (score < bound) continue;
      let rank = best.length;
      while (rank > 0 && best[rank - 1]!.score < score) rank--;
      best.splice(rank, 0, { place: list[at]!, score });
      if (best.length > most) best.pop();
      if (best.length === most) bound = Math.max(bound, best[most - 1]!.score);
    }
    return best.map(({ place, score }) => ({ place, score: score / SCALE ** 2 }));
  };
}
