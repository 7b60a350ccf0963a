/** A file of a table whose cells have types: what all formats of such files give. */
import type { Doubt } from '../../../contract/messages/rpc.ts';
import { uniqueNames } from '../../delimited/roles.ts';
import type { Cell, SourceRow, TableSource } from '../source.ts';

export interface StoredTable extends TableSource {
  /** What was found in it, in sentences. */
  notes: { reason: string; message: string }[];
  /** Where the file can be read in two ways. */
  doubts: Doubt[];
}

const CELLS_AT_ONCE = 32_768;
/** Rows that are handed on in a block: not too many cells, whatever the number of columns. */
export const rowsAtOnce = (width: number, cells = CELLS_AT_ONCE): number =>
  Math.max(1, Math.floor(cells / width));

/** What is said of a column that is not read. */
export const nestedNote = (name: string): StoredTable['notes'][number] => ({
  reason: 'nested-column',
  message: `Column “${name}” holds lists or structures, and is left out.`,
});

/** Names that are each another, and a note for each that had to be changed. */
export function namesOf(titles: readonly string[]): Pick<StoredTable, 'names' | 'notes'> {
  const plain = titles.map((title, at) => title.trim() || `column ${at + 1}`);
  const names = uniqueNames(plain, plain.length);
  const notes = names.flatMap((name, at) =>
    name === plain[at]
      ? []
      : [
          {
            reason: 'duplicate-name',
            message: `Column ${at + 1} has the name “${plain[at]}”, which another has too; it is called “${name}”.`,
          },
        ],
  );
  return { names, notes };
}

/**
 * Rows of cells out of columns.
 * @param cellAt the cell of a column, by its place, and a row from 0
 * @param first number of the first row, from 1
 */
export function rowsOfColumns(
  count: number,
  width: number,
  first: number,
  cellAt: (column: number, row: number) => Cell,
): SourceRow[] {
  const rows = new Array<SourceRow>(count);
  for (let row = 0; row < count; row++) {
    const cells = new Array<Cell>(width);
    for (let column = 0; column < width; column++) cells[column] = cellAt(column, row);
    rows[row] = { line: first + row, cells };
  }
  return rows;
}

/** A question which of several tables is meant. */
export const whichOf = (what: string, option: string, names: readonly string[], file: string): Doubt => ({
  code: 'table.which',
  message: `“${file}” holds ${names.length} ${what}: ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}.`,
  remedy: `Name the one to read (${option}).`,
  blocking: true,
});
