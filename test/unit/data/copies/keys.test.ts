import { expect, it } from 'vitest';
import { keyOf, keyOfSignature, placesOfKey, sortKeys } from '../../../../src/data/copies/keys.ts';
import { SIGNATURE_STRIDE } from '../../../../src/data/copies/signature.ts';

it('gives equal samples equal keys, and others others', () => {
  expect(keyOf(Uint8Array.of(1, 2, 3))).toBe(keyOf(Uint8Array.of(1, 2, 3)));
  expect(keyOf(Uint8Array.of(1, 2, 3))).not.toBe(keyOf(Uint8Array.of(1, 2, 4)));
  // The first 48 bits of SHA-256 of nothing: e3b0c44298fc…
  expect(keyOf(new Uint8Array())).toBe(0xe3b0c44298fc);
});

it('gives equal signatures equal keys wherever they stand, and looks at every number', () => {
  const packed = new Int8Array(3 * SIGNATURE_STRIDE).map((_, i) => ((i % SIGNATURE_STRIDE) * 7) % 100);
  expect(keyOfSignature(packed, 0)).toBe(keyOfSignature(packed, 2));
  for (let at = SIGNATURE_STRIDE; at < SIGNATURE_STRIDE + 35; at++) {
    const changed = packed.slice();
    changed[at]! -= 1;
    expect(keyOfSignature(changed, 1), `number ${at}`).not.toBe(keyOfSignature(packed, 1));
  }
});

it('finds the places of a key below an end, the first ones first', () => {
  const keys = Float64Array.from({ length: 100 }, (_, i) => (i % 10) * 1e12 + 5);
  const buckets = sortKeys(keys);
  const key = 3e12 + 5;
  expect(placesOfKey(keys, buckets, key, 100, 100)).toEqual([3, 13, 23, 33, 43, 53, 63, 73, 83, 93]);
  expect(placesOfKey(keys, buckets, key, 3, 100)).toEqual([3, 13, 23]);
  expect(placesOfKey(keys, buckets, key, 100, 33)).toEqual([3, 13, 23]);
  expect(placesOfKey(keys, buckets, 4, 100, 100)).toEqual([]);
});
