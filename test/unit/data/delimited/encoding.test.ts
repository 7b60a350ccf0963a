import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  decodeText,
  describeForeign,
  detectEncoding,
  toUtf8,
  type Encoding,
} from '../../../../src/data/delimited/encoding.ts';

const text = 'größe;Ω\n1,5;2\n';
const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();
const wide = Buffer.from(text, 'utf16le');
const marked = Buffer.concat([Buffer.from([0xff, 0xfe]), wide]);

describe('the encoding of a text', () => {
  it.each<[string, Buffer, Encoding]>([
    ['UTF-8', Buffer.from(text), 'utf-8'],
    ['UTF-16 with a mark', marked, 'utf-16le'],
    ['UTF-16 the other way round', swapped(marked), 'utf-16be'],
    ['UTF-16 without a mark', Buffer.from('a;b\n1;2\n', 'utf16le'), 'utf-16le'],
    ['the same the other way round', swapped(Buffer.from('a;b\n1;2\n', 'utf16le')), 'utf-16be'],
    ['what is no UTF-8', Buffer.from('gr\xf6\xdfe', 'latin1'), 'windows-1252'],
  ])('%s is told', (_, bytes, encoding) => {
    expect(detectEncoding(bytes, true)).toBe(encoding);
  });

  it('is none where bytes are no text', () => {
    expect(detectEncoding(Buffer.from([0, 1, 2, 0, 0, 3, 4, 0]), true)).toBeNull();
  });

  it('is still UTF-8 where the head ends in the middle of a letter', () => {
    const cut = Buffer.from('größe').subarray(0, 3);
    expect([detectEncoding(cut, false), detectEncoding(cut, true)]).toEqual(['utf-8', 'windows-1252']);
  });

  it('is taken away with its mark, whole or in chunks that part letters', () => {
    expect(decodeText(marked, 'utf-16le')).toBe(text);
    for (const [bytes, encoding] of [
      [marked, 'utf-16le'],
      [swapped(marked), 'utf-16be'],
      [Buffer.from(text), 'utf-8'],
    ] as const) {
      const transcoder = toUtf8(encoding);
      const chunks = [...bytes].map((byte) => transcoder.push(Buffer.from([byte])));
      expect(Buffer.concat([...chunks, transcoder.finish()]).toString()).toBe(text);
    }
    expect(decodeText(Buffer.from([0x80]), 'windows-1252')).toBe('€');
  });
});

it('says what a file is that is no text, and what to do', () => {
  const told = (bytes: Buffer) => describeForeign(bytes)?.what ?? null;
  expect(told(Buffer.from('PK\x03\x04....xl/workbook.xml', 'latin1'))).toBe('an Excel workbook (.xlsx)');
  expect(told(Buffer.from('PK\x03\x04....photo.png', 'latin1'))).toBe('a ZIP archive');
  expect(told(Buffer.from('%PDF-1.7'))).toBe('a PDF document');
  expect(told(Buffer.from('PAR1....'))).toBe('a Parquet file');
  expect(told(Buffer.from('  <!DOCTYPE html>'))).toBe('a web page or XML');
  expect([told(Buffer.from('a,b\n1,2')), told(gzipSync('a'))]).toEqual([null, null]);
});
