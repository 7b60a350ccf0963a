/** Where the lines of a text begin, so that one of them can be read again by its place. */
import type { ByteSource } from './bytes.ts';

const CHUNK_BYTES = 1024 * 1024;

export interface TextLine {
  text: string;
  /** Where it stands, in bytes. */
  position: number;
  bytes: number;
}

export async function* textLines(source: ByteSource): AsyncGenerator<TextLine> {
  let rest: Buffer = Buffer.alloc(0);
  let position = 0;
  for (let at = 0; at < source.size; at += CHUNK_BYTES) {
    const chunk = await source.read(at, Math.min(CHUNK_BYTES, source.size - at));
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10, start)) {
      yield lineOf(rest, start, end, position);
      start = end + 1;
    }
    position += start;
    rest = rest.subarray(start);
  }
  if (rest.length > 0) yield lineOf(rest, 0, rest.length, position);
}

const lineOf = (bytes: Buffer, start: number, end: number, base: number): TextLine => ({
  text: bytes.toString('utf8', start, end).replace(/\r$/, ''),
  position: base + start,
  bytes: end - start,
});
