/**
 * Buckets of signatures: random planes through the middle of the signatures cut space up, several times over, and near
 * ones meet in a bucket of at least one of the cuts (locality-sensitive hashing, Charikar 2002). The planes are those
 * of a fast Hadamard transform after random changes of sign, which costs a tenth of planes drawn one by one (Andoni et
 * al. 2015).
 */
import { createRandom } from '../shards/random.ts';
import { sharedArray } from './shared.ts';
import { SIGNATURE_SIZE, SIGNATURE_STRIDE } from './signature.ts';

/** Numbers that a transform takes and gives: the next power of two. */
const WIDTH = 64;
const TRANSFORMS = 2;
/** Cuts that share the numbers of one transform. */
const CUTS_EACH = 4;
export const CUTS = TRANSFORMS * CUTS_EACH;
const MOST_PLANES = WIDTH / CUTS_EACH;
/** Signatures wanted in a bucket. */
const BUCKET_SIZE = 24;

/** Where space is cut: enough to code any signature. */
export interface Cutting {
  /** Mean of the signatures. */
  middle: Float64Array;
  /** Planes of each cut. */
  planes: number;
}

/** @param sums of `present` packed signatures among `count` places */
export function planCutting(sums: Float64Array, present: number, count: number): Cutting {
  const planes = Math.ceil(Math.log2(Math.max(1, count / BUCKET_SIZE)));
  return {
    middle: sums.map((sum) => sum / Math.max(1, present)),
    planes: Math.min(MOST_PLANES, Math.max(0, planes)),
  };
}

/** Places by bucket: those of bucket k are `members` from `starts[k]` to `starts[k + 1]`, in ascending order. */
export interface Buckets {
  starts: Int32Array;
  members: Int32Array;
}

/** @param bucketOf the bucket of a place, -1 for none */
export function sortIntoBuckets(
  count: number,
  buckets: number,
  bucketOf: (place: number) => number,
): Buckets {
  const starts = sharedArray(Int32Array, buckets + 1);
  for (let place = 0; place < count; place++) {
    const bucket = bucketOf(place);
    if (bucket >= 0) starts[bucket + 1]!++;
  }
  for (let bucket = 1; bucket <= buckets; bucket++) starts[bucket]! += starts[bucket - 1]!;
  const members = sharedArray(Int32Array, starts[buckets]!);
  const next = starts.slice();
  for (let place = 0; place < count; place++) {
    const bucket = bucketOf(place);
    if (bucket >= 0) members[next[bucket]!++] = place;
  }
  return { starts, members };
}

export interface Coder {
  /** Writes `codes` and `unsure` of a packed signature: one number a cut. */
  code(packed: Int8Array, place: number): void;
  /** On which side of each plane it lies, a bit a plane. */
  codes: Int32Array;
  /** The plane it lies nearest to. */
  unsure: Int32Array;
}

export function createCoder({ middle, planes }: Cutting): Coder {
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
      const begin = place * SIGNATURE_STRIDE;
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
