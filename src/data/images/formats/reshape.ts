/** Raw pixels of one shape into another: for formats that store arrays of pixels. */
import { resizePlane, type Values } from './bands.ts';
import { imageLibrary } from './library.ts';
import type { StoredShape } from './stored-size.ts';

/**
 * Cut at the centre and resized; color from grey repeats the channel, grey from color weighs by luminance; values of
 * 8 bits are spread over 16 where the others have as many.
 * @param pixels `height * width * channels` values of `bits`
 */
export async function reshapePixels(
  pixels: Uint8Array,
  from: StoredShape,
  to: StoredShape,
): Promise<Uint8Array> {
  const sameSize = from.height === to.height && from.width === to.width;
  const sameDepth = (from.bits ?? 8) === (to.bits ?? 8);
  if (sameSize && sameDepth && from.channels === to.channels) return pixels;
  if (from.bits !== 16 && to.bits !== 16 && (from.channels === 1 || from.channels === 3))
    return reshapePicture(pixels, from, to);
  const values = from.bits === 16 ? new Uint16Array(pixels.slice().buffer) : pixels;
  const planes = await Promise.all(
    planesOf(values, from, to).map((plane) => resizePlane(plane, from.width, from.height, to)),
  );
  const scale = to.bits === 16 && from.bits !== 16 ? 257 : 1;
  const joined = new (to.bits === 16 ? Uint16Array : Uint8Array)(to.height * to.width * to.channels);
  for (let at = 0; at < joined.length; at += 1)
    joined[at] = planes[at % to.channels]![Math.floor(at / to.channels)]! * scale;
  return new Uint8Array(joined.buffer);
}

/** Share of red, green and blue in grey (ITU-R 601). */
export const LUMA = [0.299, 0.587, 0.114] as const;

/** The channels that are wanted, one after the other. */
function planesOf(values: Values, from: StoredShape, to: StoredShape): Values[] {
  const pixels = from.height * from.width;
  const kind = values instanceof Uint16Array ? Uint16Array : Uint8Array;
  const planeOf = (valueAt: (first: number) => number): Values => {
    const plane = new kind(pixels);
    for (let pixel = 0; pixel < pixels; pixel += 1) plane[pixel] = valueAt(pixel * from.channels);
    return plane;
  };
  if (from.channels === to.channels)
    return Array.from({ length: to.channels }, (_, channel) => planeOf((first) => values[first + channel]!));
  if (from.channels === 1) {
    const grey = planeOf((first) => values[first]!);
    return Array.from({ length: to.channels }, () => grey);
  }
  const luma = (first: number) =>
    LUMA.reduce((sum, share, channel) => sum + share * values[first + channel]!, 0);
  return [planeOf((first) => Math.round(luma(first)))];
}

async function reshapePicture(pixels: Uint8Array, from: StoredShape, to: StoredShape): Promise<Uint8Array> {
  const sameSize = from.height === to.height && from.width === to.width;
  if (sameSize && from.channels === 1) return repeatGrey(pixels);
  const channels = from.channels as 1 | 3;
  const sharp = await imageLibrary();
  let picture = sharp(pixels, { raw: { width: from.width, height: from.height, channels } });
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
  for (let at = 0, to = 0; at < pixels.length; at += 1) {
    color[to++] = pixels[at]!;
    color[to++] = pixels[at]!;
    color[to++] = pixels[at]!;
  }
  return color;
}

/** Whether all pixels of three channels are grey. */
export function isGrey(pixels: Uint8Array | Uint16Array): boolean {
  for (let at = 0; at < pixels.length; at += 3) {
    if (pixels[at] !== pixels[at + 1] || pixels[at] !== pixels[at + 2]) return false;
  }
  return true;
}
