/**
 * How one delimited text is written: separator, numbers, and what stands above the rows of data.
 *
 * It is told from a head of the file: all its first lines, and some from further on.
 */
import type { ImportOptions } from '../../contract/recipe/recipe.ts';
import { chooseDelimiter, commonLength, isComment, splitLine, withoutMark, type Delimiter } from './lines.ts';
import { isMissing, looksLikeNumber, noEvidence, weigh, type NumberEvidence } from './numbers.ts';
import { FileProblem } from '../problem.ts';
import { onOneLine, wholeRecords, type LineRecord } from './quoted.ts';
import { looksLikeTime } from './time.ts';

export interface Dialect {
  delimiter: Delimiter;
  commaIsEither: boolean;
  /** Names of the columns; null where there are none. */
  header: string[] | null;
  /** Line of the names from 1, that of their beginning; null where there are none, or a comment holds them. */
  headerLine: number | null;
  /** The names are numbers in a row, which could be a row of data. */
  headerIsNumbers: boolean;
  units: string[] | null;
  /** Line of the first row of data, from 0. */
  dataLine: number;
  columnCount: number;
  /** Samples per second, where a line above the data says so. */
  statedRate: number | null;
  evidence: NumberEvidence;
  /** Rows of data as text: the first ones, without a gap between them. */
  rows: string[][];
  /** Rows from further on. */
  laterRows: string[][];
}

export interface HeadText {
  /** From the start of the file, in whole lines. */
  first: string;
  /** Pieces from further on, in whole lines. */
  later: string[];
}

export type TextOptions = ImportOptions['text'];

const MOST_LINES = 2000;
const JUDGED_LINES = 80;
const WEIGHED_ROWS = 400;

interface Line {
  /** In the file, from 0, and the one after its last: quoted cells hold line ends. */
  at: number;
  end: number;
  cells: string[];
}

export function detectDialect(
  { first, later }: HeadText,
  options: Partial<TextOptions> = {},
): Dialect | null {
  const lines = wholeRecords(first.split(/\r?\n/, MOST_LINES));
  const stated = /^"?sep=(.)"?\s*$/i.exec(lines[0]?.text ?? '')?.[1];
  const skipped = stated === undefined ? 0 : 1;
  const usable = lines.filter(({ text, at }) => at >= skipped && text.trim() !== '' && !isComment(text));
  if (usable.length === 0) return null;
  refuseEmptyHeader(lines, options.headerLine);
  const texts = usable.map(({ text }) => text);
  // The lines above the data would only mislead.
  const body = spread(texts.slice(Math.min(Math.floor(texts.length / 4), 40)), JUDGED_LINES);
  const { delimiter, commaIsEither } = delimiterOf(options, stated, body, texts[0] ?? '');
  const table = usable.map(({ text, at, end }) => ({ at, end, cells: splitLine(text, delimiter) }));
  const layout = findLayout(table, options.headerLine);
  const { dataStart, columnCount } = layout;
  const comments = lines
    .map(({ text }) => text)
    .filter(isComment)
    .map(withoutMark);
  const above = [...comments, ...table.slice(0, dataStart).map(({ cells }) => cells.join(' '))];
  const header = (layout.header ?? commentHeader(comments, delimiter, columnCount))?.map(onOneLine) ?? null;
  const rows = table.slice(dataStart).map(({ cells }) => cells);
  const laterRows = later.flatMap((text) =>
    text
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '' && !isComment(line))
      .map((line) => splitLine(line, delimiter)),
  );
  const evidence = noEvidence();
  for (const row of [...spread(rows, WEIGHED_ROWS), ...laterRows])
    for (const cell of row) weigh(evidence, cell);
  return {
    delimiter,
    commaIsEither,
    header,
    headerLine: layout.headerAt === null ? null : layout.headerAt + 1,
    headerIsNumbers: layout.headerIsNumbers,
    units: layout.units,
    dataLine: table[dataStart]?.at ?? 0,
    columnCount,
    statedRate: layout.statedRate ?? rateIn(above),
    evidence,
    rows,
    laterRows,
  };
}

/** @throws FileProblem where the line that is told to hold the names holds nothing, or is beyond the head of the file */
function refuseEmptyHeader(lines: readonly LineRecord[], headerLine: number | undefined): void {
  if (!headerLine) return;
  const record = lines.find((one) => isWithin(one, headerLine));
  if (record && record.text.trim() !== '') return;
  throw new FileProblem(
    'no-names',
    `Line ${headerLine} is to hold the names of columns (text.headerLine), and ${record ? 'it is empty' : `the part of the file that is looked at has ${lines.at(-1)?.end ?? 0} lines`}. Say which line does, 0 for none.`,
  );
}

