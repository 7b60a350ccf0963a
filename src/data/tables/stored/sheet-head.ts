/** Which row of a sheet holds the names of columns: titles above are told of, two rows of names are asked about. */
import type { Doubt } from '../../../contract/messages/rpc.ts';
import { FileProblem } from '../../problem.ts';
import { cellText, type Cell, type SourceRow } from '../source.ts';

export interface SheetHead {
  titles: string[];
  units: (string | null)[];
  /** The first row of values, as the sheet counts them. */
  dataLine: number;
  notes: { reason: string; message: string }[];
  doubts: Doubt[];
}

/**
 * @param rows the first ones with a value
 * @param headerLine as told: the row of the names, 0 for none
 * @throws FileProblem where that row holds nothing
 */
export function headOfSheet(
  rows: readonly SourceRow[],
  sheet: string,
  headerLine: number | undefined,
): SheetHead {
  const width = Math.max(...rows.map(({ cells }) => cells.length));
  const none = { units: new Array<null>(width).fill(null), notes: [], doubts: [] };
  const numbered = Array.from({ length: width }, (_, at) => `column ${at + 1}`);
  if (headerLine === 0) return { ...none, titles: numbered, dataLine: 1 };
  if (headerLine !== undefined) {
    const head = rows.find(({ line }) => line === headerLine);
    if (!head)
      throw new FileProblem(
        'no-names',
        `Row ${headerLine} of “${sheet}” is to hold the names of columns (text.headerLine), and holds nothing, or lies below the rows that are looked at (to row ${rows.at(-1)!.line}). Say which row does, 0 for none.`,
      );
    const titles = titlesOf(head.cells, width);
    const next = rows.find(({ line }) => line > headerLine);
    if (
      !next ||
      !isSecondHead(
        next,
        rows.filter(({ line }) => line > next.line),
      )
    )
      return { ...none, titles, dataLine: headerLine + 1 };
    return { ...none, titles, dataLine: next.line + 1, notes: [secondNote(next.line)] };
  }
  // A title above a table stands in a cell or two.
  const first = rows.findIndex(({ cells }) => filled(cells) > Math.max(1, width / 2));
  const at = first < 0 ? 0 : first;
  const head = rows[at]!;
  if (!isNames(head.cells))
    return {
      ...none,
      titles: numbered,
      dataLine: head.line,
      doubts: [
        {
          code: 'table.no-names',
          message: `Row ${head.line} of “${sheet}” holds values: no row names the columns.`,
          remedy: 'Say which row holds names (text.headerLine), 0 for none.',
          blocking: false,
        },
      ],
    };
  const notes =
    at === 0
      ? []
      : [
          {
            reason: 'above-table',
            message: `${at === 1 ? 'A row' : `${at} rows`} above row ${head.line} of “${sheet}” ${at === 1 ? 'stands' : 'stand'} above the names of columns, and ${at === 1 ? 'is' : 'are'} not read.`,
          },
        ];
  const titles = titlesOf(head.cells, width);
  const next = rows[at + 1];
  if (!next || !isSecondHead(next, rows.slice(at + 2)))
    return { ...none, titles, dataLine: head.line + 1, notes };
  const units = next.cells.map((cell) => unitOf(cell));
  if (units.every((unit, place) => unit !== null || next.cells[place] === ''))
    return {
      titles,
      units: none.units.map((_, place) => units[place] ?? null),
      dataLine: next.line + 1,
      notes,
      doubts: [],
    };
  return {
    ...none,
    titles,
    dataLine: head.line + 1,
    notes,
    doubts: [
      {
        code: 'table.two-headers',
        message: `Rows ${head.line} and ${next.line} of “${sheet}” both look like names of columns.`,
        remedy: `Say which one names them (text.headerLine: ${head.line} or ${next.line}).`,
        blocking: true,
      },
    ],
  };
}

const filled = (cells: readonly Cell[]): number => cells.filter((cell) => cell !== '').length;
const isNames = (cells: readonly Cell[]): boolean =>
  cells.every((cell) => typeof cell === 'string') && filled(cells) > 0;

const titlesOf = (cells: readonly Cell[], width: number): string[] =>
  Array.from({ length: width }, (_, at) => cellText(cells[at] ?? ''));

/** Rows of values that a head is told by. */
const FEWEST_BELOW = 3;

export const secondNote = (line: number): SheetHead['notes'][number] => ({
  reason: 'second-names',
  message: `Row ${line} looks like names or units below the names of columns, and is not read.`,
});

/** Texts alone, where every row below has a number in one of the same columns. */
export function isSecondHead({ cells }: SourceRow, below: readonly SourceRow[]): boolean {
  if (!isNames(cells) || below.length < FEWEST_BELOW) return false;
  return cells.some(
    (cell, at) =>
      cell !== '' &&
      below.every((row) => typeof row.cells[at] === 'number' || (row.cells[at] ?? '') === '') &&
      below.some((row) => typeof row.cells[at] === 'number'),
  );
}

/** “kg” of “(kg)” or “[kg]”. */
const unitOf = (cell: Cell): string | null =>
  typeof cell === 'string' ? (/^[([](.{1,20})[)\]]$/.exec(cell)?.[1] ?? null) : null;
