import { expect, it } from 'vitest';
import {
  describeOther,
  kindOfContent,
  kindOfName,
} from '../../../../../src/data/images/formats/file-kind.ts';

const bytes = (text: string) => Buffer.from(text.padEnd(32, '\0'), 'latin1');

it.each([
  ['png', '\x89PNG\r\n\x1a\n'],
  ['jpeg', '\xff\xd8\xff\xe0'],
  ['webp', 'RIFF\x01\x02\x03\x04WEBP'],
  ['tiff', 'II*\0'],
  ['tiff', 'MM\0+'],
  ['gif', 'GIF89a'],
  ['avif', '\0\0\0\x20ftypavif'],
  ['heic', '\0\0\0\x20ftypheic'],
  ['bmp', `BM${'\0'.repeat(12)}\x28`],
])('knows %s by its first bytes', (kind, start) => {
  expect(kindOfContent(bytes(start))).toBe(kind);
});

it('takes no text for a picture, though it begins like one', () => {
  expect(kindOfContent(bytes('BMW drove off, and nobody saw it'))).toBeNull();
  expect(kindOfContent(bytes('RIFF\x01\x02\x03\x04WAVE'))).toBeNull();
});

it.each([
  ['<svg xmlns="…">', 'a vector drawing (SVG)'],
  ['<!DOCTYPE html><html>', 'a web page'],
  ['%PDF-1.7', 'a PDF document'],
  [`${'\0'.repeat(128)}DICM`, 'a DICOM file'],
  ['just words', 'text'],
  ['\x01\x02\x03', 'data of another kind'],
])('says of %j what it seems to be', (start, what) => {
  expect(describeOther(Buffer.from(start, 'latin1'))).toBe(what);
});

it('knows names by their ending alone', () => {
  expect([kindOfName('a.TIF'), kindOfName('a.b.jfif'), kindOfName('png'), kindOfName('a.txt')]).toEqual([
    'tiff',
    'jpeg',
    null,
    null,
  ]);
});
