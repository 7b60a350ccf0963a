/** Cells of a sheet of Excel, row by row: numbers, texts, yes and no, dates, and what formulas gave. */
import type { Cell, SourceRow } from '../source.ts';
import { momentText } from './cells.ts';
import { xmlOf, type Sheet, type Workbook } from './xlsx-book.ts';

export interface SheetFacts {
  formulas: number;
  firstFormula: string;
  /** Formulas whose value was never computed. */
  uncomputed: number;
  firstUncomputed: string;
  merged: number;
  onError(cell: string, error: string, line: number): void;
}

export const noSheetFacts = (onError: SheetFacts['onError'] = () => undefined): SheetFacts => ({
  formulas: 0,
  firstFormula: '',
  uncomputed: 0,
  firstUncomputed: '',
  merged: 0,
  onError,
});

/** Rows with at least one value; cells up to the last that holds one. @param from line of the first row, from 1 */
export async function* cellsOfSheet(
  book: Workbook,
  { part }: Sheet,
  facts: SheetFacts,
  from = 1,
): AsyncGenerator<SourceRow[]> {
  let rows: SourceRow[] = [];
  let line = 0;
  let cells: Cell[] = [];
  let cell = { place: '', column: 0, type: 'n', style: 0, hasFormula: false, hasValue: false, text: '' };
  let inValue = false;
  const close = () => {
    if (cell.hasFormula) {
      facts.formulas++;
      if (cell.hasValue) facts.firstFormula ||= cell.place;
      else if (facts.uncomputed++ === 0) facts.firstUncomputed = cell.place;
    }
    if (cell.type === 'e' && cell.hasValue && line >= from) facts.onError(cell.place, cell.text, line);
    const value = valueOf(book, cell.type, cell.style, cell.text);
    if (value === '') return;
    while (cells.length < cell.column) cells.push('');
    cells[cell.column] = value;
  };
  const stretches = xmlOf(await book.part(part), {
    open(tag, attributes) {
      if (tag === 'row') {
        line = attributes['r'] === undefined ? line + 1 : Number(attributes['r']);
        cells = [];
      } else if (tag === 'c') {
        const place = attributes['r'] ?? '';
        const column = place === '' ? cell.column + 1 : columnOf(place);
        cell = {
          place: place === '' ? `column ${column + 1} of row ${line}` : place,
          column: cells.length === 0 && place === '' ? 0 : column,
          type: attributes['t'] ?? 'n',
          style: Number(attributes['s'] ?? 0),
          hasFormula: false,
          hasValue: false,
          text: '',
        };
      } else if (tag === 'f') cell.hasFormula = true;
      else if (tag === 'v' || tag === 't') inValue = true;
      else if (tag === 'mergeCell') facts.merged++;
    },
    text(text) {
      if (!inValue) return;
      cell.text += text;
      cell.hasValue = true;
    },
    close(tag) {
      if (tag === 'v' || tag === 't') inValue = false;
      else if (tag === 'c') close();
      else if (tag === 'row' && cells.length > 0 && line >= from) rows.push({ line, cells });
    },
  });
  for await (const _ of stretches) {
    if (rows.length > 0) yield rows;
    rows = [];
  }
}

/** The place of a column, from 0, of a cell such as “AB12”. */
export function columnOf(place: string): number {
  let column = 0;
  for (let at = 0; at < place.length; at++) {
    const letter = place.charCodeAt(at) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return column - 1;
}

function valueOf({ texts, isDate, from1904 }: Workbook, type: string, style: number, text: string): Cell {
  if (text === '') return '';
  switch (type) {
    case 's':
      return texts[Number(text)] ?? '';
    case 'b':
      return text === '1' ? 'true' : 'false';
    case 'e':
      return '';
    case 'd':
      return text
        .replace('T', ' ')
        .replace(/\.\d+$/, '')
        .replace(/ 00:00:00$/, '');
    case 'n':
      return isDate[style] ? dayText(Number(text), from1904) : Number(text);
    default:
      return text.trim();
  }
}

const DAY_MS = 86_400_000;
/** 1899-12-30: Excel counts a 29th of February in 1900 that never was, so that days before March 1900 are one off. */
const EPOCH_MS = Date.UTC(1899, 11, 30);
const DAYS_TO_1904 = 1462;

/** A day number of Excel, to whole seconds; less than a day is a time of day, and stays a number. */
export function dayText(days: number, from1904: boolean): Cell {
  if (Number.isNaN(days)) return '';
  const counted = from1904 ? days + DAYS_TO_1904 : days;
  if (counted < 1) return days;
  const shifted = counted < 60 ? counted + 1 : counted;
  return momentText(EPOCH_MS + Math.round((shifted * DAY_MS) / 1000) * 1000);
}
