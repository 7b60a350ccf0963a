/** Raw pixels of one shape into another: for formats that store arrays of pixels. */
import sharp from 'sharp';
import type { StoredShape } from './stored-size.ts';

/**
 * Cut at the centre and resized; color from grey repeats the channel, grey from color weighs by luminance.
 * @param pixels `height * width * channels` bytes
 */
export async function reshapePixels(
  pixels: Uint8Array,
  from: StoredShape,
  to: StoredShape,
): Promise<Uint8Array> {
  const sameSize = from.height === to.height && from.width === to.width;
  if (sameSize && from.channels === to.channels) return pixels;
  if (sameSize && from.channels === 1) return repeatGrey(pixels);
  let picture = sharp(pixels, { raw: { width: from.width, height: from.height, channels: from.channels } });
  if (!sameSize)
    picture = picture.resize({ width: to.width, height: to.height, fit: 'cover', position: 'centre' });
  const raw = await picture
    .toColourspace(to.channels === 1 ? 'b-w' : 'srgb')
    .raw({ depth: 'uchar' })
    .toBuffer();
  if (raw.length === to.height * to.width * to.channels) return raw;
  if (raw.length === to.height * to.width) return repeatGrey(raw);
  throw new Error(`Reshaping gave ${raw.length} bytes for ${to.height} × ${to.width} × ${to.channels}.`);
}

/** Three equal channels of one. */
export function repeatGrey(pixels: Uint8Array): Uint8Array {
  const color = new Uint8Array(pixels.length * 3);
  for (let at = 0; at < pixels.length; at += 1) color.fill(pixels[at] ?? 0, at * 3, at * 3 + 3);
  return color;
}
