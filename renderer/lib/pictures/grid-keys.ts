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
