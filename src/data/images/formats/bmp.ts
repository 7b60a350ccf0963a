/**
 * BMP, which sharp does not read: palettes of 1, 4 and 8 bits (plain and run-length coded), 16, 24 and 32 bits with
 * or without masks, bottom row first or top row first (Microsoft, "Bitmap Storage").
 */
import { FileProblem } from '../../problem.ts';
import { isGrey } from './reshape.ts';

export interface BmpHeader {
  width: number;
  height: number;
  /** All colors that it can hold are grey. */
  grey: boolean;
}

interface Layout extends BmpHeader {
  topDown: boolean;
  bits: number;
  compression: number;
  /** Where the pixels begin. */
  start: number;
  /** Three bytes a color, red first; empty without a palette. */
  palette: Uint8Array;
  /** Bits of red, green and blue in a pixel of 16 or 32 bits. */
  masks: [number, number, number];
}

const RLE8 = 1;
const RLE4 = 2;
const MASKED = [3, 6];
const BITS = [1, 4, 8, 16, 24, 32];

/**
 * @param start the first 2 KiB of the file, or all of it
 * @param fileBytes how long the file is
 * @throws FileProblem
 */
export function readBmpHeader(start: Buffer, fileBytes: number): BmpHeader {
  const { width, height, grey } = layoutOf(start, fileBytes);
  return { width, height, grey };
}

function layoutOf(bytes: Buffer, fileBytes = bytes.length): Layout {
  if (bytes.length < 30) throw cutOff(bytes.length, 30);
  const headerBytes = bytes.readUInt32LE(14);
  const old = headerBytes === 12;
  if (!old && bytes.length < 54) throw cutOff(bytes.length, 54);
  const width = old ? bytes.readUInt16LE(18) : bytes.readInt32LE(18);
  const signedHeight = old ? bytes.readUInt16LE(20) : bytes.readInt32LE(22);
  const bits = bytes.readUInt16LE(old ? 24 : 28);
  const compression = old ? 0 : bytes.readUInt32LE(30);
  const height = Math.abs(signedHeight);
  if (width <= 0 || height === 0) {
    throw new FileProblem(
      'broken',
      `The BMP header gives a size of ${width} × ${signedHeight}. Save the picture anew.`,
    );
  }
  const known = compression === 0 || (MASKED.includes(compression) && bits >= 16);
  const runs = (compression === RLE8 && bits === 8) || (compression === RLE4 && bits === 4);
  if (!BITS.includes(bits) || (!known && !runs)) {
    throw new FileProblem(
      'unsupported',
      `The BMP picture has ${bits} bits a pixel in coding ${compression}, which is not read. Save it as PNG.`,
    );
  }
  const start = bytes.readUInt32LE(10);
  // Run-length coded pictures may be any length; all others are known to the byte.
  const needed = start + Math.ceil((width * bits) / 32) * 4 * height;
  if (!runs && fileBytes < needed && width * height <= 2 ** 31) throw cutOff(fileBytes, needed);
  const palette = bits <= 8 ? paletteOf(bytes, headerBytes, bits) : new Uint8Array();
  const grey = palette.length > 0 && isGrey(palette);
  const masks = masksOf(bytes, bits, compression);
  return { width, height, grey, topDown: signedHeight < 0, bits, compression, start, palette, masks };
}

function paletteOf(bytes: Buffer, headerBytes: number, bits: number): Uint8Array {
  const old = headerBytes === 12;
  const used = old ? 0 : bytes.readUInt32LE(46);
  const count = used > 0 && used <= 2 ** bits ? used : 2 ** bits;
  const entryBytes = old ? 3 : 4;
  const palette = new Uint8Array(3 * 2 ** bits);
  for (let color = 0; color < count; color += 1)
    for (let channel = 0; channel < 3; channel += 1)
      palette[3 * color + channel] = bytes[14 + headerBytes + entryBytes * color + 2 - channel] ?? 0;
  return palette;
}

function masksOf(bytes: Buffer, bits: number, compression: number): Layout['masks'] {
  if (MASKED.includes(compression) && bytes.length >= 66)
    return [bytes.readUInt32LE(54), bytes.readUInt32LE(58), bytes.readUInt32LE(62)];
  return bits === 16 ? [0x7c00, 0x03e0, 0x001f] : [0xff0000, 0xff00, 0xff];
}

