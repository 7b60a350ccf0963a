/** A filter of rows in words. */
import type { RowFilter } from '../../../src/contract/data/table-rows.ts';

/** “age: 30 to 40”, “sex: Female”, “weight: not known”. */
export function filterWords({ column, from, to, categories, missing }: RowFilter): string {
  if (missing) return `${column}: not known`;
  if (categories) return `${column}: ${categories.join(', ')}`;
  if (from === undefined) return `${column}: at most ${to}`;
  return to === undefined ? `${column}: at least ${from}` : `${column}: ${from} to ${to}`;
}
