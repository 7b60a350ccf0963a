/**
 * Rows of tables: which are worth comparing, and whether two are near copies.
 *
 * A row that was written anew, with fewer digits or through another program, differs in no category and by little in
 * numbers. Correlation says nothing of rows: the column with the largest numbers would decide alone.
 */
import { keyOf } from './keys.ts';

/** Share of a number by which its copy may differ. */
const MOST_DIFFERENCE = 1e-4;
/** Rows with the same numbers to so many digits are compared: few that differ less are missed, at the border of a digit. */
const DIGITS = 3;

/** The key of a row that is never the key of a different one by chance alone; those of near copies are nearly always equal. */
export function createRowKey(width: number): (values: ArrayLike<number>) => number {
  const rounded = new Float32Array(width);
  const bytes = new Uint8Array(rounded.buffer);
  return (values) => {
    for (let column = 0; column < width; column++) rounded[column] = roundedTo(values[column]!);
    return keyOf(bytes);
  };
}

function roundedTo(value: number): number {
  if (value === 0 || Number.isNaN(value)) return value === 0 ? 0 : NaN;
  // Codes, counts and days are as they are.
  if (Number.isInteger(value)) return value;
  const step = 10 ** (Math.floor(Math.log10(Math.abs(value))) + 1 - DIGITS);
  return Math.round(value / step) * step;
}

/**
 * The likeness of two rows from 0 to 1, or null where they are no copies: whole numbers have to be the same, and what is
 * missing in one is missing in the other.
 */
export function likenessOfRows(one: ArrayLike<number>, other: ArrayLike<number>): number | null {
  let largest = 0;
  for (let column = 0; column < one.length; column++) {
    const [a, b] = [one[column]!, other[column]!];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    if (Number.isInteger(a) && Number.isInteger(b)) return null;
    const difference = Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
    if (!(difference <= MOST_DIFFERENCE)) return null;
    largest = Math.max(largest, difference);
  }
  return 1 - largest;
}
