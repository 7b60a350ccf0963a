/** Finds recordings among files and reads their first lines. */
import { readChunks } from '../reading/byte-stream.ts';
import type { IssueList } from '../reading/issues.ts';
import { ACCOMPANYING, type ListedFile, type Listing } from '../reading/listing.ts';
import { detectDialect, type Dialect } from './dialect.ts';

const TEXT = /\.(csv|tsv|txt|dat|asc|tab)(\.gz)?$/i;
const HEAD_BYTES = 128 * 1024;

/** Why one recording cannot be imported; it becomes an issue of the import and stops nothing. */
export class SignalProblem extends Error {
  readonly reason: string;
  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Text files that may be recordings; others are listed as left out. */
export function signalFiles(listing: Listing, issues: IssueList | null): ListedFile[] {
  if (listing.isFile) return listing.files;
  return listing.files.filter((file) => {
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    if (ACCOMPANYING.test(name)) return false;
    if (TEXT.test(name)) return true;
    issues?.leaveOut(
      file.path,
      'not-text',
      'The name is none of a delimited text file (CSV, TSV, TXT, DAT; plain or .gz).',
    );
    return false;
  });
}

/** @returns null for a file without rows. @throws SignalProblem, or a file error */
export async function readHead(path: string): Promise<Dialect | null> {
  const parts: Buffer[] = [];
  let length = 0;
  let complete = true;
  try {
    for await (const chunk of readChunks(path)) {
      parts.push(chunk);
      length += chunk.length;
      if (length >= HEAD_BYTES) {
        complete = false;
        break;
      }
    }
  } catch (error) {
    throw asSignalProblem(error);
  }
  return dialectOf(Buffer.concat(parts).subarray(0, HEAD_BYTES), complete);
}

/**
 * @param bytes The beginning of a file.
 * @param complete It is the whole file.
 * @param lines How many lines to look at.
 * @throws SignalProblem
 */
export function dialectOf(bytes: Buffer, complete: boolean, lines?: number): Dialect | null {
  if (bytes.length === 0) {
    throw new SignalProblem('empty', 'The file is empty (0 bytes). Copy it again from its source.');
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new SignalProblem('unsupported', 'The text is written in UTF-16. Save it as UTF-8 (plain CSV).');
  }
  if (bytes.includes(0)) throw new SignalProblem('not-text', 'The file holds binary data, not text.');
  const text = bytes.toString('utf8');
  const end = complete ? text.length : text.lastIndexOf('\n') + 1;
  return detectDialect(end > 0 ? text.slice(0, end) : text, lines);
}

/** Damaged gzip data is the file's problem; everything else is passed on. */
export function asSignalProblem(error: unknown): unknown {
  if (!(error as NodeJS.ErrnoException | null)?.code?.startsWith('Z_')) return error;
  return new SignalProblem(
    'broken',
    'The gzip data is damaged or cut off. Copy the file again from its source.',
  );
}
