/**
 * The work of a copy search among images or signals on a part of the samples. Several hands work on one search, each in a thread of its own or
 * all in one: they share the arrays of the job, and no two write to the same place.
 */
import { openShard, type ShardReader } from '../shards/reader.ts';
import { chunksOf } from './chunks.ts';
import { createComparer, type TakenSample } from './compare.ts';
import { createCoder, CUTS, type Buckets, type Cutting } from './cuts.ts';
import { keyOf, keyOfSignature, placesOfKey } from './keys.ts';
import { packedOf, type SignatureMemory } from './kernel/kernel.ts';
import { createNearest, type FindNearest } from './neighbors.ts';
import { createPairList, type CopySource, type PairColumns, type Part } from './pairs.ts';
import {
  createSigner,
  pack,
  SIGNATURE_SIZE,
  SIGNATURE_STRIDE,
  type SampleForm,
  type Signer,
} from './signature.ts';

/** What all hands of a search share. */
export interface SearchJob {
  known: CopySource;
  asked: CopySource;
  /** Both are one: each pair is found once. */
  same: boolean;
  /** Near copies are looked for as well as exact ones. */
  nearToo: boolean;
  /** Of known samples, filled by `describe`: signatures, whether there is one at all, keys. */
  signatures: SignatureMemory;
  present: Uint8Array;
  keys: Float64Array;
  /** Bucket of each known sample in each cut, one cut after the other; filled by `code`. */
  codes: Uint16Array;
}

/** How known samples are found. */
export interface Catalogue {
  cutting: Cutting;
  cuts: readonly Buckets[];
  byKey: Buckets;
}

export interface Hand {
  /** Describes known samples. Returns the sums of their signatures, and how many have one. */
  describe(part: Part): Promise<{ sums: Float64Array; present: number }>;
  code(part: Part, cutting: Cutting): void;
  search(part: Part, catalogue: Catalogue): Promise<PairColumns>;
  close(): Promise<void>;
}

/** Known samples that are compared in full with one that is asked for. */
const MOST_COMPARED = 8;
/** Signatures less alike than this belong to no copies. */
const LEAST_SCORE = 0.97;

/**
 * @param number of this hand, from 0
 * @throws PretextError `shard.missing`
 */
export async function createHand(job: SearchJob, number: number): Promise<Hand> {
  const { known, asked, same } = job;
  const knownShard = await openShard(known.shardFile, known.name);
  const askedShard = same ? knownShard : await openShard(asked.shardFile, asked.name);
  const search = createSearch(job, number, knownShard, askedShard);
  return {
    describe: (part) => describe(job, knownShard, part),
    code: (part, cutting) => code(job, part, cutting),
    search,
    async close() {
      await knownShard.close();
      if (!same) await askedShard.close();
    },
  };
}

async function describe({ known, signatures, present, keys }: SearchJob, shard: ShardReader, part: Part) {
  const packed = packedOf(signatures);
  const signer = createSigner(known);
  const signature = new Float64Array(SIGNATURE_SIZE);
  const sums = new Float64Array(SIGNATURE_SIZE);
  let count = 0;
  const offsets = known.offsets.subarray(part.first, part.first + part.count);
  for await (const [first, samples] of chunksOf(known, shard, offsets))
    for (const [at, bytes] of samples.entries()) {
      const place = part.first + first + at;
      signer.read(bytes);
      if (!signer.sign(signature, signer.shifts[0]!)) {
        keys[place] = keyOf(bytes);
        continue;
      }
      pack(signature, packed, place);
      present[place] = 1;
      keys[place] = keyOfSignature(packed, place);
      for (let k = 0; k < SIGNATURE_SIZE; k++) sums[k]! += packed[place * SIGNATURE_STRIDE + k]!;
      count++;
    }
  return { sums, present: count };
}

function code({ signatures, present, codes }: SearchJob, { first, count }: Part, cutting: Cutting): void {
  const packed = packedOf(signatures);
  const coder = createCoder(cutting);
  for (let place = first; place < first + count; place++) {
    if (present[place] === 0) continue;
    coder.code(packed, place);
    for (let cut = 0; cut < CUTS; cut++) codes[cut * present.length + place] = coder.codes[cut]!;
  }
}

