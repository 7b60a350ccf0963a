/** The journal of a job: what its trainer said, a line each, added to and never written again. */
import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  truncateSync,
} from 'node:fs';
import { PretextError } from '../contract/errors.ts';
import { journalEntrySchema, type JournalEntry } from '../contract/elsewhere/journal.ts';
import { fromText, IN_TEXT, toText } from './arrays.ts';

export interface Journal {
  /** What says how far the job is, of earlier attempts too: all but curves and progress, of which there may be very many. */
  readonly milestones: readonly JournalEntry[];
  add(entry: JournalEntry): void;
  close(): void;
}

/** Words after which nothing may be lost, as files stand on the disk that they tell of. */
const isKept = (entry: JournalEntry) =>
  entry.type !== 'said' || ['checkpoint', 'result', 'model'].includes(entry.message.type);

/** What a writer that was killed left of a last line is cut off first. */
export function openJournal(file: string): Journal {
  const whole = wholeLines(file);
  if (whole !== null) truncateSync(file, whole);
  const milestones = readJournal(file).filter(isKept);
  const handle = openSync(file, 'a');
  return {
    milestones,
    add(entry) {
      appendFileSync(handle, `${toText(entry, IN_TEXT)}\n`);
      if (!isKept(entry)) return;
      fsyncSync(handle);
      milestones.push(entry);
    },
    close: () => closeSync(handle),
  };
}

/**
 * The whole lines of a journal; none where there is none. A last line that is being written is left for the next time.
 *
 * @throws PretextError `bundle.unreadable` with the line
 */
export const readJournal = (file: string): JournalEntry[] => followJournal(file).read();

export interface JournalFollower {
  /** Whole lines read so far. */
  readonly lines: number;
  /** As of a `Journal`, of what was read so far. */
  readonly milestones: readonly JournalEntry[];
  /** What was added since the last time. @throws PretextError `bundle.unreadable` with the line, each time again */
  read(): JournalEntry[];
}

/** Reads a journal as it grows, each part of it once. One that has become shorter is another one, read from its beginning. */
export function followJournal(file: string): JournalFollower {
  const fresh = () => ({ bytes: 0, lines: 0, milestones: [] as JournalEntry[] });
  let known = fresh();
  return {
    get lines() {
      return known.lines;
    },
    get milestones() {
      return known.milestones;
    },
    read() {
      const { bytes, isShorter } = bytesFrom(file, known.bytes);
      if (isShorter) {
        known = fresh();
        return this.read();
      }
      const whole = bytes.lastIndexOf(10) + 1;
      const lines = bytes.toString('utf8', 0, whole).split('\n').slice(0, -1);
      const entries = lines.map((line, at) => entryOf(line, `${file}, line ${known.lines + at + 1}`));
      known = {
        bytes: known.bytes + whole,
        lines: known.lines + lines.length,
        milestones: [...known.milestones, ...entries.filter(isKept)],
      };
      return entries;
    },
  };
}

/** What stands in the file from there on. */
function bytesFrom(file: string, from: number): { bytes: Buffer; isShorter: boolean } {
  if (!existsSync(file)) return { bytes: Buffer.alloc(0), isShorter: from > 0 };
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    const bytes = Buffer.alloc(Math.max(0, size - from));
    for (let at = 0; at < bytes.length;) {
      const count = readSync(handle, bytes, at, bytes.length - at, from + at);
      if (count === 0) return { bytes: bytes.subarray(0, at), isShorter: false };
      at += count;
    }
    return { bytes, isShorter: size < from };
  } finally {
    closeSync(handle);
  }
}

function entryOf(line: string, place: string): JournalEntry {
  const entry = journalEntrySchema.safeParse(attempt(line));
  if (entry.success) return entry.data;
  throw new PretextError({
    code: 'bundle.unreadable',
    message: 'A line of this journal is not as the program writes it.',
    place,
    remedy: 'Copy the folder of this job again from where it was computed, or run the job again elsewhere.',
  });
}

function attempt(line: string): unknown {
  try {
    return fromText(line, IN_TEXT);
  } catch {
    // Told by the caller, with its place.
    return undefined;
  }
}

/** Bytes up to the end of the last whole line; null where there is no file. */
function wholeLines(file: string): number | null {
  if (!existsSync(file)) return null;
  return readFileSync(file).lastIndexOf(10) + 1;
}
