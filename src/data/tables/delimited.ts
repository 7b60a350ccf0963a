/** Delimited text as tables: names of columns, rows, and how numbers are written. */
import type { ImportOptions } from '../../contract/index.ts';
import type { Doubt } from '../../contract/messages/rpc.ts';
import { headDoubts } from '../delimited/doubts.ts';
import {
  decideNumbers,
  isMissing,
  looksLikeNumber,
  noEvidence,
  toNumber,
  weigh,
  type NumberFormat,
} from '../delimited/numbers.ts';
import { numberFormat } from '../delimited/plan.ts';
import type { NamedHead } from '../delimited/plan-types.ts';
import { openTable, type Table } from '../delimited/records.ts';
import { uniqueNames } from '../delimited/roles.ts';
import { FileProblem } from '../problem.ts';
import { describeFileError } from '../reading/issues.ts';
import type { ListedFile } from '../reading/listing.ts';
import { cellText, type Cell, type SourceRow, type TableSource } from './source.ts';
import { isSecondHead, secondNote } from './stored/sheet-head.ts';

export interface DelimitedTables {
  sources: TableSource[];
  /** In the order of the sources. */
  heads: NamedHead[];
  format: NumberFormat;
  doubts: Doubt[];
  unreadable: { path: string; reason: string; message: string }[];
  /** What was found in the names, in sentences. */
  notes: { path: string; reason: string; message: string }[];
}

/** Doubts that are about windows of recordings. */
const OF_RECORDINGS = ['delimited.other-columns'];

export async function openDelimited(
  files: readonly ListedFile[],
  options: ImportOptions,
): Promise<DelimitedTables> {
  const found: Omit<DelimitedTables, 'format' | 'doubts'> = {
    sources: [],
    heads: [],
    unreadable: [],
    notes: [],
  };
  const open: Doubt[] = [];
  for (const { path, absolute } of files) {
    try {
      const table = await openTable(absolute, options.text);
      if (!table) throw new FileProblem('empty', 'The file holds no rows.');
      const { source, notes, namesLine } = sourceOf(path, table, options.text.headerLine);
      const second = await secondHead(source, options);
      if (second?.isOpen) open.push(twoHeads(path, namesLine ?? second.line - 1, second.line));
      if (second && !second.isOpen) notes.push(secondNote(second.line));
      found.sources.push(second ? withoutRow(source, second.line) : source);
      found.heads.push({ path, encoding: table.encoding, dialect: table.dialect });
      found.notes.push(...notes.map((note) => ({ path, ...note })));
    } catch (error) {
      const { reason, message } = error instanceof FileProblem ? error : describeFileError(error, absolute);
      found.unreadable.push({ path, reason, message });
    }
  }
  const [usual] = found.heads;
  const decision = numberFormat(found.heads, options);
  const doubts = usual ? headDoubts(found.heads, usual, decision, options) : [];
  return {
    ...found,
    format: decision,
    doubts: [...open, ...doubts.filter(({ code }) => !OF_RECORDINGS.includes(code))],
  };
}

const LOOKED_AT = 50;

/** The first row, where it looks like names or units as the header does; open where nobody said which line names. */
async function secondHead(
  { rows }: TableSource,
  { text }: ImportOptions,
): Promise<{ line: number; isOpen: boolean } | null> {
  if (text.headerLine === 0) return null;
  for await (const block of rows(() => undefined)) {
    const format = decideNumbers(evidenceOf(block.slice(1, LOOKED_AT)));
    const typed = block.slice(0, LOOKED_AT).map(({ line, cells }) => ({
      line,
      cells: cells.map((cell): Cell => {
        const number = toNumber(cellText(cell), format);
        return Number.isNaN(number) ? (isMissing(cellText(cell)) ? '' : cell) : number;
      }),
    }));
    const [first, ...below] = typed;
    if (!first || !isSecondHead(first, below)) return null;
    return { line: first.line, isOpen: text.headerLine === undefined };
  }
  return null;
}

function evidenceOf(rows: readonly SourceRow[]) {
  const evidence = noEvidence();
  for (const { cells } of rows) for (const cell of cells) weigh(evidence, cellText(cell));
  return evidence;
}

/** @param first the lines in which both begin, from 1 */
const twoHeads = (path: string, first: number, second: number): Doubt => ({
  code: 'table.two-headers',
  message: `Lines ${first} and ${second} of “${path}” both look like names of columns.`,
  remedy: `Say which one names them (text.headerLine: ${first} or ${second}); the other is not read.`,
  blocking: true,
});

const withoutRow = (source: TableSource, left: number): TableSource => ({
  ...source,
  async *rows(onProblem) {
    for await (const block of source.rows(onProblem)) yield block[0]?.line === left ? block.slice(1) : block;
  },
});

function sourceOf(path: string, table: Table, headerLine: number | undefined) {
  const { dialect } = table;
  // Rows in which little is known look like what stands above the data: the first line decides where it holds names.
  const isNamed =
    headerLine === undefined &&
    table.header.length === dialect.columnCount &&
    table.header.every((cell) => cell !== '' && !isMissing(cell) && !looksLikeNumber(cell));
  const header = isNamed ? table.header : dialect.header;
  const count = dialect.columnCount;
  const titles = Array.from({ length: count }, (_, at) => header?.[at]?.trim() || `column ${at + 1}`);
  const names = uniqueNames(titles, count);
  const notes: { reason: string; message: string }[] = [];
  names.forEach((name, at) => {
    if (name !== titles[at])
      notes.push({
        reason: 'duplicate-name',
        message: `Column ${at + 1} has the name “${titles[at]}”, which another has too; it is called “${name}”.`,
      });
  });
  const source: TableSource = {
    path,
    names,
    units: names.map((_, at) => (isNamed ? null : dialect.units?.[at]) || null),
    async *rows(onProblem) {
      const openQuote = (line: number) =>
        onProblem(
          'open-quote',
          `Row ${line} has a quote that is never closed; the row is read without it.`,
          line,
        );
      for await (const block of table.rows(openQuote, isNamed ? undefined : dialect.dataLine))
        yield block.flatMap((row) => {
          const { line, cells } = row;
          if (cells.length <= 1 && cells.every((cell) => cell === '')) return [];
          if (cells.length === count) return row;
          if (/^(#|%|\/\/)/.test(cells[0] ?? '')) return [];
          // Spreadsheets write empty cells behind a row.
          const extra = cells.slice(count);
          return { line, cells: extra.every((cell) => cell === '') ? cells.slice(0, count) : cells };
        });
    },
  };
  return { source, notes, namesLine: isNamed ? table.headerLine : dialect.headerLine };
}
