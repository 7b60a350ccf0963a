/** How a delimited text file is written: delimiter, decimal sign, header; told from its first lines. */

export interface Dialect {
  /** A character, or `whitespace` for any run of spaces and tabs. */
  delimiter: ',' | ';' | '\t' | '|' | 'whitespace';
  decimalComma: boolean;
  /** Names in the first line that is no comment; null where that line already holds numbers. */
  header: string[] | null;
  columnCount: number;
  /** First rows of data as text. */
  rows: string[][];
}

const HEAD_LINES = 2000;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const DECIMAL_COMMA = /^[+-]?\d+,\d+(e[+-]?\d+)?$/i;
const MISSING = /^(|nan|na|n\/a|null|none|\?|-)$/i;

export const isNumber = (text: string): boolean => NUMBER.test(text);
export const isMissing = (text: string): boolean => MISSING.test(text);

/**
 * @param head The beginning of the file; a last line that may be cut must not be in it.
 * @param most Lines to look at.
 */
export function detectDialect(head: string, most = HEAD_LINES): Dialect | null {
  const lines = head
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/, most)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  if (lines.length === 0) return null;
  const sample = lines.slice(0, 50);
  const delimiter = bestDelimiter(sample);
  const cells = lines.map((line) => splitLine(line, delimiter));
  const body = cells.slice(cells.length > 1 ? 1 : 0).flat();
  const commas = body.filter((cell) => DECIMAL_COMMA.test(cell)).length;
  const decimalComma =
    delimiter !== ',' && commas > 0 && commas >= body.filter((cell) => /\d\.\d/.test(cell)).length;
  const first = cells[0] ?? [];
  const numeric = (cell: string) => isNumber(decimalComma ? cell.replace(',', '.') : cell) || isMissing(cell);
  const second = cells[1];
  // A header is a line of names above a line that holds numbers where the names stand.
  const isHeader =
    second !== undefined &&
    first.some((cell, index) => !numeric(cell) && isNumberCell(second[index], decimalComma));
  const rows = isHeader ? cells.slice(1) : cells;
  return {
    delimiter,
    decimalComma,
    header: isHeader ? first : null,
    columnCount: commonLength(rows),
    rows: decimalComma ? rows.map((row) => row.map((cell) => cell.replace(',', '.'))) : rows,
  };
}

function isNumberCell(cell: string | undefined, decimalComma: boolean): boolean {
  if (cell === undefined) return false;
  return isNumber(decimalComma ? cell.replace(',', '.') : cell);
}

export function splitLine(line: string, delimiter: Dialect['delimiter']): string[] {
  const cells = delimiter === 'whitespace' ? line.trim().split(/[ \t]+/) : line.split(delimiter);
  return cells.map((cell) =>
    cell
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .trim(),
  );
}

/** The one that cuts most lines into the same number of cells, more cells first. */
function bestDelimiter(lines: string[]): Dialect['delimiter'] {
  const candidates: Dialect['delimiter'][] = ['\t', ';', '|', ',', 'whitespace'];
  let best: Dialect['delimiter'] = ',';
  let highest = 0;
  for (const delimiter of candidates) {
    const counts = lines.map((line) => splitLine(line, delimiter).length);
    const usual = commonLength(lines.map((line) => splitLine(line, delimiter)));
    if (usual < 2) continue;
    const regular = counts.filter((count) => count === usual).length / counts.length;
    const score = regular * (1 + Math.min(usual, 100) / 1000);
    if (score > highest) {
      highest = score;
      best = delimiter;
    }
  }
  return best;
}

function commonLength(rows: string[][]): number {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  return [...counts].sort((first, second) => second[1] - first[1])[0]?.[0] ?? 0;
}
