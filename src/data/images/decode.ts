/** One image file: its header, and its pixels in the shape the dataset is stored in. */
import sharp, { type Metadata, type Sharp } from 'sharp';
import { decodeBmp, readBmpHeader } from './bmp.ts';
import type { ImageHeader, ImageKind } from './file-kind.ts';
import { ImageProblem } from './problem.ts';
import { quickHeader } from './quick-header.ts';
import { decodeQuickJpeg } from './quick-jpeg.ts';
import { decodeSmallPng } from './small-png.ts';
import type { StoredShape } from './stored-size.ts';

/** Larger pictures are refused before anything is allocated: 100 million pixels decode to 300 MB. */
export const MOST_PIXELS = 100_000_000;
export const SMALLEST_SIDE = 8;

// Many small pictures: one thread each, and nothing of them is asked for twice.
sharp.cache(false);
sharp.concurrency(1);

const reading = { failOn: 'error', limitInputPixels: MOST_PIXELS } as const;

/** @throws ImageProblem when the header cannot be read or the size is out of range */
export async function readHeader(bytes: Buffer, kind: ImageKind): Promise<ImageHeader> {
  const quick = quickHeader(bytes, kind);
  const header = quick ?? (kind === 'bmp' ? bmpHeader(bytes) : await sharpHeader(bytes, kind));
  const size = `${header.width} × ${header.height} pixels`;
  if (header.width * header.height > MOST_PIXELS) {
    throw new ImageProblem(
      'too-large',
      `The picture claims ${size}; at most 100 million pixels are read. Cut or shrink it.`,
    );
  }
  if (Math.min(header.width, header.height) < SMALLEST_SIDE) {
    throw new ImageProblem(
      'too-small',
      `The picture has only ${size}; at least ${SMALLEST_SIDE} × ${SMALLEST_SIDE} are needed.`,
    );
  }
  return header;
}

function bmpHeader(bytes: Buffer): ImageHeader {
  const { width, height } = readBmpHeader(bytes);
  return { kind: 'bmp', width, height, grey: false, alpha: false, frames: 1, cmyk: false, bits: 8 };
}

async function sharpHeader(bytes: Buffer, kind: ImageKind): Promise<ImageHeader> {
  // The limit is checked by us: sharp's own refusal would hide the size that the header claims.
  const found: Metadata = await sharp(bytes, { failOn: 'error', limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw problemOf(error);
    });
  if (found.depth !== 'uchar' && found.depth !== 'ushort') {
    throw new ImageProblem(
      'unsupported',
      `The picture holds ${found.depth} values; 8 and 16 bit are read. Save it with 16 bit.`,
    );
  }
  return {
    kind,
    width: found.autoOrient.width,
    height: found.autoOrient.height,
    grey: found.channels <= 2 && (found.space === 'b-w' || found.space === 'grey16'),
    alpha: found.hasAlpha,
    frames: found.pages ?? 1,
    cmyk: found.space === 'cmyk',
    bits: found.depth === 'ushort' ? 16 : 8,
  };
}

/**
 * Pixels of the first frame, upright, on white where transparent, 8 bit (16-bit values by their high byte),
 * cut at the centre and resized where the stored shape differs.
 * @returns `height * width * channels` bytes
 * @throws ImageProblem
 */
export async function decodeImage(bytes: Buffer, header: ImageHeader, stored: StoredShape): Promise<Buffer> {
  const quick = decodeQuickly(bytes, header.kind, stored);
  if (quick) return quick;
  let picture = header.kind === 'bmp' ? openBmp(bytes) : sharp(bytes, { ...reading, autoOrient: true });
  if (header.alpha) picture = picture.flatten({ background: '#ffffff' });
  if (header.width !== stored.width || header.height !== stored.height) {
    picture = picture.resize({
      width: stored.width,
      height: stored.height,
      fit: 'cover',
      position: 'centre',
    });
  }
  // sharp's own way from 16-bit to 8-bit grey goes through a color profile and is off by one here and there.
  const wideGrey = header.grey && header.bits === 16 && stored.channels === 1;
  picture = picture.toColourspace(wideGrey ? 'grey16' : stored.channels === 1 ? 'b-w' : 'srgb');
  const { data: raw, info } = await picture
    .raw({ depth: wideGrey ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw problemOf(error);
    });
  const data = wideGrey ? highBytes(raw) : raw;
  const expected = stored.height * stored.width * stored.channels;
  if (data.length === expected) return data;
  if (info.width === stored.width && info.height === stored.height)
    return fitChannels(data, info.channels, stored);
  throw new ImageProblem(
    'broken',
    `The picture decodes to ${info.width} × ${info.height} pixels though its header says ${header.width} × ${header.height}. Save it anew.`,
  );
}

/** For small files, starting the image library costs more than all else. */
function decodeQuickly(bytes: Buffer, kind: ImageKind, stored: StoredShape): Buffer | null {
  if (kind === 'png') return decodeSmallPng(bytes, stored);
  return kind === 'jpeg' ? decodeQuickJpeg(bytes, stored) : null;
}

/** 16-bit values in the machine's byte order. */
function highBytes(raw: Buffer): Buffer {
  const values = new Uint16Array(raw.buffer, raw.byteOffset, raw.length / 2);
  return Buffer.from(Uint8Array.from(values, (value) => value >> 8).buffer);
}

function openBmp(bytes: Buffer): Sharp {
  const { width, height, pixels } = decodeBmp(bytes);
  return sharp(pixels, { raw: { width, height, channels: 3 }, limitInputPixels: MOST_PIXELS });
}

/** Takes the channels that are wanted from rows that came with more or fewer (grey for three). */
function fitChannels(data: Buffer, channels: number, stored: StoredShape): Buffer {
  const pixels = stored.height * stored.width;
  const fitted = Buffer.allocUnsafe(pixels * stored.channels);
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    for (let channel = 0; channel < stored.channels; channel += 1) {
      const from = channels >= 3 ? Math.min(channel, channels - 1) : 0;
      fitted[pixel * stored.channels + channel] = data[pixel * channels + from] ?? 0;
    }
  }
  return fitted;
}

function problemOf(error: unknown): ImageProblem {
  if (error instanceof ImageProblem) return error;
  const detail = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  if (/pixel limit|dimensions? (too large|exceed)|exceeds/i.test(detail)) {
    return new ImageProblem(
      'too-large',
      'The picture claims more than 100 million pixels. Cut or shrink it.',
    );
  }
  if (/unsupported image format/i.test(detail)) {
    return new ImageProblem(
      'broken',
      'The picture begins like an image, but its header is damaged. Copy it again from its source.',
    );
  }
  return new ImageProblem(
    'broken',
    'The picture is damaged or cut off and cannot be decoded whole. Copy it again from its source.',
  );
}
