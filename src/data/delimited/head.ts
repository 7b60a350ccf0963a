/** The head of a delimited file: its encoding, and text from its start and from further on. */
import { open } from 'node:fs/promises';
import { readChunks } from '../byte-stream.ts';
import { decodeText, describeForeign, detectEncoding, type Encoding } from './encoding.ts';
import { detectDialect, type Dialect, type HeadText, type TextOptions } from './dialect.ts';
import { FileProblem } from '../problem.ts';

const HEAD_BYTES = 128 * 1024;
const LATER_BYTES = 16 * 1024;
const PACKED_BYTES = 3 * 1024 * 1024;
const LATER_PLACES = [0.35, 0.7, 1];

export interface Head {
  encoding: Encoding;
  /** Null for a file without a row. */
  dialect: Dialect | null;
}

/** @throws FileProblem, or a file error */
export async function readHead(path: string, options: Partial<TextOptions> = {}): Promise<Head> {
  const { bytes, complete, packed } = await readStart(path);
  const encoding = requireText(bytes, complete, options);
  const later = complete ? [] : packed ? pieces(packed, encoding) : await readLater(path, encoding);
  const text: HeadText = { first: wholeLines(bytes, encoding, complete), later };
  return { encoding, dialect: detectDialect(text, options) };
}

/** As `readHead`, of a beginning that is in memory already. */
export function headOf(bytes: Buffer, complete: boolean, options: Partial<TextOptions> = {}): Head {
  const encoding = requireText(bytes, complete, options);
  return {
    encoding,
    dialect: detectDialect({ first: wholeLines(bytes, encoding, complete), later: [] }, options),
  };
}

/** @throws FileProblem for what is no text */
export function requireText(bytes: Buffer, complete: boolean, options: Partial<TextOptions> = {}): Encoding {
  if (bytes.length === 0)
    throw new FileProblem('empty', 'The file is empty (0 bytes). Copy it again from its source.');
  const foreign = describeForeign(bytes);
  if (foreign) throw new FileProblem('not-text', `This is ${foreign.what}, not text. ${foreign.remedy}`);
  const found = detectEncoding(bytes, complete);
  if (found === null) throw new FileProblem('not-text', 'The file holds binary data, not text.');
  return options.encoding === undefined || options.encoding === 'auto' ? found : options.encoding;
}

function wholeLines(bytes: Buffer, encoding: Encoding, complete: boolean): string {
  const text = decodeText(bytes, encoding);
  const end = complete ? text.length : text.lastIndexOf('\n') + 1;
  return end > 0 ? text.slice(0, end) : text;
}

/** Packed files have no middle that could be read alone: what comes next in them stands for it. */
async function readStart(path: string): Promise<{ bytes: Buffer; complete: boolean; packed: Buffer | null }> {
  const parts: Buffer[] = [];
  let length = 0;
  const isPacked = await startsPacked(path);
  try {
    for await (const chunk of readChunks(path)) {
      parts.push(chunk);
      length += chunk.length;
      if (length > (isPacked ? PACKED_BYTES : HEAD_BYTES)) break;
    }
  } catch (error) {
    throw asPackingProblem(error);
  }
  const bytes = Buffer.concat(parts);
  const complete = length <= HEAD_BYTES;
  const even = complete ? bytes.length : HEAD_BYTES;
  return { bytes: bytes.subarray(0, even), complete, packed: isPacked ? bytes : null };
}

async function startsPacked(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const mark = Buffer.alloc(2);
    await handle.read(mark, 0, 2, 0);
    return mark[0] === 0x1f && mark[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

/** Where lines from the middle and the end begin: decimals, labels and gaps may begin late. */
const laterPlaces = (size: number): number[] =>
  LATER_PLACES.map((place) =>
    // An even place, as letters may have two bytes.
    Math.max(HEAD_BYTES, Math.floor(((size - LATER_BYTES) * place) / 2) * 2),
  );

async function readLater(path: string, encoding: Encoding): Promise<string[]> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const found: string[] = [];
    for (const start of laterPlaces(size)) {
      const bytes = Buffer.alloc(Math.max(0, Math.min(LATER_BYTES, size - start)));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      found.push(uncut(bytes.subarray(0, bytesRead), encoding));
    }
    return found;
  } finally {
    await handle.close();
  }
}

const pieces = (bytes: Buffer, encoding: Encoding): string[] =>
  laterPlaces(bytes.length).map((start) => uncut(bytes.subarray(start, start + LATER_BYTES), encoding));

/** The first and the last line may be cut. */
function uncut(bytes: Buffer, encoding: Encoding): string {
  const text = decodeText(bytes, encoding);
  return text.slice(text.indexOf('\n') + 1, text.lastIndexOf('\n') + 1);
}

/** Damaged gzip data is the file's problem; everything else is passed on. */
export function asPackingProblem(error: unknown): unknown {
  if (!(error as NodeJS.ErrnoException | null)?.code?.startsWith('Z_')) return error;
  return new FileProblem(
    'broken',
    'The gzip data is damaged or cut off. Copy the file again from its source.',
  );
}
