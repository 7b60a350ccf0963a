/** Cells of a table into the numbers of a stored row. */
import type { ColumnOutline, DatePart } from '../../contract/data/columns.ts';
import { DATE } from './kinds.ts';
import { cellNumber, cellText, type Cell, type CellForm } from './source.ts';

/** A column of the file and its places in the row. */
export interface ColumnEncoder {
  /** Its name in the file. */
  column: string;
  /** What a cell has to be: “a number”. */
  expected: string;
  width: number;
  /**
   * Writes a known cell into a row from a place on.
   * @returns false where it is not what the column holds, and NaN was written
   */
  encode(cell: Cell, row: Float32Array, at: number): boolean;
}

/** Encoders in the order of the outlines; those of one date stand together. */
export function encodersFor(outlines: readonly ColumnOutline[], form: CellForm): ColumnEncoder[] {
  const encoders: ColumnEncoder[] = [];
  for (let at = 0; at < outlines.length;) {
    const outline = outlines[at]!;
    const column = outline.madeOf?.column;
    let end = at + 1;
    while (column !== undefined && outlines[end]?.madeOf?.column === column) end++;
    encoders.push(
      column !== undefined
        ? dateEncoder(
            column,
            outlines.slice(at, end).map(({ madeOf }) => madeOf!.part),
          )
        : 'categories' in outline
          ? categoryEncoder(outline, form)
          : numberEncoder(outline.name, form),
    );
    at = end;
  }
  return encoders;
}

const numberEncoder = (column: string, form: CellForm): ColumnEncoder => ({
  column,
  expected: 'a number',
  width: 1,
  encode(cell, row, at) {
    row[at] = cellNumber(cell, form);
    return !Number.isNaN(row[at]);
  },
});

function categoryEncoder(
  outline: Extract<ColumnOutline, { categories: string[] }>,
  form: CellForm,
): ColumnEncoder {
  const { name, kind, categories, othersLast } = outline;
  const spelled = (cell: Cell) => (kind === 'yes-no' ? cellText(cell).toLowerCase() : cellText(cell));
  const codes = new Map(categories.map((category, code) => [spelled(category), code]));
  const otherwise = othersLast ? categories.length - 1 : NaN;
  return {
    column: name,
    expected: `one of ${categories.slice(0, 6).join(', ')}${categories.length > 6 ? ', …' : ''}`,
    width: 1,
    encode(cell, row, at) {
      // 1.0 where codes were whole numbers is the same code.
      row[at] = codes.get(spelled(cell)) ?? codes.get(String(cellNumber(cell, form))) ?? otherwise;
      return !Number.isNaN(row[at]);
    },
  };
}

const dateEncoder = (column: string, parts: readonly DatePart[]): ColumnEncoder => ({
  column,
  expected: 'a date such as 2024-03-01 or 2024-03-01 10:15',
  width: parts.length,
  encode(cell, row, at) {
    const all = typeof cell === 'string' ? datePartsOf(cell) : null;
    parts.forEach((part, place) => (row[at + place] = all?.[part] ?? NaN));
    return all !== null;
  },
});

const DAY_MS = 86_400_000;

/** As the clock stood where it was written: zones are left out. Null for what is no date, as the 30th of February. */
export function datePartsOf(cell: string): Record<DatePart, number> | null {
  if (!DATE.test(cell)) return null;
  const [year, month, day, hour = 0, minute = 0] = cell.split(/[-T :]/).map((part) => parseInt(part, 10));
  const moment = new Date(Date.UTC(year!, month! - 1, day, hour, minute));
  if (moment.getUTCMonth() !== month! - 1 || moment.getUTCDate() !== day || hour > 23 || minute > 59)
    return null;
  return {
    year: year!,
    month: month!,
    day,
    weekday: ((moment.getUTCDay() + 6) % 7) + 1,
    hour,
    minute,
    days: moment.getTime() / DAY_MS,
  };
}
