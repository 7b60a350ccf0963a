/**
 * Nearest signatures among many, without comparing all with all: random planes through the middle of the signatures
 * cut space into buckets, several times over, and near ones meet in a bucket of at least one of the cuts (locality-
 * sensitive hashing, Charikar 2002). The planes are those of a fast Hadamard transform after random changes of sign,
 * which costs a tenth of planes drawn one by one (Andoni et al. 2015).
 *
 * Memory for a million signatures: 35 bytes each, and 4 bytes each a cut.
 */
import { breathe } from '../breathe.ts';
import { createRandom } from '../shards/random.ts';
import { SIGNATURE_SIZE } from './signature.ts';

/** Numbers that a transform takes and gives: the next power of two. */
const WIDTH = 64;
const TRANSFORMS = 2;
/** Cuts that share the numbers of one transform. */
const CUTS_EACH = 4;
const CUTS = TRANSFORMS * CUTS_EACH;
const MOST_PLANES = WIDTH / CUTS_EACH;
/** Signatures wanted in a bucket, and most that are looked at in one: there may be many alike. */
const BUCKET_SIZE = 24;
const MOST_IN_BUCKET = 128;
const SCALE = 127;
const BREATHE_EVERY = 4096;
/** Less alike than this before any move, no move makes copies of them. */
const LEAST_UNMOVED = 0.7 * SCALE ** 2;

/** Signatures in the form that a million of them are kept in: whole numbers from -127 to 127. */
export function pack(signature: Float64Array, target: Int8Array, place: number): void {
  for (let k = 0; k < SIGNATURE_SIZE; k++)
    target[place * SIGNATURE_SIZE + k] = Math.round(signature[k]! * SCALE);
}

export interface Neighbor {
  place: number;
  /** Cosine of the angle. */
  score: number;
}

export interface Neighbors {
  /**
   * At most `most` nearest signatures with a score of at least `least`, nearest first; of places below `end` alone.
   *
   * @param signatures of one sample, packed: as it is, then moved; a place counts by the best of them
   */
  nearest(signatures: Signatures, options: { most: number; least: number; end?: number }): Neighbor[];
}

/** Signatures of one sample, made when they are asked for. */
export interface Signatures {
  count: number;
  /** null where there is no variation. */
  at(shift: number): Int8Array | null;
}

/** @param present whether a place holds a signature at all */
export async function indexSignatures(packed: Int8Array, present: Uint8Array): Promise<Neighbors> {
  const count = present.length;
  const planes = Math.min(MOST_PLANES, Math.max(0, Math.ceil(Math.log2(Math.max(1, count / BUCKET_SIZE)))));
  const coder = createCoder(meanOf(packed, present), planes);
  const cuts = await fillCuts(packed, present, coder, planes);
  const stamps = new Int32Array(count);
  let round = 0;

  /** The best of a place under any move; what is far off before any is not looked at further. */
  const scoreOf = (place: number, { count: moves, at }: Signatures, unmoved: Int8Array): number => {
    let best = product(packed, place, unmoved);
    if (best < LEAST_UNMOVED) return best;
    for (let shift = 1; shift < moves; shift++) {
      const moved = at(shift);
      if (!moved) continue;
      const score = product(packed, place, moved);
      if (score > best) best = score;
    }
    return best;
  };

  return {
    nearest(signatures, { most, least, end: last = count }) {
      const unmoved = signatures.at(0);
      if (!unmoved) return [];
      round++;
      const best: Neighbor[] = [];
      let bound = least * SCALE ** 2;
      coder.code(unmoved, 0);
      for (let cut = 0; cut < CUTS; cut++) {
        const { starts, members } = cuts[cut]!;
        const code = coder.codes[cut]!;
        // A plane that the signature nearly lies on says nothing: both its sides are looked at.
        for (let side = 0; side < (planes > 0 ? 2 : 1); side++) {
          const bucket = side === 0 ? code : code ^ (1 << coder.unsure[cut]!);
          const end = Math.min(starts[bucket + 1]!, starts[bucket]! + MOST_IN_BUCKET);
          for (let at = starts[bucket]!; at < end; at++) {
            const place = members[at]!;
            if (place >= last || stamps[place] === round) continue;
            stamps[place] = round;
            const score = scoreOf(place, signatures, unmoved);
            if (score < bound) continue;
            let rank = best.length;
            while (rank > 0 && best[rank - 1]!.score < score) rank--;
            best.splice(rank, 0, { place, score });
            if (best.length > most) best.pop();
            if (best.length === most) bound = Math.max(bound, best[most - 1]!.score);
          }
        }
      }
      return best.map(({ place, score }) => ({ place, score: score / SCALE ** 2 }));
    },
  };
}

