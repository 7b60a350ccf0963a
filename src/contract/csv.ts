/** Lines of comma-separated text as RFC 4180 has them. */

const quoted = (cell: string) => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** One line with its end; what is null or undefined is an empty cell. */
export const csvLine = (cells: readonly (string | number | null | undefined)[]): string =>
  `${cells.map((cell) => quoted(cell === null || cell === undefined ? '' : String(cell))).join(',')}\r\n`;