function createSearch(
  job: SearchJob,
  number: number,
  knownShard: ShardReader,
  askedShard: ShardReader,
): Hand['search'] {
  const { known, asked, same, nearToo, signatures, present, keys } = job;
  const packed = packedOf(signatures);
  const side = asked.shape.slice(0, 2).map((length, axis) => Math.min(length, known.shape[axis]!));
  const sameForm = known.dtype === asked.dtype && known.shape.join() === asked.shape.join();
  const describer = createDescriber(asked);
  const comparer = createComparer(asked, known, createSigner({ ...asked, shape: [...side, 1] }).shifts);
  let nearest: FindNearest | null = null;

  /** Known samples worth a full comparison, the very same first, then best first. */
  const candidatesOf = (bytes: Uint8Array, place: number, { byKey }: Catalogue): number[] => {
    describer.renew(bytes);
    const unmoved = same ? packedAt(packed, present, place) : describer.unmoved();
    const end = same ? place : keys.length;
    const key = same ? keys[place]! : unmoved ? keyOfSignature(unmoved, 0) : keyOf(bytes);
    const equal = placesOfKey(keys, byKey, key, MOST_COMPARED, end);
    if (!nearToo || !unmoved) return equal;
    const near = nearest!(unmoved, { most: MOST_COMPARED, least: LEAST_SCORE, end, moved: describer.moved });
    return [...new Set([...equal, ...near.map((one) => one.place)])];
  };

  return async (part, catalogue) => {
    nearest ??= createNearest({ signatures, cutting: catalogue.cutting, cuts: catalogue.cuts }, number);
    const pairs = createPairList();
    const own = asked.offsets.subarray(part.first, part.first + part.count);
    for await (const [first, samples] of chunksOf(asked, askedShard, own)) {
      const begin = part.first + first;
      const questions = samples.flatMap((bytes, at) => {
        const places = candidatesOf(bytes, begin + at, catalogue);
        return places.length > 0 ? [{ asked: begin + at, bytes, places }] : [];
      });
      const needed = [...new Set(questions.flatMap(({ places }) => places))].sort((a, b) => a - b);
      const found = new Map<number, Found>();
      const offsets = Float64Array.from(needed, (place) => known.offsets[place]!);
      comparer.release();
      for await (const [from, some] of chunksOf(known, knownShard, offsets))
        some.forEach((bytes, at) => found.set(needed[from + at]!, { bytes: bytes.slice(), taken: null }));
      for (const question of questions) {
        let ready = false;
        for (const place of question.places) {
          const one = found.get(place)!;
          if (sameForm && Buffer.compare(question.bytes, one.bytes) === 0) {
            pairs.add(question.asked, place, true, 1);
            continue;
          }
          if (!nearToo) continue;
          if (!ready) comparer.ask(question.bytes);
          ready = true;
          const likeness = comparer.likeness((one.taken ??= comparer.take(one.bytes)));
          if (likeness !== null) pairs.add(question.asked, place, false, Math.min(1, likeness));
        }
      }
    }
    return pairs.columns();
  };
}

interface Found {
  bytes: Uint8Array;
  /** As the comparison takes it; made when it is first compared. */
  taken: TakenSample | null;
}

function packedAt(packed: Int8Array, present: Uint8Array, place: number): Int8Array | null {
  if (present[place] === 0) return null;
  return packed.subarray(place * SIGNATURE_STRIDE, (place + 1) * SIGNATURE_STRIDE);
}

/** Signatures of the sample that is asked about, each made when it is first needed. */
function createDescriber(form: SampleForm) {
  const signer: Signer = createSigner(form);
  const signature = new Float64Array(SIGNATURE_SIZE);
  const own = new Int8Array(SIGNATURE_STRIDE);
  const moves = signer.shifts.slice(1);
  let sample: Uint8Array | null = null;
  const read = () => {
    if (sample) signer.read(sample);
    sample = null;
  };
  return {
    renew: (bytes: Uint8Array) => void (sample = bytes),
    /** null where there is no variation. */
    unmoved(): Int8Array | null {
      read();
      if (!signer.sign(signature, signer.shifts[0]!)) return null;
      pack(signature, own, 0);
      return own;
    },
    moved(target: Int8Array): number {
      if (moves.length > 0) read();
      let count = 0;
      for (const shift of moves) if (signer.sign(signature, shift)) pack(signature, target, count++);
      return count;
    },
  };
}
