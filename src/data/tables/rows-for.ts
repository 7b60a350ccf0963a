/**
 * Rows of new files as a model knows them: its columns in its order, categories by its codes. A file that holds other
 * categories, or the same in another order, codes them otherwise: taken as they lie, its rows would mean other things.
 */
import { isCategory, type ColumnOutline } from '../../contract/data/columns.ts';
import { PretextError } from '../../contract/errors.ts';
import { isSameUnit } from '../delimited/units.ts';
import { measureKey, measuresOf } from './measures.ts';

/** A stored row to the row that the model takes, float32 [wanted.length]; NaN where nothing is known. */
export type RowMap = (row: Float32Array) => Float32Array;

/** @throws PretextError `model.missing-columns` that names them */
export function rowsFor(
  read: readonly ColumnOutline[],
  wanted: readonly ColumnOutline[],
  place: string,
): RowMap {
  const places = new Map(read.map(({ name }, at) => [name, at]));
  const missing = wanted.filter(({ name }) => !places.has(name)).map(({ name }) => name);
  if (missing.length > 0) throw missingColumns(missing, place);
  const cells = wanted.map((column) => {
    const at = places.get(column.name)!;
    const convert = cellMap(read[at]!, column);
    return (row: Float32Array) => convert(row[at]!);
  });
  return (row) => Float32Array.from(cells, (cell) => cell(row));
}

function cellMap(from: ColumnOutline, to: ColumnOutline): (value: number) => number {
  if (!isCategory(to)) {
    if (!isCategory(from)) return (value) => value;
    // What looks like categories in a few rows may be numbers in many; each in the column's unit, or in none.
    const numbers = measuresOf(from.categories).map(({ number, unit }) =>
      unit === null || (to.unit !== undefined && isSameUnit(unit, to.unit)) ? number : NaN,
    );
    return (code) => numbers[code] ?? NaN;
  }
  const codes = new Map(to.categories.map((name, code) => [name, code]));
  const unknown = to.othersLast ? to.categories.length - 1 : NaN;
  if (!isCategory(from)) {
    const byNumber = new Map(
      measuresOf(to.categories).map(({ number, unit }, code) => [
        measureKey(Math.fround(number), unit),
        code,
      ]),
    );
    return (value) =>
      Number.isNaN(value) ? NaN : (byNumber.get(measureKey(Math.fround(value), from.unit)) ?? unknown);
  }
  const others = from.othersLast ? from.categories.length - 1 : -1;
  const known = from.categories.map((name, code) =>
    code === others ? unknown : (codes.get(name) ?? unknown),
  );
  return (code) => known[code] ?? NaN;
}

function missingColumns(names: readonly string[], place: string): PretextError {
  const shown = names.slice(0, 8).join(', ');
  return new PretextError({
    code: 'model.missing-columns',
    message: `The table lacks ${names.length === 1 ? 'a column' : `${names.length} columns`} that the model was trained on: ${shown}${names.length > 8 ? ', …' : ''}.`,
    place,
    remedy: 'Give it tables with the same names of columns; what is not known in a row may stay empty.',
  });
}
