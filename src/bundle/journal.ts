/** The journal of a job: what its trainer said, a line each, added to and never written again. */
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
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
export function readJournal(file: string): JournalEntry[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.slice(0, -1).map((line, index) => {
    const entry = journalEntrySchema.safeParse(attempt(line));
    if (entry.success) return entry.data;
    throw new PretextError({
      code: 'bundle.unreadable',
      message: 'A line of this journal is not as the program writes it.',
      place: `${file}, line ${index + 1}`,
      remedy: 'Copy the folder of this job again from where it was computed, or run the job again elsewhere.',
    });
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
