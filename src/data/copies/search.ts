/** Finds pairs of samples that are copies of each other, or nearly so, in one shard or between two. */
import { hash } from 'node:crypto';
import { breathe } from '../breathe.ts';
import { openShard, type ShardReader } from '../shards/reader.ts';
import { createPlaner, likeness, type Plane, type Planer } from './compare.ts';
import { indexSignatures, pack, type Neighbors, type Signatures } from './neighbors.ts';
import { createSigner, SIGNATURE_SIZE, type SampleForm, type Signer } from './signature.ts';

/** Samples of one shard. */
export interface CopySource extends SampleForm {
  shardFile: string;
  /** Byte offset of each sample. */
  offsets: Float64Array;
}

export interface Watch {
  signal?: AbortSignal;
  onProgress?(done: number, total: number): void;
}

/** Places among the offsets of the two sources. */
export interface FoundPair {
  asked: number;
  known: number;
  /** Every stored value is the same. */
  exact: boolean;
  /** Correlation, 1 for exact copies. */
  likeness: number;
}

const CHUNK_BYTES = 1024 * 1024;
/** Known samples that are compared in full with one that is asked for. */
const MOST_COMPARED = 8;
/** Signatures less alike than this belong to no copies. */
const LEAST_SCORE = 0.97;
/** Pictures smaller than this say too little. */
const SMALLEST_SIDE = 8;

/** Whether samples of two forms can be compared at all: windows of different lengths or channels cannot. */
export function comparable(one: SampleForm, other: SampleForm): boolean {
  if (one.modality !== other.modality) return false;
  return one.modality === 'image' || one.shape.join() === other.shape.join();
}

/**
 * Pairs in the order of the samples that are asked for. Where both sources are one, each pair is found once, and no
 * sample with itself.
 *
 * Memory grows by some 80 bytes a known sample; the samples themselves are read a megabyte at a time.
 */
export async function searchCopies(
  known: CopySource,
  asked: CopySource,
  watch: Watch = {},
): Promise<FoundPair[]> {
  if (known.offsets.length === 0 || asked.offsets.length === 0 || !comparable(known, asked)) return [];
  const shards: ShardReader[] = [];
  try {
    shards.push(await openShard(known.shardFile));
    shards.push(known === asked ? shards[0]! : await openShard(asked.shardFile));
    return await search(known, asked, shards as [ShardReader, ShardReader], watch);
  } finally {
    for (const shard of new Set(shards)) await shard.close();
  }
}

async function search(
  known: CopySource,
  asked: CopySource,
  [knownShard, askedShard]: [ShardReader, ShardReader],
  { signal, onProgress }: Watch,
): Promise<FoundPair[]> {
  const total = known.offsets.length + asked.offsets.length;
  const tell = (done: number) => onProgress?.(done, total);
  const catalogue = await describe(known, knownShard, signal, tell);
  const compare = createComparison(known, asked);
  const signer = createSigner(asked);
  const signatures = createSignatures(signer);
  const nearToo = isLarge(known) && isLarge(asked);
  const pairs: FoundPair[] = [];
  for await (const [first, samples] of chunksOf(asked, askedShard, asked.offsets, signal)) {
    const questions = samples.flatMap((bytes, at) => {
      signer.read(bytes);
      signatures.renew();
      const places = catalogue.candidates(
        bytes,
        signatures,
        known === asked ? first + at : undefined,
        nearToo,
      );
      return places.length > 0 ? [{ at, bytes, places }] : [];
    });
    const needed = [...new Set(questions.flatMap(({ places }) => places))].sort((a, b) => a - b);
    const offsets = Float64Array.from(needed, (place) => known.offsets[place]!);
    const found = new Map<number, Uint8Array>();
    for await (const [from, bytes] of chunksOf(known, knownShard, offsets, signal))
      bytes.forEach((one, at) => found.set(needed[from + at]!, one.slice()));
    for (const { at, bytes, places } of questions)
      for (const place of places) {
        const one = compare(bytes, found.get(place)!, nearToo);
        if (one) pairs.push({ asked: first + at, known: place, ...one });
      }
    tell(known.offsets.length + first + samples.length);
  }
  return pairs;
}

interface Catalogue {
  /** Known samples worth a full comparison, best first; of places below `end` alone. */
  candidates(bytes: Uint8Array, signatures: Signatures, end: number | undefined, nearToo: boolean): number[];
}

async function describe(
  known: CopySource,
  shard: ShardReader,
  signal: AbortSignal | undefined,
  tell: (done: number) => void,
): Promise<Catalogue> {
  const count = known.offsets.length;
  const signer = createSigner(known);
  const packed = new Int8Array(count * SIGNATURE_SIZE);
  const present = new Uint8Array(count);
  const keys = new Float64Array(count);
  const signature = new Float64Array(SIGNATURE_SIZE);
  for await (const [first, samples] of chunksOf(known, shard, known.offsets, signal)) {
    samples.forEach((bytes, at) => {
      const place = first + at;
      signer.read(bytes);
      if (!signer.sign(signature, signer.shifts[0]!)) {
        keys[place] = keyOf(bytes);
        return;
      }
      present[place] = 1;
      pack(signature, packed, place);
      keys[place] = keyOfSignature(packed, place);
    });
    tell(first + samples.length);
  }
  const neighbors: Neighbors = await indexSignatures(packed, present);
  const byKey = indexKeys(keys);
  return {
    candidates(bytes, signatures, end, nearToo) {
      const unmoved = signatures.at(0);
      const same = byKey(unmoved ? keyOfSignature(unmoved, 0) : keyOf(bytes), end);
      const options = { most: MOST_COMPARED, least: LEAST_SCORE, ...(end !== undefined && { end }) };
      const near = nearToo ? neighbors.nearest(signatures, options).map(({ place }) => place) : [];
      return same.length === 0 ? near : [...new Set([...same, ...near])];
    },
  };
}

