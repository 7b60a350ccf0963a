/**
 * Nearest signatures among many, without comparing all with all: random planes through the middle of the signatures
 * cut space into buckets, several times over, and near ones meet in a bucket of at least one of the cuts (locality-
 * sensitive hashing, Charikar 2002).
 *
 * Memory for a million signatures: 35 bytes each, and 4 bytes each a cut.
 */
import { breathe } from '../progress.ts';
import { createRandom } from '../random.ts';
import { SIGNATURE_SIZE } from './signature.ts';

const CUTS = 8;
const MOST_PLANES = 18;
/** Signatures wanted in a bucket, and most that are looked at in one: there may be many alike. */
const BUCKET_SIZE = 32;
const MOST_IN_BUCKET = 256;
const SCALE = 127;
const BREATHE_EVERY = 4096;

export interface Neighbors {
  /** Places of at most `most` nearest signatures, nearest first. */
  nearest(signature: Float64Array, most: number): { place: number; score: number }[];
}

/** Signatures in the form that a million of them are kept in: whole numbers from -127 to 127. */
export function pack(signature: Float64Array, target: Int8Array, place: number): void {
  for (let k = 0; k < SIGNATURE_SIZE; k++)
    target[place * SIGNATURE_SIZE + k] = Math.round(signature[k]! * SCALE);
}

/** @param present whether a place holds a signature at all */
export async function indexSignatures(packed: Int8Array, present: Uint8Array): Promise<Neighbors> {
  const count = present.length;
  const planes = Math.min(MOST_PLANES, Math.max(0, Math.ceil(Math.log2(Math.max(1, count / BUCKET_SIZE)))));
  const middle = meanOf(packed, present);
  const cuts: Cut[] = [];
  for (let number = 0; number < CUTS; number++)
    cuts.push(await makeCut(packed, present, middle, planes, number));
  const stamps = new Int32Array(count);
  let round = 0;

  return {
    nearest(signature, most) {
      round++;
      const packedQuery = new Int8Array(SIGNATURE_SIZE);
      pack(signature, packedQuery, 0);
      const best: { place: number; score: number }[] = [];
      const consider = (place: number) => {
        if (stamps[place] === round) return;
        stamps[place] = round;
        const score = product(packed, place, packedQuery);
        if (best.length === most && score <= best[most - 1]!.score) return;
        let at = best.length;
        while (at > 0 && best[at - 1]!.score < score) at--;
        best.splice(at, 0, { place, score });
        if (best.length > most) best.pop();
      };
      for (const cut of cuts) {
        const { code, unsure } = codeOf(packedQuery, 0, middle, cut.normals, planes);
        for (const bucket of planes > 0 ? [code, code ^ (1 << unsure)] : [code]) {
          const end = Math.min(cut.starts[bucket + 1]!, cut.starts[bucket]! + MOST_IN_BUCKET);
          for (let at = cut.starts[bucket]!; at < end; at++) consider(cut.members[at]!);
        }
      }
      return best.map(({ place, score }) => ({ place, score: score / SCALE ** 2 }));
    },
  };
}

interface Cut {
  /** Row-major [planes, SIGNATURE_SIZE]. */
  normals: Float64Array;
  /** Where each bucket begins in `members`. */
  starts: Int32Array;
  members: Int32Array;
}

async function makeCut(
  packed: Int8Array,
  present: Uint8Array,
  middle: Float64Array,
  planes: number,
  number: number,
): Promise<Cut> {
  const random = createRandom(7, number);
  // Sums of twelve uniform numbers: near enough to a normal distribution for a direction.
  const normal = () => {
    let sum = -6 * 65_536;
    for (let i = 0; i < 12; i++) sum += random.below(65_536);
    return sum;
  };
  const normals = Float64Array.from({ length: planes * SIGNATURE_SIZE }, normal);
  const codes = new Int32Array(present.length).fill(-1);
  const starts = new Int32Array((1 << planes) + 1);
  for (let place = 0; place < codes.length; place++) {
    if (place % BREATHE_EVERY === 0) await breathe();
    if (!present[place]) continue;
    codes[place] = codeOf(packed, place, middle, normals, planes).code;
    starts[codes[place]! + 1]!++;
  }
  for (let bucket = 1; bucket < starts.length; bucket++) starts[bucket]! += starts[bucket - 1]!;
  const members = new Int32Array(starts[starts.length - 1]!);
  const next = starts.slice();
  for (let place = 0; place < codes.length; place++)
    if (codes[place]! >= 0) members[next[codes[place]!]!++] = place;
  return { normals, starts, members };
}

/** On which side of each plane a signature lies, and the plane it lies nearest to. */
function codeOf(
  packed: Int8Array,
  place: number,
  middle: Float64Array,
  normals: Float64Array,
  planes: number,
) {
  let code = 0;
  let unsure = 0;
  let least = Infinity;
  for (let plane = 0; plane < planes; plane++) {
    let side = 0;
    for (let k = 0; k < SIGNATURE_SIZE; k++)
      side += (packed[place * SIGNATURE_SIZE + k]! - middle[k]!) * normals[plane * SIGNATURE_SIZE + k]!;
    if (side > 0) code |= 1 << plane;
    if (Math.abs(side) < least) [least, unsure] = [Math.abs(side), plane];
  }
  return { code, unsure };
}

function meanOf(packed: Int8Array, present: Uint8Array): Float64Array {
  const mean = new Float64Array(SIGNATURE_SIZE);
  const count = Math.max(
    1,
    present.reduce((sum, one) => sum + one, 0),
  );
  for (let at = 0; at < packed.length; at++) mean[at % SIGNATURE_SIZE]! += packed[at]! / count;
  return mean;
}

function product(packed: Int8Array, place: number, query: Int8Array): number {
  let sum = 0;
  for (let k = 0; k < SIGNATURE_SIZE; k++) sum += packed[place * SIGNATURE_SIZE + k]! * query[k]!;
  return sum;
}
