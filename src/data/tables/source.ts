/** A file that holds a table, whatever its format: names of columns, and rows of cells, streamed. */
import { isMissing, toNumber, type NumberFormat } from '../delimited/numbers.ts';
import { withUnit } from '../delimited/units.ts';

/** Text as it stands in the file, or the number that a file of types holds; empty or NaN where nothing is known. */
export type Cell = string | number;

export interface SourceRow {
  /** Where a person finds it, from 1: the line of a text or a sheet, the number of a row else. */
  line: number;
  cells: readonly Cell[];
}

export interface TableSource {
  /** Relative to what is imported. */
  path: string;
  /** Of the columns, each another. */
  names: readonly string[];
  /** By column; null where nothing says it. */
  units: readonly (string | null)[];
  /** @param onProblem told of a line that cannot be read as it stands, by a word and a sentence */
  rows(
    onProblem: (reason: string, message: string, line: number) => void,
  ): AsyncIterable<readonly SourceRow[]>;
}

/** How cells are understood. */
export interface CellForm {
  format: NumberFormat;
  /** Cells that mean nothing beside those that always do. */
  missingWords: ReadonlySet<string>;
  /** Those of the words that are numbers: -999 is also written -999.0, and −999 kg. */
  missingNumbers: ReadonlySet<number>;
  /** Cells that are values, though they usually mean nothing. */
  knownWords: ReadonlySet<string>;
}

/** @param words as a person said them */
export function cellForm(
  format: NumberFormat,
  {
    missingWords = [],
    knownWords = [],
  }: { missingWords?: readonly string[]; knownWords?: readonly string[] } = {},
): CellForm {
  const numbers = missingWords.map((word) => toNumber(word.trim(), format));
  return {
    format,
    missingWords: new Set(missingWords),
    missingNumbers: new Set(numbers.filter((number) => !Number.isNaN(number))),
    knownWords: new Set(knownWords),
  };
}

/** The cell, or null where nothing is known. */
export function knownCell(cell: Cell | undefined, form: CellForm): Cell | null {
  if (cell === undefined) return null;
  const { missingWords, missingNumbers, knownWords } = form;
  if (typeof cell === 'number') return Number.isNaN(cell) || missingNumbers.has(cell) ? null : cell;
  if (missingWords.size > 0 && missingWords.has(cell)) return null;
  if (isMissing(cell)) return knownWords.size > 0 && knownWords.has(cell) ? cell : null;
  return missingNumbers.size > 0 && missingNumbers.has(cellNumber(cell, form)) ? null : cell;
}

export const cellText = (cell: Cell): string => (typeof cell === 'number' ? String(cell) : cell);

/** The greatest number that a stored row can hold. */
const GREATEST = 3.4028234663852886e38;

/** NaN for what is no number, and for one too large to be stored. A unit in the cell is looked over. */
export function cellNumber(cell: Cell, { format }: CellForm): number {
  const value = typeof cell === 'number' ? cell : textNumber(cell, format);
  return Math.abs(value) <= GREATEST ? value : NaN;
}

function textNumber(text: string, format: NumberFormat): number {
  const value = toNumber(text, format);
  if (!Number.isNaN(value)) return value;
  const measured = withUnit(text);
  return measured ? toNumber(measured.number, format) : NaN;
}

/** The unit that stands in a cell beside its number, as “%”; null where there is none. */
export function cellUnit(cell: Cell, { format }: CellForm): string | null {
  if (typeof cell === 'number') return null;
  const measured = withUnit(cell);
  return measured && measured.unit !== '' && !Number.isNaN(toNumber(measured.number, format))
    ? measured.unit
    : null;
}
