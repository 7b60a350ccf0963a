/** Finds samples of validation and test data that are copies, or nearly so, of training samples. */
import { createHash } from 'node:crypto';
import { SPLIT_CODE } from '../../contract/trainer.ts';
import { breathe } from '../progress.ts';
import { openShard, type ShardReader } from '../shards.ts';
import { likeness } from './compare.ts';
import { indexSignatures, pack } from './neighbors.ts';
import { createSigner, SIGNATURE_SIZE, type Plane, type SampleForm } from './signature.ts';

export interface CopyPair {
  /** Index of the validation or test sample, and of the training sample. */
  heldOut: number;
  training: number;
  /** Every stored value is the same. */
  exact: boolean;
  /** Correlation, 1 for exact copies. */
  likeness: number;
}

export interface CopySearch extends SampleForm {
  shardFile: string;
  offsets: Float64Array;
  /** Split code of each sample. */
  splits: Uint8Array;
  signal?: AbortSignal;
  onProgress?(done: number, total: number): void;
}

const CHUNK_BYTES = 1024 * 1024;
/** Training samples that are compared in full with one held-out sample. */
const MOST_COMPARED = 8;
/** Signatures less alike than this belong to no copies. */
const LEAST_SCORE = 0.9;
/** Pictures smaller than this say too little. */
const SMALLEST_SIDE = 8;

/**
 * Pairs in the order of the held-out samples. Memory grows by some 80 bytes a training sample; the samples themselves
 * are read a megabyte at a time.
 */
export async function findCopies(search: CopySearch): Promise<CopyPair[]> {
  const training = placesOf(search.splits, [SPLIT_CODE.train]);
  const heldOut = placesOf(search.splits, [SPLIT_CODE.validation, SPLIT_CODE.test]);
  if (training.length === 0 || heldOut.length === 0) return [];
  const shard = await openShard(search.shardFile);
  try {
    return await searchShard(search, shard, training, heldOut);
  } finally {
    await shard.close();
  }
}

async function searchShard(
  search: CopySearch,
  shard: ShardReader,
  training: Int32Array,
  heldOut: Int32Array,
): Promise<CopyPair[]> {
  const signer = createSigner(search);
  const nearToo = search.modality === 'signal' || Math.min(...search.shape.slice(0, 2)) >= SMALLEST_SIDE;
  const total = training.length + heldOut.length;
  const packed = new Int8Array(training.length * SIGNATURE_SIZE);
  const present = new Uint8Array(training.length);
  const keys = new Float64Array(training.length);
  const signature = new Float64Array(SIGNATURE_SIZE);
  for await (const [first, samples] of chunksOf(search, shard, training)) {
    samples.forEach((bytes, at) => {
      keys[first + at] = keyOf(bytes);
      if (!nearToo || !signer.sign(signer.plane(bytes), signature, [0, 0])) return;
      present[first + at] = 1;
      pack(signature, packed, first + at);
    });
    search.onProgress?.(first + samples.length, total);
  }
  const neighbors = await indexSignatures(packed, present);
  const byKey = indexKeys(keys);

  /** Training samples worth a full comparison, best first. */
  const candidatesOf = (plane: Plane): number[] => {
    const scores = new Map<number, number>();
    for (const shift of signer.shifts) {
      if (!signer.sign(plane, signature, shift)) continue;
      for (const { place, score } of neighbors.nearest(signature, MOST_COMPARED))
        if (score >= LEAST_SCORE && score > (scores.get(place) ?? 0)) scores.set(place, score);
    }
    const best = [...scores].sort(([, one], [, other]) => other - one);
    return best.slice(0, MOST_COMPARED).map(([place]) => place);
  };

  const pairs: CopyPair[] = [];
  for await (const [first, samples] of chunksOf(search, shard, heldOut)) {
    const asked = samples.map((bytes) => {
      const plane = signer.plane(bytes);
      const same = byKey(keyOf(bytes));
      return { bytes, plane, places: [...new Set([...same, ...(nearToo ? candidatesOf(plane) : [])])] };
    });
    const needed = [...new Set(asked.flatMap(({ places }) => places))].sort((one, other) => one - other);
    const known = new Map<number, Uint8Array>();
    for await (const [from, found] of chunksOf(
      search,
      shard,
      Int32Array.from(needed, (place) => training[place]!),
    ))
      found.forEach((bytes, at) => known.set(needed[from + at]!, bytes.slice()));
    const planes = new Map<number, Plane>();
    asked.forEach(({ bytes, plane, places }, at) => {
      for (const place of places) {
        const other = known.get(place)!;
        const exact = Buffer.compare(bytes, other) === 0;
        if (!planes.has(place)) planes.set(place, signer.plane(other));
        const found = exact ? 1 : nearToo ? likeness(search, signer, plane, planes.get(place)!) : null;
        if (found !== null)
          pairs.push({
            heldOut: heldOut[first + at]!,
            training: training[place]!,
            exact,
            likeness: Math.min(1, found),
          });
      }
    });
    search.onProgress?.(training.length + first + samples.length, total);
  }
  return pairs;
}

function placesOf(splits: Uint8Array, codes: readonly number[]): Int32Array {
  let count = 0;
  for (const code of splits) if (codes.includes(code)) count++;
  const places = new Int32Array(count);
  let at = 0;
  splits.forEach((code, place) => {
    if (codes.includes(code)) places[at++] = place;
  });
  return places;
}

/** Samples read a chunk at a time, with a breath between; valid until the next chunk. */
async function* chunksOf(
  { shape, dtype, offsets, signal }: CopySearch,
  shard: ShardReader,
  places: Int32Array,
): AsyncGenerator<[number, Uint8Array[]]> {
  const size = shape.reduce((product, side) => product * side, dtype === 'uint8' ? 1 : 4);
  const atOnce = Math.max(1, Math.floor(CHUNK_BYTES / size));
  const memory = new Uint8Array(Math.min(atOnce, places.length) * size);
  for (let first = 0; first < places.length; first += atOnce) {
    signal?.throwIfAborted();
    const part = places.subarray(first, first + atOnce);
    await shard.readInto(
      memory,
      Float64Array.from(part, (place) => offsets[place]!),
      size,
    );
    yield [first, Array.from(part, (_, at) => memory.subarray(at * size, (at + 1) * size))];
    await breathe();
  }
}

/** 48 bits of a hash: equal ones are compared byte for byte later. */
const keyOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest().readUIntBE(0, 6);

/** Finds the places of a key, at most as many as are compared in full. */
function indexKeys(keys: Float64Array): (key: number) => number[] {
  const order = Int32Array.from(keys.keys()).sort((one, other) => keys[one]! - keys[other]!);
  return (key) => {
    let [low, high] = [0, order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (keys[order[middle]!]! < key) low = middle + 1;
      else high = middle;
    }
    const found: number[] = [];
    while (found.length < MOST_COMPARED && keys[order[low] ?? -1] === key) found.push(order[low++]!);
    return found;
  };
}
