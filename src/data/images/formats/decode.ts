/** One image file: its header, and its pixels in the shape the dataset is stored in. */
import type { Metadata, Sharp } from 'sharp';
import { decodeBands, decodePages } from './bands.ts';
import { decodeBmp, readBmpHeader } from './bmp.ts';
import type { ImageHeader, ImageKind } from './file-kind.ts';
import { imageLibrary, type ImageLibrary } from './library.ts';
import { FileProblem } from '../../problem.ts';
import { quickHeader } from './quick-header.ts';
import { decodeQuickJpeg } from './quick-jpeg.ts';
import { decodeSmallPng } from './small-png.ts';
import { stackMeaning } from './stack-words.ts';
import type { StoredShape } from './stored-size.ts';
import { readTiffFacts, unreadableValues, type ReadAt, type TiffFacts } from './tiff.ts';

/** Larger pictures are refused before anything is allocated: 100 million pixels decode to 300 MB. */
export const MOST_PIXELS = 100_000_000;
/** Pictures of many bands are decoded whole: so many values at most. */
const MOST_VALUES = 3 * MOST_PIXELS;
export const SMALLEST_SIDE = 8;

const reading = { failOn: 'error', limitInputPixels: MOST_PIXELS, limitInputChannels: false } as const;

/** Where the bytes of a picture are: in memory, or in a file that is too large for it. */
export type ImageSource = Buffer | string;

/**
 * @param start the first bytes; `read` reads a stretch of the file, which has `fileBytes`
 * @throws FileProblem when the header cannot be read or the size is out of range
 */
export async function readHeader(
  source: ImageSource,
  kind: ImageKind,
  { start, read, fileBytes }: { start: Buffer; read: ReadAt; fileBytes: number },
): Promise<ImageHeader> {
  const quick = quickHeader(start, kind);
  if (kind === 'heic') throw heic();
  const header =
    quick ??
    (kind === 'bmp' ? bmpHeader(await read(0, 2048), fileBytes) : await sharpHeader(source, kind, read));
  const size = `${header.width} × ${header.height} pixels`;
  if (header.width * header.height > MOST_PIXELS) {
    throw new FileProblem(
      'too-large',
      `The picture claims ${size}; at most 100 million pixels are read. Cut or shrink it.`,
    );
  }
  if (header.width * header.height * (header.bands ?? 1) > MOST_VALUES) {
    throw new FileProblem(
      'too-large',
      `The picture claims ${size} of ${header.bands} bands; at most 300 million values are read. Cut or shrink it.`,
    );
  }
  if (Math.min(header.width, header.height) < SMALLEST_SIDE) {
    throw new FileProblem(
      'too-small',
      `The picture has only ${size}; at least ${SMALLEST_SIDE} × ${SMALLEST_SIDE} are needed.`,
    );
  }
  return header;
}

function bmpHeader(start: Buffer, fileBytes: number): ImageHeader {
  const { width, height, grey } = readBmpHeader(start, fileBytes);
  const own = { alpha: false, frames: 1, cmyk: false, bits: 8, bands: null } as const;
  return { kind: 'bmp', width, height, grey, ...own };
}

async function sharpHeader(source: ImageSource, kind: ImageKind, read: ReadAt): Promise<ImageHeader> {
  const facts = kind === 'tiff' ? await readTiffFacts(read) : null;
  const unreadable = facts && unreadableValues(facts);
  if (unreadable) throw new FileProblem('unsupported', unreadable);
  // The limit is checked by us: sharp's own refusal would hide the size that the header claims.
  const sharp = await imageLibrary();
  const found: Metadata = await sharp(source, { ...reading, limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw problemOf(error);
    });
  if (found.compression === 'hevc') throw heic();
  if (found.depth !== 'uchar' && found.depth !== 'ushort') {
    throw new FileProblem(
      'unsupported',
      `The picture holds ${found.depth} values; 8 and 16 bit are read. Save it with 16 bit.`,
    );
  }
  const bands = facts ? bandsOf(facts) : null;
  const frames = found.pages ?? 1;
  const stack = frames > 1 && facts?.description ? stackMeaning(facts.description, frames) : null;
  return {
    kind,
    width: found.autoOrient.width,
    height: found.autoOrient.height,
    // Of bands the first is grey, however many there are.
    grey: (found.channels <= 2 || bands !== null) && (found.space === 'b-w' || found.space === 'grey16'),
    alpha: facts ? facts.alphaBands > 0 : found.hasAlpha,
    frames,
    ...(stack && { stack }),
    cmyk: found.space === 'cmyk',
    bits: found.depth === 'ushort' ? 16 : 8,
    bands,
  };
}

/** Photometric interpretations: grey from black or from white, and inks. */
const GREY = 1;
const PRINTING_COLORS = 5;

/** Bands that are neither grey nor color nor transparency: infrared, stains. Null for a picture to look at. */
function bandsOf({ bands, alphaBands, photometric }: TiffFacts): number | null {
  const own = bands - alphaBands;
  const isColor = own === 3 && photometric > GREY;
  return photometric === PRINTING_COLORS || own === 1 || isColor ? null : own;
}

