/** Cells of a table into the numbers of a stored row. */
import type { ColumnOutline, DatePart } from '../../contract/data/columns.ts';
import { isSameUnit } from '../delimited/units.ts';
import { datePartsOf, type DayOrder } from './dates.ts';
import { measureKey, measuresOf } from './measures.ts';
import { cellNumber, cellText, cellUnit, type Cell, type CellForm } from './source.ts';

/** A column of the file and its places in the row. */
export interface ColumnEncoder {
  /** Its name in the file. */
  column: string;
  /** Of a number as a model knows it; null where that has none, left out where a cell's unit does not matter. */
  unit?: string | null;
  /** What a cell that is not it has to be: “a number”. */
  expected(cell: Cell): string;
  width: number;
  /**
   * Writes a known cell into a row from a place on.
   * @returns false where it is not what the column holds, and NaN was written
   */
  encode(cell: Cell, row: Float32Array, at: number): boolean;
}

/**
 * Encoders in the order of the outlines; those of one date stand together.
 *
 * @param isOfModel columns were learned from other files: a number in another unit is not what they hold
 */
export function encodersFor(
  outlines: readonly ColumnOutline[],
  form: CellForm,
  isOfModel = false,
): ColumnEncoder[] {
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
            outline.madeOf!.order,
          )
        : 'categories' in outline
          ? categoryEncoder(outline, form)
          : numberEncoder(outline, form, isOfModel),
    );
    at = end;
  }
  return encoders;
}

function numberEncoder(
  { name, unit: known }: { name: string; unit?: string | undefined },
  form: CellForm,
  isOfModel: boolean,
): ColumnEncoder {
  const unit = known ?? null;
  const isOther = (cell: Cell) => {
    const own = isOfModel ? cellUnit(cell, form) : null;
    return own !== null && (unit === null || !isSameUnit(own, unit));
  };
  return {
    column: name,
    ...(isOfModel && { unit }),
    expected: (cell) =>
      !isOther(cell)
        ? 'a number'
        : `a number ${unit === null ? 'without a unit' : `in ${unit}`}, as the model knows it`,
    width: 1,
    encode(cell, row, at) {
      row[at] = isOther(cell) ? NaN : cellNumber(cell, form);
      return !Number.isNaN(row[at]);
    },
  };
}

function categoryEncoder(
  outline: Extract<ColumnOutline, { categories: string[] }>,
  form: CellForm,
): ColumnEncoder {
  const { name, kind, categories, othersLast } = outline;
  const spelled = (cell: Cell) => (kind === 'yes-no' ? cellText(cell).toLowerCase() : cellText(cell));
  const codes = new Map(categories.map((category, code) => [spelled(category), code]));
  const otherwise = othersLast ? categories.length - 1 : NaN;
  const measured = new Map(
    measuresOf(categories).flatMap(({ number, unit }, code) =>
      Number.isNaN(number) ? [] : [[measureKey(number, unit), code]],
    ),
  );
  // 1.0 where codes were whole numbers is the same code; 1 kg is another.
  const codeOfNumber = (cell: Cell) => measured.get(measureKey(cellNumber(cell, form), cellUnit(cell, form)));
  return {
    column: name,
    expected: () => `one of ${categories.slice(0, 6).join(', ')}${categories.length > 6 ? ', …' : ''}`,
    width: 1,
    encode(cell, row, at) {
      row[at] = codes.get(spelled(cell)) ?? codeOfNumber(cell) ?? otherwise;
      return !Number.isNaN(row[at]);
    },
  };
}

const dateEncoder = (
  column: string,
  parts: readonly DatePart[],
  order: DayOrder | undefined,
): ColumnEncoder => ({
  column,
  expected: () =>
    `a date such as 2024-03-01 10:15 or ${order === 'month-first' ? '12/31/2024' : '31/12/2024'}`,
  width: parts.length,
  encode(cell, row, at) {
    const all = typeof cell === 'string' ? datePartsOf(cell, order) : null;
    parts.forEach((part, place) => (row[at + place] = all?.[part] ?? NaN));
    return all !== null;
  },
});
