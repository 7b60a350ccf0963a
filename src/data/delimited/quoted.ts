/** Quotes that hold a separator or the end of a line: which lines are one record. */
import type { Delimiter } from './lines.ts';

/** A quoted cell may hold line ends, but not so many. */
export const MOST_CELL_LINES = 100;

export type QuoteState = 'closed' | 'open' | 'broken';

/** Of the letters that part cells. */
export type Separator = (letter: string | undefined) => boolean;

export const separatorOf = (delimiter: Delimiter): Separator =>
  delimiter === 'whitespace'
    ? (letter) => letter === ' ' || letter === '\t'
    : (letter) => letter === delimiter;

/** While nobody knows which it is. Between words stands a space wherever it is none. */
const anySeparator: Separator = (letter) =>
  letter === ',' || letter === ';' || letter === '\t' || letter === '|';

/** Whether a line ends within quotes; broken where a quote closes in the middle of a cell. */
export function endsOpen(line: string, isSeparator: Separator, isInside: boolean): QuoteState {
  const partsAtSpaces = isSeparator(' ');
  let inside = isInside;
  let isStart = !isInside;
  for (let at = 0; at < line.length; at += 1) {
    const letter = line[at]!;
    if (inside) {
      if (letter !== '"') continue;
      if (line[at + 1] === '"') {
        at += 1;
        continue;
      }
      const next = partsAtSpaces ? line[at + 1] : line.slice(at + 1).trimStart()[0];
      if (next !== undefined && !isSeparator(next) && !(partsAtSpaces && /\s/.test(next)))
        return isInside ? 'broken' : 'closed';
      inside = false;
    } else if (letter === '"' && isStart) inside = true;
    if (isSeparator(letter)) isStart = true;
    else if (letter !== ' ') isStart = false;
  }
  return inside ? 'open' : 'closed';
}

export interface LineRecord {
  text: string;
  /** Its first line in the file, from 0, and the one after its last. */
  at: number;
  end: number;
}

/** Lines as records, whatever parts their cells: one whose quote is open goes on in the next. */
export function wholeRecords(lines: readonly string[]): LineRecord[] {
  const records: LineRecord[] = [];
  for (let at = 0; at < lines.length;) {
    const end = lines[at]!.includes('"') ? endOf(lines, at) : at + 1;
    records.push({ text: end === at + 1 ? lines[at]! : lines.slice(at, end).join('\n'), at, end });
    at = end;
  }
  return records;
}

/** The line after the one in which the quote closes; the next one where it does not, as it was no quote then. */
function endOf(lines: readonly string[], first: number): number {
  let state = endsOpen(lines[first]!, anySeparator, false);
  let at = first + 1;
  for (; state === 'open' && at < lines.length && at - first < MOST_CELL_LINES; at++)
    state = endsOpen(lines[at]!, anySeparator, true);
  return state === 'closed' ? at : first + 1;
}

/** A name as it is shown: spreadsheets break long ones. */
export const onOneLine = (name: string): string => name.replace(/\s*\n\s*/g, ' ');