export function heic(): FileProblem {
  return new FileProblem(
    'heic',
    'The picture is HEIC (as iPhones save it), which cannot be read here for reasons of patents. Convert it to JPEG or PNG: on a Mac with “Export…” in Preview or `sips -s format jpeg`, on Windows with “Save as” in Photos, on Linux with `heif-convert`. In the phone’s camera settings, “Most compatible” saves JPEG.',
  );
}

export interface DecodedImage {
  pixels: Buffer;
  /** It says that it is transparent everywhere, which was not heeded. */
  clear: boolean;
}

/**
 * Pixels of the first frame, upright, on white where transparent, cut at the centre and resized where the stored
 * shape differs. A picture that is transparent everywhere is taken as if it were nowhere.
 *
 * @returns `height * width * channels` values of 8 or 16 bits, as the stored shape says; 8-bit values among 16-bit
 *   ones are spread over their range
 * @throws FileProblem
 */
export async function decodeImage(
  source: ImageSource,
  header: ImageHeader,
  stored: StoredShape,
): Promise<DecodedImage> {
  const wide = stored.bits === 16;
  const quick = wide || typeof source === 'string' ? null : decodeQuickly(source, header, stored);
  if (quick) return { pixels: quick, clear: false };
  const sharp = await imageLibrary();
  if (header.bands !== null) {
    const opened = (page?: number) =>
      sharp(source, { ...reading, autoOrient: true, ...(page !== undefined && { page }) });
    const decode = header.pages === undefined ? decodeBands : decodePages;
    const pixels = await decode(opened, header, stored).catch((error: unknown) => {
      throw problemOf(error);
    });
    return { pixels, clear: false };
  }
  const clear = header.alpha && (await isClear(sharp, source));
  let picture =
    header.kind === 'bmp'
      ? openBmp(sharp, source as Buffer)
      : sharp(source, { ...reading, autoOrient: true });
  if (clear) picture = picture.removeAlpha();
  else if (header.alpha) picture = picture.flatten({ background: '#ffffff' });
  if (header.width !== stored.width || header.height !== stored.height) {
    picture = picture.resize({
      width: stored.width,
      height: stored.height,
      fit: 'cover',
      position: 'centre',
    });
  }
  const deep = wide && header.bits === 16;
  const spaces = deep ? (['grey16', 'rgb16'] as const) : (['b-w', 'srgb'] as const);
  const { data, info } = await picture
    .toColourspace(stored.channels === 1 ? spaces[0] : spaces[1])
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw problemOf(error);
    });
  if (info.width !== stored.width || info.height !== stored.height)
    throw new FileProblem(
      'broken',
      `The picture decodes to ${info.width} × ${info.height} pixels though its header says ${header.width} × ${header.height}. Save it anew.`,
    );
  const values = deep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
  const fitted = info.channels === stored.channels ? values : fitChannels(values, info.channels, stored);
  const spread = wide && !deep ? Uint16Array.from(fitted, (value) => value * 257) : fitted;
  return { pixels: Buffer.from(spread.buffer, spread.byteOffset, spread.byteLength), clear };
}

/** For small files, starting the image library costs more than all else. */
function decodeQuickly(bytes: Buffer, { kind, bands }: ImageHeader, stored: StoredShape): Buffer | null {
  if (bands !== null) return null;
  if (kind === 'png') return decodeSmallPng(bytes, stored);
  return kind === 'jpeg' ? decodeQuickJpeg(bytes, stored) : null;
}

/** Whether transparency is nought in every pixel: programs leave such bands, and nobody means them. */
async function isClear(sharp: ImageLibrary, source: ImageSource): Promise<boolean> {
  const alpha = await sharp(source, reading)
    .extractChannel('alpha')
    .toColourspace('b-w')
    .raw()
    .toBuffer()
    .catch((error: unknown) => {
      throw problemOf(error);
    });
  return alpha.every((value) => value === 0);
}

function openBmp(sharp: ImageLibrary, bytes: Buffer): Sharp {
  const { width, height, channels, pixels } = decodeBmp(bytes);
  return sharp(pixels, { raw: { width, height, channels }, limitInputPixels: MOST_PIXELS });
}

/** Takes the channels that are wanted from rows that came with more or fewer (grey for three). */
function fitChannels<Values extends Uint8Array | Uint16Array>(
  data: Values,
  channels: number,
  stored: StoredShape,
): Values {
  const pixels = stored.height * stored.width;
  const fitted = new (data instanceof Uint16Array ? Uint16Array : Uint8Array)(pixels * stored.channels);
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    for (let channel = 0; channel < stored.channels; channel += 1) {
      const from = channels >= 3 ? Math.min(channel, channels - 1) : 0;
      fitted[pixel * stored.channels + channel] = data[pixel * channels + from] ?? 0;
    }
  }
  return fitted as Values;
}

function problemOf(error: unknown): FileProblem {
  if (error instanceof FileProblem) return error;
  const detail = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  if (/pixel limit|dimensions? (too large|exceed)|exceeds/i.test(detail)) {
    return new FileProblem('too-large', 'The picture claims more than 100 million pixels. Cut or shrink it.');
  }
  if (/unsupported image format/i.test(detail)) {
    return new FileProblem(
      'broken',
      'The picture begins like an image, but its header is damaged. Copy it again from its source.',
    );
  }
  return new FileProblem(
    'broken',
    'The picture is damaged or cut off and cannot be decoded whole. Copy it again from its source.',
  );
}
