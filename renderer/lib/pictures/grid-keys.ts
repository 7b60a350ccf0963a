/** Moving through a grid of samples by keyboard. */

interface Grid {
  count: number;
  columns: number;
  /** So many stand on the screen at once. */
  page: number;
}

/** Where a key leads from a position: never past the ends. Null where the key is none of the grid's. */
export function gridStep(key: string, from: number, { count, columns, page }: Grid): number | null {
  const last = Math.max(0, count - 1);
  const within = (to: number) => Math.min(last, Math.max(0, to));
  /** Up and down keep the column; where there is no such place, the position stays. */
  const inColumn = (to: number) => (to < 0 || to > last ? from : to);
  switch (key) {
    case 'ArrowRight':
      return within(from + 1);
    case 'ArrowLeft':
      return within(from - 1);
    case 'ArrowDown':
      return inColumn(from + columns);
    case 'ArrowUp':
      return inColumn(from - columns);
    case 'PageDown':
      return within(from + page);
    case 'PageUp':
      return within(from - page);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

/** A cell of a table; row 0 is its head. */
interface Cell {
  row: number;
  column: number;
}

/** Where a key leads from a cell, as in spreadsheets: Home and End along the row, with Ctrl over the whole table. */
export function cellStep(
  { key, ctrlKey }: { key: string; ctrlKey: boolean },
  { row, column }: Cell,
  { rows, columns, page }: { rows: number; columns: number; page: number },
): Cell | null {
  const at = (toRow: number, toColumn: number): Cell => ({
    row: Math.min(rows - 1, Math.max(0, toRow)),
    column: Math.min(columns - 1, Math.max(0, toColumn)),
  });
  switch (key) {
    case 'ArrowRight':
      return at(row, column + 1);
    case 'ArrowLeft':
      return at(row, column - 1);
    case 'ArrowDown':
      return at(row + 1, column);
    case 'ArrowUp':
      return at(row - 1, column);
    case 'PageDown':
      return at(row + page, column);
    case 'PageUp':
      return at(row - page, column);
    case 'Home':
      return at(ctrlKey ? 0 : row, 0);
    case 'End':
      return at(ctrlKey ? rows - 1 : row, columns - 1);
    default:
      return null;
  }
}
