/**
 * Decodes small plain PNG files directly: 8 bit, grey or color, not interlaced.
 *
 * Everything else, and everything that is not perfectly in order, gives null: the image library then decodes it
 * or says what is wrong.
 */
import { crc32, inflateSync } from 'node:zlib';
import { repeatGrey } from './reshape.ts';
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
  return Buffer.from(repeatGrey(pixels).buffer);
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

/** Undoes the five filters of the PNG standard (section 9): each line from itself, in place, and from the one above. */
function unfilter(lines: Buffer, lineBytes: number, height: number, pixelBytes: number): Buffer | null {
  const pixels = Buffer.allocUnsafeSlow(lineBytes * height);
  let above: Uint8Array = new Uint8Array(lineBytes);
  for (let row = 0; row < height; row += 1) {
    const from = row * (lineBytes + 1);
    const undo = FILTERS[lines[from]!];
    if (!undo) return null;
    const line = lines.subarray(from + 1, from + 1 + lineBytes);
    undo(line, above, pixelBytes);
    pixels.set(line, row * lineBytes);
    above = line;
  }
  return pixels;
}

/** A line becomes what it was before it was filtered; `above` is so already, and nought above the first. */
type Undo = (line: Uint8Array, above: Uint8Array, pixelBytes: number) => void;

/** None, from the left, from above, from the mean of both, and from the nearest of both and the corner (Paeth). */
const FILTERS: readonly (Undo | undefined)[] = [
  () => {},
  (line, _above, pixelBytes) => {
    for (let at = pixelBytes; at < line.length; at += 1) line[at]! += line[at - pixelBytes]!;
  },
  (line, above) => {
    for (let at = 0; at < line.length; at += 1) line[at]! += above[at]!;
  },
  (line, above, pixelBytes) => {
    for (let at = 0; at < pixelBytes; at += 1) line[at]! += above[at]! >> 1;
    for (let at = pixelBytes; at < line.length; at += 1)
      line[at]! += (line[at - pixelBytes]! + above[at]!) >> 1;
  },
  (line, above, pixelBytes) => {
    for (let at = 0; at < pixelBytes; at += 1) line[at]! += above[at]!;
    for (let at = pixelBytes; at < line.length; at += 1)
      line[at]! += nearest(line[at - pixelBytes]!, above[at]!, above[at - pixelBytes]!);
  },
];

function nearest(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
