/** LZ4 frames, by the format's own description (lz4_Frame_format.md, lz4_Block_format.md, 1.6.x). */
import { broken } from '../../recordings/problem.ts';

const MAGIC = 0x184d2204;
const SHORTEST_MATCH = 4;
const UNPACKED = 0x80000000;

/** A growing output that blocks, which may copy from those before them, are written into. */
interface Output {
  bytes: Uint8Array;
  length: number;
}

/** @throws FileProblem `broken` */
export function unpackLz4Frame(packed: Uint8Array): Uint8Array {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  if (packed.length < 7 || view.getUint32(0, true) !== MAGIC) throw damaged();
  const flags = packed[4]!;
  const [hasBlockSum, hasSize, hasDictionary] = [flags & 0x10, flags & 0x08, flags & 0x01];
  if (hasDictionary) throw damaged();
  const announced = hasSize ? Number(view.getBigUint64(6, true)) : 0;
  const output: Output = { bytes: new Uint8Array(Math.min(announced, 256 * packed.length)), length: 0 };
  let at = 6 + (hasSize ? 8 : 0) + 1;
  while (at + 4 <= packed.length) {
    const word = view.getUint32(at, true);
    at += 4;
    if (word === 0) return output.bytes.subarray(0, output.length);
    const size = word % UNPACKED;
    if (at + size > packed.length) throw damaged();
    const block = packed.subarray(at, at + size);
    if (word >= UNPACKED) append(output, block);
    else unpackBlock(block, output);
    at += size + (hasBlockSum ? 4 : 0);
  }
  throw damaged();
}

function unpackBlock(block: Uint8Array, output: Output): void {
  let at = 0;
  const more = (start: number): number => {
    let length = start;
    if (start !== 15) return length;
    let byte: number;
    do {
      if (at >= block.length) throw damaged();
      byte = block[at++]!;
      length += byte;
    } while (byte === 255);
    return length;
  };
  while (at < block.length) {
    const token = block[at++]!;
    const literals = more(token >> 4);
    if (at + literals > block.length) throw damaged();
    append(output, block.subarray(at, at + literals));
    at += literals;
    if (at === block.length) return;
    const distance = block[at]! + 256 * (block[at + 1] ?? 0);
    at += 2;
    const length = more(token & 15) + SHORTEST_MATCH;
    if (distance === 0 || distance > output.length) throw damaged();
    makeRoom(output, length);
    const { bytes } = output;
    let to = output.length;
    let from = to - distance;
    // A match may overlap with what it writes.
    if (distance >= length) bytes.copyWithin(to, from, from + length);
    else for (const end = to + length; to < end;) bytes[to++] = bytes[from++]!;
    output.length += length;
  }
}

function append(output: Output, bytes: Uint8Array): void {
  makeRoom(output, bytes.length);
  output.bytes.set(bytes, output.length);
  output.length += bytes.length;
}

function makeRoom(output: Output, more: number): void {
  if (output.length + more <= output.bytes.length) return;
  const larger = new Uint8Array(Math.max(output.length + more, 2 * output.bytes.length));
  larger.set(output.bytes.subarray(0, output.length));
  output.bytes = larger;
}

const damaged = () => broken('A packed part of the file is damaged or cut off. Copy it again.');