/** Packed signatures of the sample that was read last, each made when first asked for. */
function createSignatures(signer: Signer): Signatures & { renew(): void } {
  const signature = new Float64Array(SIGNATURE_SIZE);
  const made = signer.shifts.map(() => new Int8Array(SIGNATURE_SIZE));
  const states = new Int8Array(signer.shifts.length);
  return {
    count: signer.shifts.length,
    renew: () => void states.fill(0),
    at(shift) {
      if (states[shift] === 0) {
        states[shift] = signer.sign(signature, signer.shifts[shift]!) ? 1 : -1;
        if (states[shift] === 1) pack(signature, made[shift]!, 0);
      }
      return states[shift] === 1 ? made[shift]! : null;
    },
  };
}

type Comparison = (
  asked: Uint8Array,
  known: Uint8Array,
  nearToo: boolean,
) => Pick<FoundPair, 'exact' | 'likeness'> | null;

function createComparison(known: CopySource, asked: CopySource): Comparison {
  const [ownSide, otherSide] = [asked.shape.slice(0, 2), known.shape.slice(0, 2)];
  const side = ownSide.map((length, axis) => Math.min(length, otherSide[axis]!));
  const planers = [createPlaner(asked, side), createPlaner(known, side)] as const;
  const { shifts } = createSigner({ ...asked, shape: [...side, 1] });
  const sameForm = known.dtype === asked.dtype && known.shape.join() === asked.shape.join();
  // Many in a row ask about the same few, and each asks about several.
  const planes = [new WeakMap<Uint8Array, Plane>(), new WeakMap<Uint8Array, Plane>()] as const;
  const planeOf = (bytes: Uint8Array, which: 0 | 1): Plane => {
    const present = planes[which].get(bytes);
    if (present) return present;
    const plane = (planers[which] as Planer)(bytes);
    planes[which].set(bytes, plane);
    return plane;
  };
  return (one, other, nearToo) => {
    if (sameForm && Buffer.compare(one, other) === 0) return { exact: true, likeness: 1 };
    if (!nearToo) return null;
    const found = likeness(asked.modality, side, shifts, planeOf(one, 0), planeOf(other, 1));
    return found === null ? null : { exact: false, likeness: Math.min(1, found) };
  };
}

const isLarge = ({ modality, shape }: SampleForm) =>
  modality === 'signal' || Math.min(...shape.slice(0, 2)) >= SMALLEST_SIDE;

/** Samples read a chunk at a time, with a breath between; valid until the next chunk. */
async function* chunksOf(
  { shape, dtype }: SampleForm,
  shard: ShardReader,
  offsets: Float64Array,
  signal: AbortSignal | undefined,
): AsyncGenerator<[number, Uint8Array[]]> {
  const size = shape.reduce((product, side) => product * side, dtype === 'uint8' ? 1 : 4);
  const atOnce = Math.max(1, Math.floor(CHUNK_BYTES / size));
  const memory = new Uint8Array(Math.min(atOnce, offsets.length) * size);
  for (let first = 0; first < offsets.length; first += atOnce) {
    signal?.throwIfAborted();
    const part = offsets.subarray(first, first + atOnce);
    await shard.readInto(memory, part, size);
    yield [first, Array.from(part, (_, at) => memory.subarray(at * size, (at + 1) * size))];
    await breathe();
  }
}

/** 48 bits of a hash, for samples without a signature: equal ones are compared byte for byte later. */
const keyOf = (bytes: Uint8Array) => hash('sha256', bytes, 'buffer').readUIntBE(0, 6);

/** Equal samples have equal signatures, which are shorter (FNV-1a, twice, to some 50 bits). */
function keyOfSignature(packed: Int8Array, place: number): number {
  let low = 0x811c9dc5;
  let high = 0x1b873593;
  for (let k = place * SIGNATURE_SIZE; k < (place + 1) * SIGNATURE_SIZE; k++) {
    low = Math.imul(low ^ (packed[k]! & 255), 0x01000193);
    high = Math.imul(high ^ (packed[k]! & 255), 0x85ebca6b);
  }
  return (low >>> 0) * 2 ** 20 + (high >>> 12);
}

/** Finds the places of a key below `end`, at most as many as are compared in full. */
function indexKeys(keys: Float64Array): (key: number, end?: number) => number[] {
  const order = Int32Array.from(keys.keys()).sort((one, other) => keys[one]! - keys[other]! || one - other);
  return (key, end = keys.length) => {
    let [low, high] = [0, order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (keys[order[middle]!]! < key) low = middle + 1;
      else high = middle;
    }
    const found: number[] = [];
    while (found.length < MOST_COMPARED && keys[order[low] ?? -1] === key && order[low]! < end)
      found.push(order[low++]!);
    return found;
  };
}
