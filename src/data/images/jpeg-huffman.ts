/** Reads the coefficients of a baseline JPEG scan (ITU T.81, F.2). Whatever is not in order gives null. */

/** Codes up to so many bits are looked up at once. */
const LOOK_BITS = 9;
const LONGEST_CODE = 16;

/** Where the coefficients of a block stand, in the order in which they come. */
const ZIGZAG = Uint8Array.from([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46,
  53, 60, 61, 54, 47, 55, 62, 63,
]);

export interface HuffmanTable {
  /** length × 256 + symbol for the next nine bits; 0 where the code is longer. */
  look: Uint16Array;
  /** Of each length, the first number that is no code of it any more (0: there is none). */
  ends: Int32Array;
  /** Add this to a code to find its symbol. */
  shifts: Int32Array;
  symbols: Uint8Array;
}

/** @param counts how many codes there are of each length from 1 to 16 */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable | null {
  const look = new Uint16Array(1 << LOOK_BITS);
  const ends = new Int32Array(LONGEST_CODE + 1);
  const shifts = new Int32Array(LONGEST_CODE + 1);
  let code = 0;
  let place = 0;
  for (let length = 1; length <= LONGEST_CODE; length += 1) {
    const count = counts[length - 1]!;
    shifts[length] = place - code;
    for (let index = 0; index < count && length <= LOOK_BITS; index += 1) {
      const first = (code + index) << (LOOK_BITS - length);
      const entry = (length << 8) | symbols[place + index]!;
      look.fill(entry, first, first + (1 << (LOOK_BITS - length)));
    }
    code += count;
    place += count;
    if (code > 1 << length) return null;
    ends[length] = count > 0 ? code : 0;
    code <<= 1;
  }
  return place === symbols.length ? { look, ends, shifts, symbols } : null;
}

/** The bits of one scan. Behind its end come zeros, and `isAtEnd` tells. */
export class ScanBits {
  private readonly bytes: Uint8Array;
  private position = 0;
  private held = 0;
  private count = 0;

  /** @param bytes of the scan without the zeros that follow each 255 */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  private fill(): void {
    while (this.count <= 24) {
      const byte = this.position < this.bytes.length ? this.bytes[this.position]! : 0;
      this.held = (this.held << 8) | byte;
      this.position += 1;
      this.count += 8;
    }
  }

  /** All bits were read but for those that fill the last byte. */
  get isAtEnd(): boolean {
    const left = this.bytes.length * 8 - (this.position * 8 - this.count);
    return left >= 0 && left < 8;
  }

  /** The next symbol, −1 if there is no such code. */
  symbol(table: HuffmanTable): number {
    if (this.count < LONGEST_CODE) this.fill();
    const entry = table.look[(this.held >>> (this.count - LOOK_BITS)) & ((1 << LOOK_BITS) - 1)]!;
    if (entry !== 0) {
      this.count -= entry >> 8;
      return entry & 255;
    }
    for (let length = LOOK_BITS + 1; length <= LONGEST_CODE; length += 1) {
      const code = (this.held >>> (this.count - length)) & ((1 << length) - 1);
      if (code >= table.ends[length]!) continue;
      this.count -= length;
      return table.symbols[code + table.shifts[length]!] ?? -1;
    }
    return -1;
  }

  /** A signed number of `size` bits, 1 to 11: those that begin with 0 are negative. */
  number(size: number): number {
    if (this.count < size) this.fill();
    this.count -= size;
    const bits = (this.held >>> this.count) & ((1 << size) - 1);
    return bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
  }
}

export interface BlockTables {
  dc: HuffmanTable;
  ac: HuffmanTable;
  /** The steps of the coefficients, in the order in which they come. */
  quantization: Uint16Array;
}

/** No coefficient of 8-bit samples is larger. */
const LARGEST = 2048;

/**
 * Reads one block into `block`, which holds zeros, already multiplied by its steps.
 *
 * @param before the DC coefficient of the component's last block, without its step
 * @returns the DC coefficient of this one, without its step; null when something is not in order
 */
export function readBlock(
  bits: ScanBits,
  tables: BlockTables,
  before: number,
  block: Int32Array,
): number | null {
  const { dc, ac, quantization } = tables;
  const size = bits.symbol(dc);
  if (size < 0 || size > 11) return null;
  const first = size === 0 ? before : before + bits.number(size);
  block[0] = first * quantization[0]!;
  let fits = Math.abs(block[0]) <= LARGEST;
  for (let at = 1; at < 64; at += 1) {
    const symbol = bits.symbol(ac);
    if (symbol < 0) return null;
    const length = symbol & 15;
    const zeros = symbol >> 4;
    if (length === 0) {
      if (zeros !== 15) {
        if (zeros > 0) return null;
        break;
      }
      at += 15;
      if (at > 63) return null;
      continue;
    }
    at += zeros;
    if (at > 63 || length > 10) return null;
    const value = bits.number(length) * quantization[at]!;
    if (value > LARGEST || value < -LARGEST) fits = false;
    block[ZIGZAG[at]!] = value;
  }
  return fits ? first : null;
}
