import { describe, expect, it } from 'vitest';
import { unpackLz4Frame } from '../../../../../src/data/tables/stored/lz4-frame.ts';

/** A frame without sizes and checksums of blocks around one block. */
const frame = (...block: number[]) =>
  Uint8Array.from([0x04, 0x22, 0x4d, 0x18, 0x40, 0x40, 0xc0, block.length, 0, 0, 0, ...block, 0, 0, 0, 0]);
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const letters = (word: string) => [...Buffer.from(word)];

describe('a frame of LZ4', () => {
  it('holds letters as they are, and such as repeat what came before', () => {
    // “ab”, then eight letters from two back, then “!”: the match overlaps with itself.
    expect(text(unpackLz4Frame(frame(0x24, ...letters('ab'), 2, 0, 0x10, ...letters('!'))))).toBe(
      'ababababab!',
    );
    const long = 'x'.repeat(20);
    expect(text(unpackLz4Frame(frame(0xf0, 5, ...letters(long))))).toBe(long);
  });

  it('is refused where it points before its beginning, ends early or is another', () => {
    expect(() => unpackLz4Frame(frame(0x14, ...letters('a'), 9, 0))).toThrow('damaged');
    expect(() => unpackLz4Frame(frame(0xf0, 5, 1, 2))).toThrow('damaged');
    expect(() => unpackLz4Frame(frame(0x10, 65).subarray(0, 10))).toThrow('damaged');
    expect(() => unpackLz4Frame(new Uint8Array(20))).toThrow('damaged');
  });
});