/** Whether a line, from 1, is of a record, which may go over several. */
export const isWithin = ({ at, end }: { at: number; end: number }, line: number): boolean =>
  at < line && line <= end;

function delimiterOf(
  options: Partial<TextOptions>,
  stated: string | undefined,
  body: string[],
  top: string,
): { delimiter: Delimiter; commaIsEither: boolean } {
  const chosen = options.delimiter ?? 'auto';
  if (chosen !== 'auto') return { delimiter: DELIMITERS[chosen], commaIsEither: false };
  const known = Object.values(DELIMITERS).find((one) => one === stated);
  if (known) return { delimiter: known, commaIsEither: false };
  const found = chooseDelimiter(body, top);
  if (!found.commaIsEither || options.decimal === undefined || options.decimal === 'auto') return found;
  return { delimiter: options.decimal === 'comma' ? ';' : ',', commaIsEither: false };
}

const DELIMITERS: Record<Exclude<TextOptions['delimiter'], 'auto'>, Delimiter> = {
  comma: ',',
  semicolon: ';',
  tab: '\t',
  bar: '|',
  space: 'whitespace',
};

interface Layout {
  dataStart: number;
  columnCount: number;
  header: string[] | null;
  /** Line of the names, from 0. */
  headerAt: number | null;
  headerIsNumbers: boolean;
  units: string[] | null;
  statedRate: number | null;
}

const isValue = (cell: string): boolean => isMissing(cell) || looksLikeNumber(cell) || looksLikeTime(cell);

/** @param headerLine Line of the names from 1, 0 for none; undefined: look for it. */
function findLayout(table: Line[], headerLine: number | undefined): Layout {
  const half = spread(table.slice(Math.floor(table.length / 2)), WEIGHED_ROWS).map(({ cells }) => cells);
  const columnCount = commonLength(half);
  const usual = half.filter((cells) => cells.length === columnCount);
  const isNumeric = Array.from({ length: columnCount }, (_, column) => {
    const cells = usual.map((row) => row[column] ?? '');
    return cells.some((cell) => !isMissing(cell)) && cells.filter(isValue).length >= cells.length * 0.8;
  });
  const numeric = isNumeric.flatMap((is, column) => (is ? [column] : []));
  const fits = ({ cells }: Line) =>
    cells.length === columnCount &&
    numeric.filter((column) => isValue(cells[column] ?? '')).length >= numeric.length * 0.8 &&
    numeric.some((column) => !isMissing(cells[column] ?? ''));
  const none = { header: null, headerAt: null, headerIsNumbers: false, units: null, statedRate: null };
  if (headerLine !== undefined) {
    const at = table.findIndex((line) => isWithin(line, headerLine));
    const names = at >= 0 ? padded(table[at]!.cells, columnCount) : null;
    const start = numeric.length === 0 ? at + 1 : table.findIndex((line, index) => index > at && fits(line));
    const dataStart = Math.max(start, at + 1, 0);
    const units = dataStart - at === 2 && at >= 0 ? unitsOf(table[at + 1]!.cells) : null;
    return { ...none, dataStart, columnCount, header: names, headerAt: table[at]?.at ?? null, units };
  }
  // A table of words alone has its names in the first line, as no line can be told from another.
  if (numeric.length === 0) {
    const header = padded(table[0]?.cells ?? [], columnCount);
    return { ...none, dataStart: 1, columnCount, header, headerAt: table[0]?.at ?? null };
  }
  const dataStart = Math.max(0, table.findIndex(fits));
  const device = startAndRate(table);
  if (device !== null && dataStart < 2) return { ...none, dataStart: 2, columnCount, statedRate: device };
  const above = table.slice(0, dataStart).filter(({ cells }) => couldBeNames(cells, columnCount));
  if (above.length === 0) {
    if (!isCountingHeader(table, dataStart)) return { ...none, dataStart, columnCount };
    const { cells: header, at: headerAt } = table[dataStart]!;
    return { ...none, dataStart: dataStart + 1, columnCount, header, headerAt, headerIsNumbers: true };
  }
  return { ...none, dataStart, columnCount, ...namesFrom(above, columnCount) };
}

/** As many cells as there are columns; one less where the first, or an empty last column has no name. */
function couldBeNames(cells: string[], columnCount: number): boolean {
  const close = Math.abs(cells.length - columnCount) <= 1;
  return close && cells.filter((cell) => cell !== '' && !isValue(cell)).length >= cells.length / 3;
}

