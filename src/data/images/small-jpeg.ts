/**
 * Decodes small plain JPEG files directly: baseline, 8 bit, grey or YCbCr, without a color profile.
 *
 * For a small picture, starting the image library costs several times as much as the picture itself. The pixels are
 * the same to the bit. Everything else, and everything that is not perfectly in order, gives null: the image library
 * then decodes it or says what is wrong.
 */
import type { StoredShape } from './decode.ts';
import { huffmanTable, readBlock, ScanBits, type BlockTables, type HuffmanTable } from './jpeg-huffman.ts';
import { doubleBoth, doubleRow, inverseTransform, toColors, type Plane } from './jpeg-samples.ts';

/** Decoding so many pixels takes about a millisecond. */
const MOST_PIXELS = 128 * 128;

interface Component {
  id: number;
  horizontal: number;
  vertical: number;
  quantization: number;
  plane: Plane;
}

interface Tables {
  quantization: (Uint16Array | undefined)[];
  dc: (HuffmanTable | undefined)[];
  ac: (HuffmanTable | undefined)[];
}

const MARKER = { frame: 0xc0, huffman: 0xc4, end: 0xd9, scan: 0xda, quantization: 0xdb, comment: 0xfe };

/** @returns pixels in the stored shape, null if the file is not plain, not in order or of another shape */
export function decodeSmallJpeg(bytes: Buffer, stored: StoredShape): Buffer | null {
  if (stored.width * stored.height > MOST_PIXELS) return null;
  const tables: Tables = { quantization: [], dc: [], ac: [] };
  let components: Component[] | null = null;
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1]!;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length) return null;
    const part = bytes.subarray(at + 4, end);
    if (marker === MARKER.scan) {
      const scan = components && scanTables(part, components, tables);
      return scan && decodeScan(bytes, end, components!, scan, stored);
    }
    if (marker === MARKER.quantization) {
      if (!readQuantization(part, tables)) return null;
    } else if (marker === MARKER.huffman) {
      if (!readHuffman(part, tables)) return null;
    } else if (marker === MARKER.frame) {
      components = components ? null : readFrame(part, stored);
      if (!components) return null;
    } else if (!isWithoutMeaning(marker, part)) return null;
    at = end;
  }
  return null;
}

/** Comments, and notes of programs but for what may turn the picture or change its colors. */
function isWithoutMeaning(marker: number, part: Buffer): boolean {
  if (marker === MARKER.comment) return true;
  const isJfif = marker === 0xe0 && part.toString('latin1', 0, 5) === 'JFIF\0';
  return isJfif || (marker >= 0xe3 && marker <= 0xed);
}

function readQuantization(part: Buffer, tables: Tables): boolean {
  for (let at = 0; at < part.length; at += 65) {
    const id = part[at]!;
    // Above 3: steps of 16 bits.
    if (id > 3 || at + 65 > part.length) return false;
    tables.quantization[id] = Uint16Array.from(part.subarray(at + 1, at + 65));
  }
  return true;
}

function readHuffman(part: Buffer, tables: Tables): boolean {
  for (let at = 0; at < part.length;) {
    const id = part[at]! & 15;
    const kind = part[at]! >> 4;
    const counts = part.subarray(at + 1, at + 17);
    const symbols = at + 17 + counts.reduce((sum, count) => sum + count, 0);
    if (id > 3 || kind > 1 || symbols > part.length) return false;
    const found = huffmanTable(counts, part.subarray(at + 17, symbols));
    if (!found) return false;
    tables[kind === 0 ? 'dc' : 'ac'][id] = found;
    at = symbols;
  }
  return true;
}

function readFrame(part: Buffer, stored: StoredShape): Component[] | null {
  const count = part[5];
  if (part.length < 6 || part.length !== 6 + 3 * (count ?? 0) || part[0] !== 8) return null;
  if (part.readUInt16BE(1) !== stored.height || part.readUInt16BE(3) !== stored.width) return null;
  // Grey out of color is left to the library.
  if (count !== 1 && (count !== 3 || stored.channels !== 3)) return null;
  const sizes = Array.from({ length: count }, (_, index) => part.subarray(6 + 3 * index, 9 + 3 * index));
  const [wide, high] = [sizes[0]![1]! >> 4, sizes[0]![1]! & 15];
  // Whole, halved in width, or halved both ways; colors have one sample for all of them.
  const known = count === 1 ? wide === 1 && high === 1 : wide <= 2 && high <= wide && wide > 0 && high > 0;
  if (!known || sizes.slice(1).some(([, factors]) => factors !== 0x11)) return null;
  // Other numbers may mean other colors than YCbCr.
  if (count === 3 && sizes.some(([id], index) => id !== index + 1)) return null;
  const columns = Math.ceil(stored.width / (8 * wide));
  const rows = Math.ceil(stored.height / (8 * high));
  return sizes.map((size, index) => {
    const [horizontal, vertical] = index === 0 ? [wide, high] : [1, 1];
    const stride = columns * 8 * horizontal;
    const plane = {
      samples: new Uint8Array(stride * rows * 8 * vertical),
      stride,
      width: Math.ceil((stored.width * horizontal) / wide),
      height: Math.ceil((stored.height * vertical) / high),
    };
    return { id: size[0]!, horizontal, vertical, quantization: size[2]!, plane };
  });
}

