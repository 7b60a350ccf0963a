/** A file that holds a table, whatever its format: names of columns, and rows of cells as text, streamed. */
import { isMissing, toNumber, type NumberFormat } from '../delimited/numbers.ts';

export interface SourceRow {
  /** Where a person finds it: the line of a text file, from 1. */
  line: number;
  cells: readonly string[];
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
}

/** The text of a cell, or null where nothing is known. */
export const knownCell = (cell: string | undefined, { missingWords }: CellForm): string | null =>
  cell === undefined || isMissing(cell) || missingWords.has(cell) ? null : cell;

/** The greatest number that a stored row can hold. */
const GREATEST = 3.4028234663852886e38;

/** NaN for what is no number, and for one too large to be stored. */
export function cellNumber(cell: string, { format }: CellForm): number {
  const value = toNumber(cell, format);
  return Math.abs(value) <= GREATEST ? value : NaN;
}
