/**
 * Random numbers outside of tensors: initial weights, label selections.
 *
 * xoshiro128** 1.1 (Blackman and Vigna 2018, public domain), its state taken from SHA-256 of a seed and a
 * name. So every weight and every draw has a stream of its own, and adding one moves no other.
 */
import { createHash } from 'node:crypto';

/** A stream of random numbers; every call moves on. */
export interface RandomStream {
  /** Whole numbers from 0 to 2³²−1. */
  bits(): number;
  /** Numbers in [0, 1) with 32 random bits. */
  uniform(): number;
  /** Standard normal numbers (Box and Muller 1958). */
  normal(): number;
  /** Whole numbers from 0 to `count` − 1, without bias. */
  integer(count: number): number;
}

const rotateLeft = (value: number, count: number) => (value << count) | (value >>> (32 - count));

/** The generator on a given state of four 32-bit words, not all zero. */
export function streamFromState(state: readonly [number, number, number, number]): RandomStream {
  let [a, b, c, d] = state;
  const bits = () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
  const uniform = () => bits() / 2 ** 32;
  let spare: number | undefined;
  const normal = () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  const integer = (count: number) => {
    const limit = 2 ** 32 - (2 ** 32 % count);
    let value = bits();
    while (value >= limit) value = bits();
    return value % count;
  };
  return { bits, uniform, normal, integer };
}

/** The stream of a seed and a name: the same on every machine. */
export function randomStream(seed: number, name: string): RandomStream {
  const digest = createHash('sha256').update(`${seed}/${name}`).digest();
  return streamFromState([
    digest.readUInt32LE(0),
    digest.readUInt32LE(4),
    digest.readUInt32LE(8),
    // An all-zero state would stay zero for ever.
    digest.readUInt32LE(12) | 1,
  ]);
}

/** A shuffled copy (Fisher and Yates). */
export function shuffled<Item>(items: readonly Item[], stream: RandomStream): Item[] {
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = stream.integer(last + 1);
    [copy[last], copy[other]] = [copy[other]!, copy[last]!];
  }
  return copy;
}
