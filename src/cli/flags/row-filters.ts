/** Conditions on rows as a person types them: "age >= 30", "job = nurse, cook", "age missing". */
import { isCategory, type StoredColumn } from '../../contract/data/columns.ts';
import type { RowFilter } from '../../contract/data/table-rows.ts';
import { UsageError } from '../environment.ts';

const FORMS =
  'Conditions are “COLUMN >= NUMBER”, “COLUMN <= NUMBER”, “COLUMN = VALUE, VALUE” and “COLUMN missing”.';

/** @throws UsageError for what is no condition, or one that the column cannot meet */
export function rowFilters(conditions: readonly string[], columns: readonly StoredColumn[]): RowFilter[] {
  return conditions.map((condition) => filterOf(condition, columns));
}

function filterOf(condition: string, columns: readonly StoredColumn[]): RowFilter {
  const missing = /^\s*(.+?)\s+missing\s*$/.exec(condition);
  if (missing) return { column: missing[1]!, missing: true };
  const [, name, sign, text] = /^\s*(.+?)\s*(>=|<=|=)\s*(.+?)\s*$/.exec(condition) ?? [];
  if (name === undefined || text === undefined)
    throw new UsageError(`“${condition}” is no condition. ${FORMS}`);
  const column = columns.find((one) => one.name === name);
  if (column && isCategory(column)) {
    if (sign !== '=')
      throw new UsageError(
        `“${name}” holds categories, which are neither more nor less: “${name} = VALUE, VALUE”.`,
      );
    const categories = text.split(',').map((value) => value.trim());
    const unknown = categories.find((value) => !column.categories.includes(value));
    if (unknown === undefined) return { column: name, categories };
    throw new UsageError(
      `“${unknown}” is no value of “${name}”, which has: ${column.categories.slice(0, 20).join(', ')}${column.categories.length > 20 ? ', …' : ''}.`,
    );
  }
  const number = Number(text);
  if (Number.isNaN(number)) throw new UsageError(`“${text}” is no number, in “${condition}”. ${FORMS}`);
  if (sign === '=') return { column: name, from: number, to: number };
  return sign === '>=' ? { column: name, from: number } : { column: name, to: number };
}
