/**
 * Whether two rows of a table are near copies.
 *
 * A row that was written anew, with fewer digits or through another program, differs in no category and by little in
 * numbers. Correlation says nothing of rows: the column with the largest numbers would decide alone.
 */

/** Share of a number, or of the scale of its column where that is larger, by which its copy may differ. */
export const MOST_DIFFERENCE = 1e-4;

/**
 * The likeness of two rows from 0 to 1, or null where they are no copies: whole numbers have to be the same, and what is
 * missing in one is missing in the other.
 *
 * @param scales of the columns (`RowRule`): numbers near 0 are written with a last digit as others of their column are
 */
export function likenessOfRows(
  one: ArrayLike<number>,
  other: ArrayLike<number>,
  scales: ArrayLike<number>,
): number | null {
  let largest = 0;
  for (let column = 0; column < one.length; column++) {
    const [a, b] = [one[column]!, other[column]!];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    if (Number.isInteger(a) && Number.isInteger(b)) return null;
    const difference = Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), scales[column]!);
    if (!(difference <= MOST_DIFFERENCE)) return null;
    largest = Math.max(largest, difference);
  }
  return 1 - largest;
}
