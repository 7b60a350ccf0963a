/** BMP, which sharp does not read. */
import { decode } from 'bmp-ts';
import { ImageProblem } from './problem.ts';

export interface BmpHeader {
  width: number;
  height: number;
}

/** @throws ImageProblem */
export function readBmpHeader(bytes: Buffer): BmpHeader {
  if (bytes.length < 30) throw cutOff(bytes.length, 30);
  const old = bytes.readUInt32LE(14) === 12;
  const width = old ? bytes.readUInt16LE(18) : bytes.readInt32LE(18);
  const height = old ? bytes.readUInt16LE(20) : bytes.readInt32LE(22);
  const bits = bytes.readUInt16LE(old ? 24 : 28);
  const compression = old || bytes.length < 34 ? 0 : bytes.readUInt32LE(30);
  if (width <= 0 || height === 0) {
    throw new ImageProblem(
      'broken',
      `The BMP header gives a size of ${width} × ${height}. Save the picture anew.`,
    );
  }
  // Run-length coded pictures (1 and 2) may be any length; all others are known to the byte.
  if (compression !== 1 && compression !== 2) {
    const needed = bytes.readUInt32LE(10) + Math.ceil((width * bits) / 32) * 4 * Math.abs(height);
    if (bytes.length < needed && width * Math.abs(height) <= 2 ** 31) throw cutOff(bytes.length, needed);
  }
  return { width, height: Math.abs(height) };
}

/** Three bytes a pixel, red first. BMP alpha is rarely meant and is not looked at. */
export function decodeBmp(bytes: Buffer): BmpHeader & { pixels: Buffer } {
  let decoded;
  try {
    decoded = decode(bytes, { toRGBA: true });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new ImageProblem('broken', `The BMP picture cannot be decoded (${detail}). Save it as PNG.`);
  }
  const width = decoded.width;
  const height = Math.abs(decoded.height);
  const pixels = Buffer.allocUnsafe(width * height * 3);
  for (let from = 0, to = 0; to < pixels.length; from += 4, to += 3) {
    pixels[to] = decoded.data[from] ?? 0;
    pixels[to + 1] = decoded.data[from + 1] ?? 0;
    pixels[to + 2] = decoded.data[from + 2] ?? 0;
  }
  return { width, height, pixels };
}

function cutOff(found: number, needed: number): ImageProblem {
  return new ImageProblem(
    'broken',
    `The picture is cut off: ${found} of ${needed} bytes are there. Copy it again from its source.`,
  );
}
