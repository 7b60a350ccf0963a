/** What the columns of a table seem to be, from some of their cells, and why: a person may say otherwise. */
import type { ColumnKind, ColumnPlan } from '../../contract/data/columns.ts';
import { readDate } from './dates.ts';
import { YES_NO } from '../reading/yes-no.ts';

/** A column as it was looked at. */
export interface SeenColumn {
  name: string;
  /** Cells as text, trimmed; null where nothing is known. */
  cells: readonly (string | null)[];
}

/** Few enough different values to be categories, though they are whole numbers. */
const MOST_CODES = 2;
/** Categories of which each comes often enough to be learned from. */
const MOST_CATEGORIES_SHARE = 0.5;
const FEWEST_TO_TELL = 20;

export const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** As `cellOf` writes what has no text. */
const BYTES = /^\(\d+ bytes\)$/;
export const WHOLE = /^[+-]?\d+$/;

/** @param cells of the first rows, or of rows from all over the table */
export function guessColumn({ name, cells }: SeenColumn): ColumnPlan {
  const known = cells.filter((cell) => cell !== null);
  const distinct = new Set(known);
  const said = (kind: ColumnKind, use: ColumnPlan['use'], reason: string): ColumnPlan => ({
    name,
    kind,
    use,
    reason,
  });
  if (known.length === 0) return said('text', 'left-out', 'No cell that was looked at holds a value.');
  if (distinct.size === 1)
    return said('category', 'left-out', `All cells that were looked at hold “${known[0]}”.`);
  if (known.every((cell) => BYTES.test(cell)))
    return said('text', 'left-out', 'Cells hold bytes (pictures, files), of which a row keeps nothing.');
  const small = new Set([...distinct].map((cell) => cell.toLowerCase()));
  if (YES_NO.some((pair) => [...small].every((cell) => pair.includes(cell))))
    return said('yes-no', 'feature', `Only ${[...distinct].sort().join(' and ')} occur.`);
  const each = distinct.size === known.length && known.length >= FEWEST_TO_TELL;
  if (known.every((cell) => readDate(cell) !== null)) return said('date', 'feature', 'All cells are dates.');
  if (known.every((cell) => WHOLE.test(cell))) {
    const counted = each ? countingWords(name, known) : null;
    if (counted) return said('whole-number', 'left-out', counted);
    return distinct.size <= MOST_CODES
      ? said('category', 'feature', `Only ${distinct.size} whole numbers occur: they look like codes.`)
      : said('whole-number', 'feature', 'All cells are whole numbers.');
  }
  if (known.every((cell) => NUMBER.test(cell))) return said('number', 'feature', 'All cells are numbers.');
  if (each)
    return said(
      'text',
      'left-out',
      'Every cell that was looked at is another: it names the row, and tells nothing of others.',
    );
  if (known.length >= FEWEST_TO_TELL && distinct.size > MOST_CATEGORIES_SHARE * known.length)
    return said(
      'text',
      'left-out',
      `${distinct.size} different texts in ${known.length} rows are too many categories.`,
    );
  const numbers = known.filter((cell) => NUMBER.test(cell)).length;
  if (numbers > 0) {
    const odd = known.find((cell) => !NUMBER.test(cell))!;
    return said('category', 'feature', `${numbers} cells are numbers, but “${odd}” is none.`);
  }
  return said('category', 'feature', `${distinct.size} different texts occur.`);
}

/** So large a share of the steps from row to row is 1 where rows were counted, and some then left out. */
const MOSTLY_COUNTED = 0.8;
/** What columns of identifiers are called: id, ID, patient_id, subjectId, nr, index, and what pandas calls its own. */
const IDENTIFIER = /^(id|ids|nr|no|num|index|row|rowid|#|unnamed: \d+)$|[_. -]id$|^id[_. -]/i;
const CAMEL_IDENTIFIER = /[a-z]I[dD]$/;

/** Why whole numbers, each another, name their rows and tell nothing of others; null where they may well tell something. */
function countingWords(name: string, cells: readonly string[]): string | null {
  const numbers = cells.map(Number);
  const steps = numbers.slice(1).map((number, at) => number - numbers[at]!);
  const direction = Math.sign(steps[0]!);
  const counted = steps.filter((step) => step === direction).length;
  if (counted === steps.length) return 'It counts the rows.';
  if (counted >= MOSTLY_COUNTED * steps.length && steps.every((step) => Math.sign(step) === direction))
    return 'It counts the rows, with gaps.';
  if (IDENTIFIER.test(name) || CAMEL_IDENTIFIER.test(name))
    return 'An identifier, by its name: every number is another.';
  return null;
}
