/**
 * Headers of plain PNG and JPEG files, read directly.
 *
 * For many small files, starting the image library costs more than the header itself. Whatever is not plain
 * (orientation, animation, palette, profile of its own color space, four colors) gives null and goes the long way.
 */
import type { ImageHeader } from './file-kind.ts';

const EXIF = 0x65584966;
const ANIMATION = 0x6163544c;
const TRANSPARENCY = 0x74524e53;
const PIXELS = 0x49444154;

export function quickHeader(bytes: Buffer, kind: string): ImageHeader | null {
  if (kind === 'png') return pngHeader(bytes);
  return kind === 'jpeg' ? jpegHeader(bytes) : null;
}

function pngHeader(bytes: Buffer): ImageHeader | null {
  if (bytes.length < 45 || bytes.readUInt32BE(8) !== 13) return null;
  const bits = bytes[24];
  const colorType = bytes[25];
  if ((bits !== 8 && bits !== 16) || colorType === 3) return null;
  for (let at = 33; at + 12 <= bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const type = bytes.readUInt32BE(at + 4);
    if (type === EXIF || type === ANIMATION || type === TRANSPARENCY) return null;
    if (type !== PIXELS) continue;
    return {
      kind: 'png',
      width: bytes.readUInt32BE(16),
      height: bytes.readUInt32BE(20),
      grey: colorType === 0 || colorType === 4,
      alpha: colorType === 4 || colorType === 6,
      frames: 1,
      cmyk: false,
      bits,
      bands: null,
    };
  }
  return null;
}

function jpegHeader(bytes: Buffer): ImageHeader | null {
  for (let at = 2; at + 10 < bytes.length;) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    // APP1 may hold an orientation.
    if (marker === 0xe1 || marker === 0xda) return null;
    if (marker >= 0xc0 && marker <= 0xc2) {
      const components = bytes[at + 9];
      if (bytes[at + 4] !== 8 || (components !== 1 && components !== 3)) return null;
      return {
        kind: 'jpeg',
        width: bytes.readUInt16BE(at + 7),
        height: bytes.readUInt16BE(at + 5),
        grey: components === 1,
        alpha: false,
        frames: 1,
        cmyk: false,
        bits: 8,
        bands: null,
      };
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}