function namesFrom(above: Line[], columnCount: number): Pick<Layout, 'header' | 'headerAt' | 'units'> {
  const { cells: last, at } = above.at(-1)!;
  const { cells: before, at: beforeAt = at } = above.at(-2) ?? {};
  if (before && isUnits(last))
    return { header: padded(before, columnCount), headerAt: beforeAt, units: padded(last, columnCount) };
  // "EMG,,,IMU,," above "x,y,z,x,y,z": both together name a column.
  if (before && new Set(last).size < last.length && before.length === last.length) {
    let group = '';
    const joined = last.map((name, column) => {
      group = before[column] || group;
      return [group, name].filter(Boolean).join(' ');
    });
    return { header: padded(joined, columnCount), headerAt: beforeAt, units: null };
  }
  return { header: padded(last, columnCount), headerAt: at, units: null };
}

const UNIT =
  /^[([]?(|-|s|sec|ms|us|µs|ns|min|h|v|mv|uv|µv|nv|t|ft|pt|g|mg|m\/s\^?2|m\/s²|rad\/s|deg\/s|dps|°\/s|deg|°|rad|°c|degc|c|k|°f|hz|khz|%|pa|kpa|hpa|bar|mbar|psi|n|kn|nm|n\.?m|kg|lb|m|cm|mm|um|µm|km|m\/s|km\/h|rpm|bpm|a|ma|ua|µa|w|kw|ohm|kohm|us|µs|siemens|db|lux|count|counts|a\.?u\.?|n\/a|none|unitless|string|int|float|enum|yyyy.*|hh:.*)[)\]]?$/i;
const isUnits = (cells: string[]): boolean =>
  cells.filter((cell) => UNIT.test(cell)).length >= cells.length * 0.6;
const unitsOf = (cells: string[]): string[] | null => (isUnits(cells) ? cells : null);

/** R writes no name above the numbers of rows, which come first. */
function padded(cells: string[], columnCount: number): string[] {
  if (cells.length === columnCount - 1) return ['', ...cells];
  return cells.slice(0, Math.max(columnCount, 0));
}

/** "0,1,2" above decimals: names that a program gave. Wavelengths in even steps are such names too. */
function isCountingHeader(table: Line[], start: number): boolean {
  const numbers = table[start]?.cells.map(Number) ?? [];
  if (numbers.length < 2 || numbers.some((number) => !Number.isInteger(number))) return false;
  const step = numbers[1]! - numbers[0]!;
  if (step <= 0 || numbers.some((number, index) => index > 0 && number - numbers[index - 1]! !== step))
    return false;
  const body = table.slice(start + 1, start + 41).map(({ cells }) => cells);
  return body.length >= 3 && body.every((cells) => cells.some((cell) => /[.,]\d/.test(cell)));
}

/** Two rows of wearables (Empatica): the start in seconds since 1970, the rate; one of each a column. */
function startAndRate(table: Line[]): number | null {
  const [start, rate, third] = table.map(({ cells }) => cells.map(Number));
  if (!start?.length || !rate?.length || third?.length !== start.length) return null;
  const isSame = (numbers: number[]) => numbers.every((number) => number === numbers[0]);
  const [began = NaN, hz = NaN] = [start[0], rate[0]];
  if (!isSame(start) || !isSame(rate) || !(began > 9e8 && began < 4e9)) return null;
  if (!(hz > 0 && hz <= 100_000) || third.some((value) => value > 9e8)) return null;
  return hz;
}

/** The last comment above the data, if it names as many columns as there are (NumPy, gnuplot). */
function commentHeader(comments: string[], delimiter: Delimiter, columnCount: number): string[] | null {
  const cells = splitLine(comments.at(-1) ?? '', delimiter);
  if (columnCount < 2 || cells.length !== columnCount) return null;
  return cells.every((cell) => cell !== '' && !isValue(cell)) ? cells : null;
}

function rateIn(lines: string[]): number | null {
  for (const line of lines) {
    const found = /sampl\w*[ _-]*(?:rate|freq\w*)|\b(?:s?freq(?:uency)?|fs)\b/i.exec(line);
    const value = found && /([\d.]+)\s*(k?hz)?/i.exec(line.slice(found.index + found[0].length));
    const hz = value ? Number(value[1]) * (/^k/i.test(value[2] ?? '') ? 1000 : 1) : NaN;
    if (hz > 0 && hz <= 1_000_000) return hz;
  }
  return null;
}

/** Up to `most` items, evenly over the list. */
export function spread<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, index) => items[Math.floor((index * items.length) / most)]!);
}
