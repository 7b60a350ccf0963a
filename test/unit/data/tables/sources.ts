/** Tables in memory, and what passes over them are told. */
import { importSchema, type ImportOptions } from '../../../../src/contract/data/import.ts';
import { tableSchema, type TableOptions } from '../../../../src/data/tables/options.ts';
import { cellForm, type Cell, type TableSource } from '../../../../src/data/tables/source.ts';

export const FORM = cellForm({ decimal: '.', thousands: '' });
export const optionsOf = (more: object = {}): ImportOptions => importSchema.parse({ path: 'x', ...more });
export const ownOf = (more: object = {}): TableOptions => tableSchema.parse(more);

/** Rows begin in line 2, below the names. */
export const sourceOf = (
  path: string,
  names: string[],
  rows: readonly (readonly Cell[])[],
  units?: (string | null)[],
): TableSource => ({
  path,
  names,
  units: units ?? names.map(() => null),
  async *rows() {
    yield rows.map((cells, at) => ({ line: at + 2, cells }));
  },
});

/** Forty people: an age that is measured, a town of three, an answer by the first two, and a word for each. */
export const people = (count = 40) =>
  sourceOf(
    'people.csv',
    ['age', 'town', 'name', 'ill'],
    Array.from({ length: count }, (_, at) => [
      String(20 + ((at * 7) % 41) + 0.5),
      ['Ulm', 'Bonn', 'Kiel'][at % 3]!,
      `person ${at}`,
      at % 4 === 0 ? 'yes' : 'no',
    ]),
  );