/** One byte a pixel where it is grey, else three, red first. BMP alpha is rarely meant and is not looked at. */
export function decodeBmp(bytes: Buffer): BmpHeader & { channels: 1 | 3; pixels: Buffer } {
  const layout = layoutOf(bytes);
  const { width, height, grey, palette, topDown } = layout;
  const channels = grey ? 1 : 3;
  const pixels = Buffer.alloc(width * height * channels);
  const indices = palette.length > 0 ? indicesOf(bytes, layout) : null;
  const colorAt = indices ? null : colorReader(bytes, layout);
  const color = new Uint8Array(3);
  for (let row = 0; row < height; row += 1) {
    const stored = topDown ? row : height - 1 - row;
    for (let column = 0; column < width; column += 1) {
      const to = (row * width + column) * channels;
      if (indices) {
        const from = 3 * indices[stored * width + column]!;
        for (let channel = 0; channel < channels; channel += 1)
          pixels[to + channel] = palette[from + channel]!;
      } else {
        colorAt!(stored, column, color);
        pixels.set(color, to);
      }
    }
  }
  return { width, height, grey, channels, pixels };
}

/** Palette indices, in the order of the file's rows. */
function indicesOf(bytes: Buffer, { width, height, bits, compression, start }: Layout): Uint8Array {
  const indices = new Uint8Array(width * height);
  if (compression !== 0) return unpackRuns(bytes.subarray(start), indices, width, height, bits);
  const stride = Math.ceil((width * bits) / 32) * 4;
  const perByte = 8 / bits;
  const mask = 2 ** bits - 1;
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1) {
      const byte = bytes[start + row * stride + Math.floor(column / perByte)] ?? 0;
      indices[row * width + column] = (byte >> (8 - bits * ((column % perByte) + 1))) & mask;
    }
  return indices;
}

function unpackRuns(
  data: Buffer,
  indices: Uint8Array,
  width: number,
  height: number,
  bits: number,
): Uint8Array {
  let [row, column] = [0, 0];
  const put = (value: number) => {
    if (row < height && column < width) indices[row * width + column] = value;
    column += 1;
  };
  const nibble = (byte: number, at: number) => (bits === 8 ? byte : at % 2 === 0 ? byte >> 4 : byte & 15);
  for (let at = 0; at + 1 < data.length && row < height;) {
    const [count, value] = [data[at]!, data[at + 1]!];
    at += 2;
    if (count > 0) for (let place = 0; place < count; place += 1) put(nibble(value, place));
    else if (value === 0) [row, column] = [row + 1, 0];
    else if (value === 1) break;
    else if (value === 2) {
      column += data[at] ?? 0;
      row += data[at + 1] ?? 0;
      at += 2;
    } else {
      const perByte = 8 / bits;
      for (let place = 0; place < value; place += 1)
        put(nibble(data[at + Math.floor(place / perByte)] ?? 0, place));
      // Stretches of single values end on a whole word.
      at += 2 * Math.ceil(value / perByte / 2);
    }
  }
  return indices;
}

type ColorReader = (row: number, column: number, color: Uint8Array) => void;

function colorReader(bytes: Buffer, { width, bits, start, masks }: Layout): ColorReader {
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (bits === 24)
    return (row, column, color) => {
      const from = start + row * stride + 3 * column;
      for (let channel = 0; channel < 3; channel += 1) color[channel] = bytes[from + 2 - channel]!;
    };
  const fields = masks.map((mask) => {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    return { shift, most: mask >>> shift || 1 };
  });
  return (row, column, color) => {
    const from = start + row * stride + (bits / 8) * column;
    const pixel = bits === 16 ? bytes.readUInt16LE(from) : bytes.readUInt32LE(from);
    fields.forEach(({ shift, most }, channel) => {
      const value = masks[channel] === 0 ? 0 : (pixel >>> shift) & most;
      color[channel] = most === 255 ? value : Math.round((value * 255) / most);
    });
  };
}

function cutOff(found: number, needed: number): FileProblem {
  return new FileProblem(
    'broken',
    `The picture is cut off: ${found} of ${needed} bytes are there. Copy it again from its source.`,
  );
}
