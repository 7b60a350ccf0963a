/** The form that rows of several tables are brought to: one list of columns, numbers without units, common codes. */
import {
  isCategory,
  type CategoryColumn,
  type NumberColumn,
  type StoredColumn,
} from '../../contract/data/columns.ts';
import type { StepOf } from '../../contract/data/harmonise-step.ts';
import { namedOf, placesOf, takenOf, type Named, type Naming } from '../together/named-alike.ts';
import { cannotMeet, type CommonForm, type Source, type TogetherRequest } from '../together/request.ts';

const NAMING: Naming = {
  keyOf: (name) => name.trim().replace(/\s+/g, ' ').toLowerCase(),
  written: (name) => name.trim(),
  thing: 'column',
};

/** @throws PretextError `together.…` where there is no way, with what would make one */
export function tablesTogether({ sources, like, wishes }: TogetherRequest): CommonForm {
  if (wishes.match !== 'common' && wishes.match !== 'all')
    throw cannotMeet(
      'by-name',
      `Columns of tables are matched by name; \`data.together.match\` is \`${wishes.match}\`.`,
      'data.together.match',
      'Choose `common` or `all`.',
    );
  const ordered = [like, ...sources.filter((source) => source !== like)];
  const lists = ordered.map((source) =>
    namedOf(
      source.name,
      columnsOf(source).map(({ name }) => name),
      wishes.names[source.name],
      NAMING,
    ),
  );
  const wanted = takenOf(ordered, lists, wishes.match, {
    code: 'no-common-column',
    found: 'The tables have no column in common',
    remedy:
      'Say which are the same by hand (`data.together.names`), or set `match` to `all`, which takes what a table lacks as not known.',
  });
  const takes = lists.map((list) => placesOf(wanted, list));
  const columns = wanted.map((named, at) =>
    merged(
      named,
      ordered.map((source, of) => ({ source, column: columnsOf(source)[takes[of]![at]!] ?? null })),
    ),
  );
  const names = wanted.map(({ name }) => name);
  return {
    shape: [columns.length],
    about: { columns },
    steps: Object.fromEntries(
      ordered.map((source, of): [string, [StepOf<'columns'>]] => {
        const take = takes[of]!;
        const cells = columns.map((column, at) => cellOf(columnsOf(source)[take[at]!], column));
        return [source.name, [{ step: 'columns', names, take, cells }]];
      }),
    ),
  };
}

const columnsOf = ({ columns = [] }: Source): readonly StoredColumn[] => columns;

interface Part {
  source: Source;
  /** Null where the source lacks it. */
  column: StoredColumn | null;
}

/** What a column is for all sources. What is measured of it counts every source that has it alike. */
function merged({ name }: Named, parts: readonly Part[]): StoredColumn {
  const having = parts.flatMap(({ column }) => column ?? []);
  const numbers = having.filter((column): column is NumberColumn => !isCategory(column));
  const missing = parts.reduce((sum, { column }) => sum + (column?.missing ?? 1), 0) / parts.length;
  if (numbers.length === having.length)
    return {
      name,
      missing,
      kind: 'number',
      mean: 0,
      standardDeviation: 1,
      quantiles: mixedQuantiles(numbers),
    };
  const categories = having.filter(isCategory) as CategoryColumn[];
  if (categories.length === having.length) return mergedCategories(name, missing, categories);
  const told = parts.flatMap(({ source, column }) => (column ? [`${column.kind} in “${source.name}”`] : []));
  throw cannotMeet(
    'other-kinds',
    `Column “${name}” is ${told.join(' and ')}.`,
    'data.together.names',
    'Import one of the tables again with the kind of the other (`options.kinds`), or give one of the columns another name.',
  );
}

/** Of numbers that were scaled by their own tables: all quantiles together, as evenly as there were. */
function mixedQuantiles(columns: readonly NumberColumn[]): number[] {
  const all = columns
    .flatMap((column) => column.quantiles.map((value) => (value - column.mean) / deviationOf(column)))
    .sort((a, b) => a - b);
  const count = Math.max(...columns.map(({ quantiles }) => quantiles.length));
  return Array.from({ length: count }, (_, at) => {
    const place = (at * (all.length - 1)) / (count - 1);
    const before = Math.floor(place);
    const after = Math.min(before + 1, all.length - 1);
    return all[before]! + (place - before) * (all[after]! - all[before]!);
  });
}

/** A number that never changes stays in its unit. */
const deviationOf = ({ standardDeviation }: NumberColumn) => (standardDeviation > 0 ? standardDeviation : 1);

/** All categories of all sources; what stands for rare ones stays last. */
function mergedCategories(name: string, missing: number, columns: readonly CategoryColumn[]): CategoryColumn {
  const others = columns.find(({ othersLast }) => othersLast)?.categories.at(-1);
  const named = [...new Set(columns.flatMap((column) => ownCategories(column)))].filter(
    (one) => one !== others,
  );
  const categories = others === undefined ? named : [...named, others];
  const isSame = columns.every(
    (column) => column.categories.join('\n') === columns[0]!.categories.join('\n'),
  );
  return {
    name,
    missing,
    kind: isSame ? columns[0]!.kind : 'category',
    categories,
    ...(others !== undefined && { othersLast: true }),
    counts: categories.map((category) =>
      columns.reduce((sum, column) => {
        const own =
          category === others && column.othersLast
            ? column.categories.length - 1
            : column.categories.indexOf(category);
        return sum + (own < 0 ? 0 : (column.counts[own] ?? 0));
      }, 0),
    ),
  };
}

const ownCategories = ({ categories, othersLast }: CategoryColumn) =>
  othersLast ? categories.slice(0, -1) : categories;

/** How a value of the source becomes one of the common column; null where the source lacks it. */
function cellOf(own: StoredColumn | undefined, common: StoredColumn): StepOf<'columns'>['cells'][number] {
  if (!own) return null;
  if (!isCategory(own)) return { mean: own.mean, deviation: deviationOf(own) };
  const { categories } = common as CategoryColumn;
  return {
    codes: own.categories.map((category, code) =>
      own.othersLast && code === own.categories.length - 1
        ? categories.length - 1
        : categories.indexOf(category),
    ),
  };
}

/** A row of one table as a row of the common form: NaN where nothing is known. */
export function convertRow(row: Float32Array, { take, cells }: StepOf<'columns'>): Float32Array {
  return Float32Array.from(take, (place, at) => {
    const cell = cells[at] ?? null;
    const value = place < 0 ? NaN : row[place]!;
    if (cell === null || Number.isNaN(value)) return NaN;
    return 'codes' in cell ? (cell.codes[value] ?? NaN) : (value - cell.mean) / cell.deviation;
  });
}
