/** Pictures of any number of bands (microscopy, multispectral): every band as it is, none of them transparency. */
import type { Sharp } from 'sharp';
import type { ImageHeader } from './file-kind.ts';
import { imageLibrary } from './library.ts';
import { FileProblem } from '../../problem.ts';
import type { StoredShape } from './stored-size.ts';

export type Values = Uint8Array | Uint16Array;

/** @returns `height * width * channels` values of 8 or 16 bits, as the stored shape says */
export async function decodeBands(
  open: () => Sharp,
  { width, height, bits, grey }: ImageHeader,
  stored: StoredShape,
): Promise<Buffer> {
  const deep = bits === 16;
  // The library takes a first band that is grey for three, unless values have 16 bits.
  const tripled = grey && !deep;
  const { data, info } = await open()
    .toColourspace(deep ? (grey ? 'grey16' : 'rgb16') : 'srgb')
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const values: Values = deep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
  const found = tripled ? info.channels - 2 : info.channels;
  if (found < stored.channels || info.width !== width || info.height !== height)
    throw new FileProblem(
      'broken',
      `The picture decodes to ${info.width} × ${info.height} pixels of ${found} bands, though its header says otherwise. Save it anew.`,
    );
  const planes = await Promise.all(
    Array.from({ length: stored.channels }, (_, band) => {
      const from = tripled && band > 0 ? band + 2 : band;
      const plane = new (deep ? Uint16Array : Uint8Array)(width * height);
      for (let pixel = 0; pixel < plane.length; pixel += 1)
        plane[pixel] = values[pixel * info.channels + from]!;
      return resizePlane(plane, width, height, stored);
    }),
  );
  return joinPlanes(planes, stored, deep);
}

/** The pages of a file as channels of one picture, one after the other so that no more than one is held beside the result. */
export async function decodePages(
  open: (page: number) => Sharp,
  { width, height, bits }: ImageHeader,
  stored: StoredShape,
): Promise<Buffer> {
  const deep = bits === 16;
  const planes: Values[] = [];
  for (let page = 0; page < stored.channels; page += 1) {
    const { data, info } = await open(page)
      .toColourspace(deep ? 'grey16' : 'b-w')
      .raw({ depth: deep ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.width !== width || info.height !== height || info.channels !== 1)
      throw new FileProblem(
        'other-pages',
        `Page ${page + 1} has ${info.width} × ${info.height} pixels of ${info.channels} bands, the first ${width} × ${height} of 1: channels of one picture must be alike. Save them alike, or take the first page.`,
      );
    const plane = deep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
    planes.push(await resizePlane(plane, width, height, stored));
  }
  return joinPlanes(planes, stored, deep);
}

/** [height, width, channels] of planes of one size; values of 8 bits are spread where 16 are stored. */
function joinPlanes(planes: readonly Values[], stored: StoredShape, deep: boolean): Buffer {
  const pixels = stored.width * stored.height;
  const wide = stored.bits === 16;
  const joined = new (wide ? Uint16Array : Uint8Array)(pixels * stored.channels);
  const scale = wide && !deep ? 257 : 1;
  planes.forEach((plane, band) => {
    for (let pixel = 0; pixel < pixels; pixel += 1)
      joined[pixel * stored.channels + band] = plane[pixel]! * scale;
  });
  return Buffer.from(joined.buffer);
}

/** One band at a time: the library would weigh others by a band that it takes for transparency. */
export async function resizePlane(
  plane: Values,
  width: number,
  height: number,
  stored: StoredShape,
): Promise<Values> {
  if (width === stored.width && height === stored.height) return plane;
  const deep = plane instanceof Uint16Array;
  const sharp = await imageLibrary();
  const data = await sharp(plane, { raw: { width, height, channels: 1 } })
    .resize({ width: stored.width, height: stored.height, fit: 'cover', position: 'centre' })
    .toColourspace(deep ? 'grey16' : 'b-w')
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer();
  return deep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
}
