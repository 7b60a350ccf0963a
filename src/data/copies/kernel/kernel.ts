/** Packed signatures in memory that threads and the compiled kernel share. */
import { KERNEL } from './compiled.ts';
import { SIGNATURE_STRIDE } from '../signature.ts';

const PAGE_BYTES = 64 * 1024;
/** Signatures of one sample that a hand asks about: as it is, and moved. */
export const MOST_MOVES = 16;

export interface SignatureMemory {
  memory: WebAssembly.Memory;
  /** Signatures that it holds. */
  count: number;
  /** Most places that a hand asks about at once. */
  listed: number;
}

/** @param hands how many threads work on it: each has a place of its own for questions */
export function createSignatureMemory(count: number, hands: number, listed: number): SignatureMemory {
  const bytes = alignedBytes(count) + hands * questionBytes(listed);
  const pages = Math.ceil(bytes / PAGE_BYTES);
  return { memory: new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }), count, listed };
}

export const packedOf = ({ memory, count }: SignatureMemory): Int8Array =>
  new Int8Array(memory.buffer, 0, count * SIGNATURE_STRIDE);

const alignedBytes = (count: number): number => Math.ceil((count * SIGNATURE_STRIDE) / 16) * 16;
/** Two lists, and the signatures that are asked about. */
const questionBytes = (listed: number): number => 8 * listed + (MOST_MOVES + 1) * SIGNATURE_STRIDE;

/** What one hand asks and is answered. */
export interface Products {
  /** Places to look at. */
  list: Int32Array;
  /** The signature that is asked about, then the same sample's moved ones. */
  asked: Int8Array;
  /** Product of each place that is left in the list. */
  found: Int32Array;
  /** Keeps the first `count` of the list whose product with the first signature is at least `least`; returns how many. */
  keepNear(count: number, least: number): number;
  /** Raises each of the first `count` products to the best that one of the moved signatures has. */
  raiseByMoves(count: number, moves: number): void;
}

interface Exports {
  keepNear(packed: number, list: number, count: number, asked: number, least: number, found: number): number;
  raiseByMoves(
    packed: number,
    list: number,
    count: number,
    moved: number,
    moves: number,
    found: number,
  ): void;
}

/** @param hand number of the thread, from 0 */
export function createProducts({ memory, count, listed }: SignatureMemory, hand: number): Products {
  const kernel = new WebAssembly.Module(Buffer.from(KERNEL, 'base64'));
  const exports = new WebAssembly.Instance(kernel, { env: { memory } }).exports as unknown as Exports;
  const list = alignedBytes(count) + hand * questionBytes(listed);
  const found = list + 4 * listed;
  const asked = found + 4 * listed;
  return {
    list: new Int32Array(memory.buffer, list, listed),
    found: new Int32Array(memory.buffer, found, listed),
    asked: new Int8Array(memory.buffer, asked, (MOST_MOVES + 1) * SIGNATURE_STRIDE),
    keepNear: (many, least) => exports.keepNear(0, list, many, asked, least, found),
    raiseByMoves: (many, moves) =>
      exports.raiseByMoves(0, list, many, asked + SIGNATURE_STRIDE, moves, found),
  };
}