/** Of each component, in the order of the scan, which must hold all of them. */
function scanTables(part: Buffer, components: Component[], tables: Tables): BlockTables[] | null {
  if (part[0] !== components.length || part.length !== 4 + 2 * components.length) return null;
  const scan: BlockTables[] = [];
  for (const [index, { id, quantization }] of components.entries()) {
    const choice = part[2 + 2 * index]!;
    const [dc, ac, steps] = [
      tables.dc[choice >> 4],
      tables.ac[choice & 15],
      tables.quantization[quantization],
    ];
    if (part[1 + 2 * index] !== id || !dc || !ac || !steps) return null;
    scan.push({ dc, ac, quantization: steps });
  }
  return scan;
}

function decodeScan(
  bytes: Buffer,
  from: number,
  components: Component[],
  scan: BlockTables[],
  stored: StoredShape,
): Buffer | null {
  const data = scanData(bytes, from);
  if (!data) return null;
  const bits = new ScanBits(data);
  const block = new Int32Array(64);
  const before = components.map(() => 0);
  const [first] = components as [Component];
  const columns = first.plane.stride / (8 * first.horizontal);
  const units = columns * (first.plane.samples.length / first.plane.stride / (8 * first.vertical));
  for (let unit = 0; unit < units; unit += 1) {
    const row = Math.floor(unit / columns);
    const column = unit % columns;
    for (let index = 0; index < components.length; index += 1) {
      const { horizontal, vertical, plane } = components[index]!;
      for (let part = 0; part < horizontal * vertical; part += 1) {
        const value = readBlock(bits, scan[index]!, before[index]!, block);
        if (value === null) return null;
        before[index] = value;
        const x = column * horizontal + (part % horizontal);
        const y = row * vertical + Math.floor(part / horizontal);
        const place = 8 * (y * plane.stride + x);
        if (!inverseTransform(block, plane.samples, place, plane.stride)) return null;
      }
    }
  }
  return bits.isAtEnd ? assemble(components, stored) : null;
}

/** The scan up to the end of the picture, without the zeros after 255; null if it is broken by other markers. */
function scanData(bytes: Buffer, from: number): Uint8Array | null {
  const data = new Uint8Array(bytes.length - from);
  let length = 0;
  for (let at = from; at + 1 < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte === 0xff) {
      const next = bytes[at + 1];
      if (next === MARKER.end) return data.subarray(0, length);
      if (next !== 0) return null;
      at += 1;
    }
    data[length] = byte;
    length += 1;
  }
  return null;
}

function assemble(components: Component[], { width, height, channels }: StoredShape): Buffer {
  const [luma, cb, cr] = components.map(({ plane }) => plane) as [Plane, Plane?, Plane?];
  const pixels = Buffer.allocUnsafe(width * height * channels);
  const [first] = components as [Component];
  const rows = [cb, cr].map(() => new Uint8Array(2 * width + 2)) as [Uint8Array, Uint8Array];
  for (let row = 0; row < height; row += 1) {
    const from = row * luma.stride;
    const at = row * width * channels;
    if (cb && cr) {
      [cb, cr].forEach((plane, index) => colorRow(plane, first, row, rows[index]!));
      toColors(luma.samples, from, rows[0], rows[1], width, pixels, at);
    } else if (channels === 1) pixels.set(luma.samples.subarray(from, from + width), at);
    else
      for (let column = 0; column < width; column += 1)
        pixels.fill(luma.samples[from + column]!, at + 3 * column, at + 3 * column + 3);
  }
  return pixels;
}

/** A row of one of the colors, as wide as the picture. */
function colorRow(plane: Plane, first: Component, row: number, to: Uint8Array): void {
  if (first.vertical === 2) doubleBoth(plane, row, to);
  else if (first.horizontal === 2) doubleRow(plane, row, to);
  else to.set(plane.samples.subarray(row * plane.stride, row * plane.stride + plane.width));
}
