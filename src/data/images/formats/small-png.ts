/**
 * Decodes small plain PNG files directly: 8 bit, grey or color, not interlaced.
 *
 * Everything else, and everything that is not perfectly in order, gives null: the image library then decodes it
 * or says what is wrong.
 */
import { crc32, inflateSync } from 'node:zlib';
import type { StoredShape } from './stored-size.ts';

/** Inflating so many pixels takes about a millisecond. */
const MOST_PIXELS = 128 * 128;
const PLAIN_CHUNKS = new Set(['IHDR', 'IDAT', 'IEND', 'tEXt', 'zTXt', 'iTXt', 'tIME', 'pHYs']);

/** @returns pixels in the stored shape, null if the file is not plain, not in order or of another shape */
export function decodeSmallPng(bytes: Buffer, stored: StoredShape): Buffer | null {
  if (stored.width * stored.height > MOST_PIXELS) return null;
  const data: Buffer[] = [];
  let channels = 0;
  for (let at = 8; ;) {
    if (at + 12 > bytes.length) return null;
    const length = bytes.readUInt32BE(at);
    const end = at + 12 + length;
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (end > bytes.length || !PLAIN_CHUNKS.has(type)) return null;
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) return null;
    if (type === 'IHDR') channels = plainChannels(bytes.subarray(at + 8, end - 4), stored);
    if (channels === 0) return null;
    if (type === 'IDAT') data.push(bytes.subarray(at + 8, end - 4));
    if (type === 'IEND') break;
    at = end;
  }
  const lines = inflate(data, (stored.width * channels + 1) * stored.height);
  const pixels = lines && unfilter(lines, stored.width * channels, stored.height, channels);
  if (!pixels || channels === stored.channels) return pixels;
  return repeatGrey(pixels);
}

/** 1 or 3, or 0 for a header that is not plain. */
function plainChannels(header: Buffer, stored: StoredShape): number {
  const [bits, colorType, compression, filter, interlace] = header.subarray(8);
  if (bits !== 8 || compression !== 0 || filter !== 0 || interlace !== 0) return 0;
  if (header.readUInt32BE(0) !== stored.width || header.readUInt32BE(4) !== stored.height) return 0;
  if (colorType === 0) return 1;
  // Grey out of color is left to the library.
  return colorType === 2 && stored.channels === 3 ? 3 : 0;
}

function inflate(data: Buffer[], expected: number): Buffer | null {
  try {
    const lines = inflateSync(data.length === 1 && data[0] ? data[0] : Buffer.concat(data), {
      maxOutputLength: expected,
    });
    return lines.length === expected ? lines : null;
  } catch {
    // Damaged data: the library is asked next and its answer reported.
    return null;
  }
}

/** Undoes the five filters of the PNG standard (section 9). */
function unfilter(lines: Buffer, lineBytes: number, height: number, pixelBytes: number): Buffer | null {
  const pixels = Buffer.allocUnsafe(lineBytes * height);
  for (let row = 0; row < height; row += 1) {
    const from = row * (lineBytes + 1);
    const to = row * lineBytes;
    const filter = lines[from] ?? 0;
    if (filter > 4) return null;
    for (let at = 0; at < lineBytes; at += 1) {
      const left = at >= pixelBytes ? pixels[to + at - pixelBytes]! : 0;
      const up = row > 0 ? pixels[to + at - lineBytes]! : 0;
      const corner = row > 0 && at >= pixelBytes ? pixels[to + at - lineBytes - pixelBytes]! : 0;
      pixels[to + at] = lines[from + 1 + at]! + predict(filter, left, up, corner);
    }
  }
  return pixels;
}

function predict(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const guess = left + up - corner;
  const toLeft = Math.abs(guess - left);
  const toUp = Math.abs(guess - up);
  const toCorner = Math.abs(guess - corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

function repeatGrey(pixels: Buffer): Buffer {
  const color = Buffer.allocUnsafe(pixels.length * 3);
  for (let at = 0; at < pixels.length; at += 1) color.fill(pixels[at]!, at * 3, at * 3 + 3);
  return color;
}
