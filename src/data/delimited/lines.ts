/** Lines of text into cells, and which character parts them. */
import Papa from 'papaparse';
import { isMissing, looksLikeNumber } from './numbers.ts';
import { looksLikeTime } from './time.ts';

/** A character, or `whitespace` for any run of spaces and tabs. */
export type Delimiter = ',' | ';' | '\t' | '|' | 'whitespace';

export const DELIMITER_TITLES: Record<Delimiter, string> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars',
  whitespace: 'spaces',
};

const COMMENT = /^\s*(#|%|\/\/)/;
export const isComment = (line: string): boolean => COMMENT.test(line);
export const withoutMark = (line: string): string => line.replace(/^\s*(#+|%+|\/\/+)\s?/, '');

export function splitLine(line: string, delimiter: Delimiter): string[] {
  if (delimiter === 'whitespace') {
    const cells = line.includes('"') ? line.match(/"(?:[^"]|"")*"|[^\s"]+/g) : line.trim().split(/[ \t]+/);
    return (cells ?? []).map(bare);
  }
  // Quotes are rare, and the whole parser costs for every line.
  if (!line.includes('"')) return trimmed(line.split(delimiter));
  const { data } = Papa.parse<string[]>(line.replace(/"\s+(?=[,;|\t])/g, '"'), { delimiter, newline: '\n' });
  return (data[0] ?? []).map(bare);
}

/** Cells without space around them, in place: few have any. */
export function trimmed(cells: string[]): string[] {
  for (let at = 0; at < cells.length; at++) {
    const cell = cells[at]!;
    if (cell !== '' && !(isInk(cell.charCodeAt(0)) && isInk(cell.charCodeAt(cell.length - 1))))
      cells[at] = cell.trim();
  }
  return cells;
}

/** Of the letters that are surely no space. */
const isInk = (code: number): boolean => code > 32 && code < 128;

const bare = (cell: string): string =>
  cell
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim();

export interface DelimiterChoice {
  delimiter: Delimiter;
  /** A comma parts decimals or columns, and nothing tells which. */
  commaIsEither: boolean;
}

const CANDIDATES: readonly Delimiter[] = ['\t', ';', '|', ',', 'whitespace'];

/**
 * The delimiter that cuts most lines into the same number of cells, these being numbers, times or nothing.
 * @param body Lines of data; those above them are told by their length afterwards.
 * @param top The first line of all, which may hold names.
 */
export function chooseDelimiter(body: readonly string[], top: string): DelimiterChoice {
  let best: { delimiter: Delimiter; score: number; count: number } | null = null;
  for (const delimiter of CANDIDATES) {
    const rows = body.map((line) => splitLine(line, delimiter));
    const count = commonLength(rows);
    if (count < 2) continue;
    if (delimiter === 'whitespace' && best && best.delimiter !== delimiter && cutsCells(best.delimiter, rows))
      continue;
    const named = splitsNames(top, delimiter, count) ? NAMED : 1;
    const score: number = rateOf(rows, count, delimiter) * named * (1 + Math.min(count, 100) / 100_000);
    // Names and words hold spaces too: they part columns only where nothing else does it as well.
    if (!best || score > best.score * (delimiter === 'whitespace' ? 1.05 : 1))
      best = { delimiter, score, count };
  }
  if (!best) return { delimiter: ',', commaIsEither: false };
  if (best.delimiter !== ',') return { delimiter: best.delimiter, commaIsEither: false };
  return commaOf(body, best.count, top);
}

/** The first line parts into as many names: a comma that parts decimals in each row does not do that. */
const splitsNames = (top: string, delimiter: Delimiter, count: number): boolean => {
  const names = splitLine(top, delimiter);
  return names.length === count && names.every((name) => name !== '' && !isValue(name, delimiter));
};
const NAMED = 2;

/**
 * Whether spaces would part what another delimiter holds together in every line: "a.png,subject 1" is a name and a
 * subject with a space, "1,5 2,5" are two numbers with decimal commas.
 */
function cutsCells(delimiter: Delimiter, partedBySpaces: readonly string[][]): boolean {
  return partedBySpaces.every((row) =>
    row.some((cell) => cell.includes(delimiter) && !isValue(cell, 'whitespace')),
  );
}

/** A value in three columns of a hundred that is text must not tell against a delimiter for long. */
function rateOf(rows: string[][], count: number, delimiter: Delimiter): number {
  const usual = rows.filter((row) => row.length === count);
  let good = 0;
  let cells = 0;
  for (const row of usual) {
    for (const cell of row) {
      cells += 1;
      if (isValue(cell, delimiter)) good += 1;
    }
  }
  return (usual.length / rows.length) * (0.2 + good / Math.max(1, cells));
}

const isValue = (cell: string, delimiter: Delimiter): boolean =>
  isMissing(cell) ||
  looksLikeTime(cell) ||
  (looksLikeNumber(cell) && (delimiter === ',' || !/,\d+,\d{0,2}$/.test(cell)));

/** "0,60238": one column with decimal commas, or two columns of whole numbers? */
function commaOf(body: readonly string[], count: number, top: string): DelimiterChoice {
  const columns: DelimiterChoice = { delimiter: ',', commaIsEither: false };
  if (count !== 2 || body.some((line) => line.includes('"'))) return columns;
  const rows = body.filter((line) => splitLine(line, ',').length === 2);
  const pairs = rows.map((line) => /^\s*[+-]?\d+,(\d+)\s*$/.exec(line)?.[1]);
  if (pairs.length === 0 || pairs.some((digits) => digits === undefined)) return columns;
  const isOne = { delimiter: ';', commaIsEither: false } as const;
  if (!looksLikeNumber(top) && splitLine(top, ',').length === 1) return isOne;
  if (splitLine(top, ',').every((name) => name !== '' && !looksLikeNumber(name))) return columns;
  // Decimals begin with a zero one time in ten; whole numbers never do.
  const zeros = pairs.filter((digits) => digits!.length > 1 && digits!.startsWith('0')).length;
  if (zeros > 0) return isOne;
  const lengths = new Set(pairs.map((digits) => digits!.length));
  if (lengths.size === 1 && (pairs[0]?.length ?? 0) > 1) {
    return pairs.length >= 40 ? columns : { delimiter: ';', commaIsEither: true };
  }
  return pairs.length >= 20 ? columns : { delimiter: ',', commaIsEither: true };
}

export function commonLength(rows: readonly string[][]): number {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  return [...counts].sort((first, second) => second[1] - first[1])[0]?.[0] ?? 0;
}
