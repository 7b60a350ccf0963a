/** A delimited table row by row, in bounded memory whatever its size and its quotes. */
import Papa from 'papaparse';
import { readChunks } from '../byte-stream.ts';
import { breathe } from '../breathe.ts';
import { detectDialect, isWithin, type Dialect, type TextOptions } from './dialect.ts';
import { decodeText, toUtf8, type Encoding } from './encoding.ts';
import { requireText } from './head.ts';
import { isComment, splitLine, type Delimiter } from './lines.ts';
import {
  endsOpen,
  MOST_CELL_LINES,
  onOneLine,
  separatorOf,
  wholeRecords,
  type QuoteState,
} from './quoted.ts';

export interface TableRow {
  /** Line in the file from 1, that of its beginning. */
  line: number;
  cells: string[];
}

export interface Table {
  encoding: Encoding;
  dialect: Dialect;
  /** The first row that is no comment: the names. */
  header: string[];
  /** Line of the header from 1, that of its beginning. */
  headerLine: number;
  /**
   * All further rows.
   * @param onOpenQuote told the line whose quote is never closed
   * @param from line of the first row, from 0; left out: the one after the header
   */
  rows(onOpenQuote: (line: number) => void, from?: number): AsyncGenerator<TableRow[]>;
}

const HEAD_BYTES = 128 * 1024;
const ROWS_AT_ONCE = 2000;
const LONGEST_LINE = 1024 * 1024;

/**
 * @returns null for a table without rows
 * @throws FileProblem for what is no text, or a file error
 */
export async function openTable(path: string, options: Partial<TextOptions> = {}): Promise<Table | null> {
  const head = await readBeginning(path);
  const found = requireText(head, head.length < HEAD_BYTES, options);
  const isSure = options.encoding !== undefined && options.encoding !== 'auto';
  // One letter of another encoding may come late.
  const encoding = found === 'utf-8' && !isSure && !(await isUtf8File(path)) ? 'windows-1252' : found;
  const text = decodeText(head, encoding);
  const end = head.length < HEAD_BYTES ? text.length : text.lastIndexOf('\n') + 1;
  const dialect = detectDialect({ first: text.slice(0, end), later: [] }, options);
  if (!dialect) return null;
  const lines = wholeRecords(text.split(/\r?\n/));
  const isAbove = (line: string, at: number) =>
    line.trim() === '' || isComment(line) || (at === 0 && /^"?sep=./i.test(line));
  const names = options.headerLine
    ? lines.find((record) => isWithin(record, options.headerLine!))
    : lines.find(({ text: line, at }) => !isAbove(line, at));
  const header = splitLine(names?.text ?? '', dialect.delimiter).map(onOneLine);
  return {
    encoding,
    dialect,
    header,
    headerLine: (names?.at ?? 0) + 1,
    rows: (onOpenQuote, from = names?.end ?? 0) =>
      rowsOf(path, encoding, dialect.delimiter, from, onOpenQuote),
  };
}

async function readBeginning(path: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of readChunks(path)) {
    parts.push(chunk);
    length += chunk.length;
    if (length >= HEAD_BYTES) break;
  }
  return Buffer.concat(parts).subarray(0, HEAD_BYTES);
}

async function isUtf8File(path: string): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of readChunks(path)) decoder.decode(chunk, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** @param skipped Lines that stand above the rows. */
async function* rowsOf(
  path: string,
  encoding: Encoding,
  delimiter: Delimiter,
  skipped: number,
  onOpenQuote: (line: number) => void,
): AsyncGenerator<TableRow[]> {
  let lineNumber = 0;
  /** Lines of a record whose quote is still open. */
  let open: string[] = [];
  let block: TableRow[] = [];
  const take = (line: string) => block.push({ line: lineNumber, cells: splitLine(line, delimiter) });
  const giveUp = () => {
    const lines = open;
    open = [];
    const last = lineNumber;
    lineNumber = last - lines.length + 1;
    onOpenQuote(lineNumber);
    for (const [at, line] of lines.entries()) {
      if (at === 0)
        block.push({
          line: lineNumber,
          cells: line
            .replaceAll('"', '')
            .split(separator(delimiter))
            .map((cell) => cell.trim()),
        });
      else if (endsOpen(line, separatorOf(delimiter), false) === 'open' || open.length > 0) open.push(line);
      else take(line);
      if (at < lines.length - 1) lineNumber += 1;
    }
    lineNumber = last;
  };
  const add = (line: string) => {
    lineNumber += 1;
    if (lineNumber <= skipped) return;
    if (open.length === 0 && !line.includes('"')) {
      take(line);
      return;
    }
    open.push(line);
    const state = stateOf(open, delimiter);
    if (state === 'closed') {
      const cells = open.length === 1 ? splitLine(open[0]!, delimiter) : parseRecord(open, delimiter);
      block.push({ line: lineNumber - open.length + 1, cells });
      open = [];
    } else if (state === 'broken' || open.length > MOST_CELL_LINES) giveUp();
  };
  for await (const lines of linesOf(path, encoding)) {
    for (const line of lines) {
      add(line);
      if (block.length < ROWS_AT_ONCE) continue;
      yield block;
      block = [];
      await breathe();
    }
  }
  while (open.length > 0) giveUp();
  if (block.length > 0) yield block;
}

const separator = (delimiter: Delimiter): string | RegExp =>
  delimiter === 'whitespace' ? /[ \t]+/ : delimiter;

function parseRecord(lines: string[], delimiter: Delimiter): string[] {
  const { data } = Papa.parse<string[]>(lines.join('\n'), {
    delimiter: delimiter === 'whitespace' ? ' ' : delimiter,
    newline: '\n',
  });
  return (data[0] ?? []).map((cell) => cell.trim());
}

function stateOf(lines: readonly string[], delimiter: Delimiter): QuoteState {
  const parts = separatorOf(delimiter);
  let state: QuoteState = 'closed';
  for (const line of lines) {
    state = endsOpen(line, parts, state === 'open');
    if (state === 'broken') return state;
  }
  return state;
}

/** The lines of a chunk at a time. */
async function* linesOf(path: string, encoding: Encoding): AsyncGenerator<string[]> {
  const toText = toUtf8(encoding);
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  const cut = (text: string): string[] => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    // No table has such a line: what it holds is dropped rather than kept for ever.
    if (rest.length > LONGEST_LINE) rest = rest.slice(0, LONGEST_LINE);
    return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  };
  for await (const chunk of readChunks(path)) yield cut(decoder.decode(toText.push(chunk), { stream: true }));
  yield cut(decoder.decode(toText.finish()));
  if (rest !== '') yield [rest];
}
