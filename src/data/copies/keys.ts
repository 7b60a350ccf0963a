/** Keys by which samples that are the very same are found: equal samples have equal keys. */
import { hash } from 'node:crypto';
import { sortIntoBuckets, type Buckets } from './cuts.ts';
import { SIGNATURE_SIZE, SIGNATURE_STRIDE } from './signature.ts';

/** Keys wanted in a bucket. */
const BUCKET_SIZE = 4;
const MOST_BUCKETS = 2 ** 20;

/** 48 bits of a hash, for samples without a signature: equal ones are compared byte for byte later. */
export const keyOf = (bytes: Uint8Array): number => hash('sha256', bytes, 'buffer').readUIntBE(0, 6);

/** Equal samples have equal signatures, which are shorter (FNV-1a, twice, to some 50 bits). */
export function keyOfSignature(packed: Int8Array, place: number): number {
  let low = 0x811c9dc5;
  let high = 0x1b873593;
  const begin = place * SIGNATURE_STRIDE;
  for (let k = begin; k < begin + SIGNATURE_SIZE; k++) {
    low = Math.imul(low ^ (packed[k]! & 255), 0x01000193);
    high = Math.imul(high ^ (packed[k]! & 255), 0x85ebca6b);
  }
  return (low >>> 0) * 2 ** 20 + (high >>> 12);
}

export function sortKeys(keys: Float64Array): Buckets {
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(1, keys.length / BUCKET_SIZE)));
  const buckets = Math.min(MOST_BUCKETS, wanted);
  return sortIntoBuckets(keys.length, buckets, (place) => keys[place]! % buckets);
}

/** The first places below `end` that have the key, at most `most`. */
export function placesOfKey(
  keys: Float64Array,
  { starts, members }: Buckets,
  key: number,
  most: number,
  end: number,
): number[] {
  const bucket = key % (starts.length - 1);
  const found: number[] = [];
  for (let at = starts[bucket]!; at < starts[bucket + 1]! && found.length < most; at++) {
    const place = members[at]!;
    if (place >= end) break;
    if (keys[place] === key) found.push(place);
  }
  return found;
}
