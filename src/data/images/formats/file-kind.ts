/** What a file is by its first bytes, whatever its name says. */
import type { StackMeaning } from './stack-words.ts';

export type ImageKind = 'png' | 'jpeg' | 'webp' | 'tiff' | 'bmp' | 'gif' | 'avif' | 'heic';

const EXTENSIONS: Record<string, ImageKind> = {
  png: 'png',
  jpg: 'jpeg',
  jpeg: 'jpeg',
  jpe: 'jpeg',
  jfif: 'jpeg',
  webp: 'webp',
  tif: 'tiff',
  tiff: 'tiff',
  bmp: 'bmp',
  dib: 'bmp',
  gif: 'gif',
  avif: 'avif',
  heic: 'heic',
  heif: 'heic',
};

/** Endings of files that are taken for images by their names. */
export const IMAGE_EXTENSIONS: readonly string[] = Object.keys(EXTENSIONS);

export function kindOfName(name: string): ImageKind | null {
  const extension = /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return EXTENSIONS[extension] ?? null;
}

/** @param bytes The first 32 bytes or more. */
export function kindOfContent(bytes: Uint8Array): ImageKind | null {
  const text = (start: number, end: number) => String.fromCharCode(...bytes.subarray(start, end));
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp';
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(text(0, 4))) return 'tiff';
  if (text(0, 4) === 'GIF8') return 'gif';
  // Files of the brand mif1 may hold either coding: their header tells.
  if (text(4, 8) === 'ftyp' && /^(avif|avis|mif1|msf1)$/.test(text(8, 12))) return 'avif';
  if (text(4, 8) === 'ftyp' && /^(hei[cxms]|hev[cmsx])$/.test(text(8, 12))) return 'heic';
  // "BM" alone begins many texts: the header's size must be one that exists.
  if (text(0, 2) === 'BM' && [12, 40, 52, 56, 64, 108, 124].includes(bytes[14] ?? 0)) return 'bmp';
  return null;
}

/** What a file that is no image seems to be, for the message. */
export function describeOther(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 512)).toString('latin1');
  if (/^\s*(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)?<svg/i.test(start)) return 'a vector drawing (SVG)';
  if (/^\s*(<!doctype html|<html)/i.test(start)) return 'a web page';
  if (start.startsWith('%PDF')) return 'a PDF document';
  if (start.startsWith('PK\x03\x04')) return 'a ZIP archive or office document';
  if (start.startsWith('8BPS')) return 'a Photoshop document';
  if (start.slice(128, 132) === 'DICM') return 'a DICOM file';
  if (start.slice(4, 8) === 'jP  ' || start.startsWith('\xff\x4f\xff\x51'))
    return 'a JPEG 2000 picture, which is not read';
  if (start.slice(4, 8) === 'JXL ' || start.startsWith('\xff\x0a'))
    return 'a JPEG XL picture, which is not read';
  // oxlint-disable-next-line no-control-regex -- control characters are what tells text from other data
  if (!/[\x00-\x08\x0e-\x1f]/.test(start)) return 'text';
  return 'data of another kind';
}
export interface ImageHeader {
  kind: ImageKind;
  /** As seen: EXIF orientation applied. */
  width: number;
  height: number;
  /** Stored as grey; a color picture may still turn out to hold only grey. */
  grey: boolean;
  alpha: boolean;
  /** Frames of an animation, pages of a TIFF. */
  frames: number;
  /** What a stack says that its pages are. */
  stack?: StackMeaning;
  /** All pages are taken, as channels of one picture. */
  pages?: number;
  cmyk: boolean;
  bits: 8 | 16;
  /** Bands that are no picture to look at (infrared, stains), all of which are kept; null for grey or color. */
  bands: number | null;
}