interface Cut {
  /** Where each bucket begins in `members`. */
  starts: Int32Array;
  members: Int32Array;
}

async function fillCuts(
  packed: Int8Array,
  present: Uint8Array,
  coder: Coder,
  planes: number,
): Promise<Cut[]> {
  const count = present.length;
  const codes = Array.from({ length: CUTS }, () => new Int32Array(count));
  const cuts = codes.map(() => ({ starts: new Int32Array((1 << planes) + 1) }));
  for (let place = 0; place < count; place++) {
    if (place % BREATHE_EVERY === 0) await breathe();
    if (!present[place]) continue;
    coder.code(packed, place);
    for (let cut = 0; cut < CUTS; cut++) {
      codes[cut]![place] = coder.codes[cut]!;
      cuts[cut]!.starts[coder.codes[cut]! + 1]!++;
    }
  }
  const filled: Cut[] = [];
  for (const [cut, { starts }] of cuts.entries()) {
    await breathe();
    for (let bucket = 1; bucket < starts.length; bucket++) starts[bucket]! += starts[bucket - 1]!;
    const members = new Int32Array(starts[starts.length - 1]!);
    const next = starts.slice();
    for (let place = 0; place < count; place++)
      if (present[place]) members[next[codes[cut]![place]!]!++] = place;
    filled.push({ starts, members });
  }
  return filled;
}

interface Coder {
  /** Writes `codes` and `unsure` of a packed signature: one number a cut. */
  code(packed: Int8Array, place: number): void;
  /** On which side of each plane it lies, a bit a plane. */
  codes: Int32Array;
  /** The plane it lies nearest to. */
  unsure: Int32Array;
}

function createCoder(middle: Float64Array, planes: number): Coder {
  const signs = Array.from({ length: TRANSFORMS }, (_, number) => {
    const random = createRandom(7, number);
    return Array.from({ length: 2 }, () => Int8Array.from({ length: WIDTH }, () => 2 * random.below(2) - 1));
  });
  const values = new Float64Array(WIDTH);
  const codes = new Int32Array(CUTS);
  const unsure = new Int32Array(CUTS);
  return {
    codes,
    unsure,
    code(packed, place) {
      const begin = place * SIGNATURE_SIZE;
      for (let number = 0; number < TRANSFORMS; number++) {
        const [first, second] = signs[number]! as [Int8Array, Int8Array];
        values.fill(0);
        for (let k = 0; k < SIGNATURE_SIZE; k++) values[k] = (packed[begin + k]! - middle[k]!) * first[k]!;
        // Once spreads a signature over all numbers; twice makes its parts fall on them at random.
        hadamard(values);
        for (let k = 0; k < WIDTH; k++) values[k]! *= second[k]!;
        hadamard(values);
        for (let part = 0; part < CUTS_EACH; part++) {
          let code = 0;
          let nearest = 0;
          let least = Infinity;
          for (let plane = 0; plane < planes; plane++) {
            const side = values[part * MOST_PLANES + plane]!;
            if (side > 0) code |= 1 << plane;
            const distance = Math.abs(side);
            if (distance < least) {
              least = distance;
              nearest = plane;
            }
          }
          codes[number * CUTS_EACH + part] = code;
          unsure[number * CUTS_EACH + part] = nearest;
        }
      }
    },
  };
}

/** The fast Hadamard transform, in place. */
function hadamard(values: Float64Array): void {
  for (let half = 1; half < WIDTH; half *= 2)
    for (let from = 0; from < WIDTH; from += 2 * half)
      for (let at = from; at < from + half; at++) {
        const [one, other] = [values[at]!, values[at + half]!];
        values[at] = one + other;
        values[at + half] = one - other;
      }
}

function meanOf(packed: Int8Array, present: Uint8Array): Float64Array {
  const sums = new Float64Array(SIGNATURE_SIZE);
  let count = 0;
  for (let place = 0; place < present.length; place++) {
    if (!present[place]) continue;
    count++;
    for (let k = 0; k < SIGNATURE_SIZE; k++) sums[k]! += packed[place * SIGNATURE_SIZE + k]!;
  }
  return sums.map((sum) => sum / Math.max(1, count));
}

function product(packed: Int8Array, place: number, query: Int8Array): number {
  let sum = 0;
  const begin = place * SIGNATURE_SIZE;
  for (let k = 0; k < SIGNATURE_SIZE; k++) sum += packed[begin + k]! * query[k]!;
  return sum;
}
