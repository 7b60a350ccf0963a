/** Rows of a table dataset in the order of a column, with filters; the order is made when it is first asked for. */
import type { z } from 'zod';
import { isCategory, valueWords, type StoredColumn } from '../../contract/data/columns.ts';
import { SPLIT_CODE } from '../../contract/data/splits/split.ts';
import type { RowFilter, rowsPageSchema, rowsWishSchema, TableRow } from '../../contract/data/table-rows.ts';
import { PretextError } from '../../contract/errors.ts';
import { openShard, orderRows } from '../../data/index.ts';
import {
  readOffsets,
  readSample,
  readSampleArrays,
  shardFile,
  type ReadableProject,
  type StoredDataset,
} from '../../project/index.ts';

type Wish = z.output<typeof rowsWishSchema>;
type Page = z.infer<typeof rowsPageSchema>;

/** The latest order of each project: a person scrolls through one at a time. */
const orders = new WeakMap<ReadableProject, { key: string; order: Promise<Int32Array> }>();

/** @throws PretextError `table.no-rows` for other data, `table.no-column` for a name that no column has */
export async function readTableRows(
  project: ReadableProject,
  stored: StoredDataset,
  wish: Wish,
): Promise<Page> {
  const { dataset } = stored;
  const columns = columnsOf(dataset);
  const isPlain = !wish.sort && !wish.split && wish.filters.length === 0;
  const order = isPlain ? null : await orderOf(project, stored, columns, wish);
  const total = order?.length ?? dataset.sampleCount;
  const count = Math.max(0, Math.min(wish.limit, total - wish.offset));
  const positions = Array.from({ length: count }, (_, at) => order?.[wish.offset + at] ?? wish.offset + at);
  return { total, rows: await rowsAt(project, stored, columns, positions) };
}

/** @throws PretextError `table.no-rows` */
export function columnsOf({ name, columns }: StoredDataset['dataset']): readonly StoredColumn[] {
  if (columns) return columns;
  throw new PretextError({
    code: 'table.no-rows',
    message: `“${name}” is no table.`,
    remedy: 'Choose a dataset of rows.',
  });
}

function orderOf(
  project: ReadableProject,
  stored: StoredDataset,
  columns: readonly StoredColumn[],
  { split, sort, filters }: Wish,
): Promise<Int32Array> {
  const key = JSON.stringify([stored.key, stored.labelVersion, split, sort, filters]);
  const kept = orders.get(project);
  if (kept?.key === key) return kept.order;
  const order = makeOrder(project, stored, columns, { split, sort, filters });
  orders.set(project, { key, order });
  // One that failed is made anew.
  order.catch(() => orders.delete(project));
  return order;
}

async function makeOrder(
  project: ReadableProject,
  { dataset, key, shard, labelVersion }: StoredDataset,
  columns: readonly StoredColumn[],
  { split, sort, filters }: Pick<Wish, 'split' | 'sort' | 'filters'>,
): Promise<Int32Array> {
  const tests = filters.map((filter) => testOf(placeOf(columns, filter.column), columns, filter));
  const column = sort ? placeOf(columns, sort.column) : null;
  const { offsets, splits } = await readSampleArrays(project, key, dataset.sampleCount, labelVersion);
  if (split) splits.forEach((code, at) => code !== SPLIT_CODE[split] && (offsets[at] = -1));
  const reader = await openShard(shardFile(project.folder, shard), dataset.name);
  try {
    return await orderRows(reader, offsets, columns.length, {
      column,
      descending: sort?.descending ?? false,
      fits: (values, at) => tests.every((test) => test(values, at)),
    });
  } finally {
    await reader.close();
  }
}

/** @throws PretextError `table.no-column` */
export function placeOf(columns: readonly StoredColumn[], wanted: string): number {
  const place = columns.findIndex(({ name }) => name === wanted);
  if (place >= 0) return place;
  throw new PretextError({
    code: 'table.no-column',
    message: `There is no column “${wanted}”. The columns are: ${columns
      .slice(0, 40)
      .map(({ name }) => name)
      .join(', ')}${columns.length > 40 ? ', …' : ''}.`,
    remedy: 'Name one of them.',
  });
}

type Test = (values: Float32Array, at: number) => boolean;

function testOf(place: number, columns: readonly StoredColumn[], filter: RowFilter): Test {
  if (filter.missing) return (values, at) => Number.isNaN(values[at + place]);
  const column = columns[place]!;
  if (filter.categories && isCategory(column)) {
    const codes = new Set(filter.categories.map((name) => column.categories.indexOf(name)));
    return (values, at) => codes.has(values[at + place]!);
  }
  const { from = -Infinity, to = Infinity } = filter;
  return (values, at) => values[at + place]! >= from && values[at + place]! <= to;
}

async function rowsAt(
  project: ReadableProject,
  { dataset, key, shard }: StoredDataset,
  columns: readonly StoredColumn[],
  positions: readonly number[],
): Promise<TableRow[]> {
  if (positions.length === 0) return [];
  const classNames = dataset.classes.map(({ name }) => name);
  const width = columns.length;
  const values = new Float32Array(positions.length * width);
  const reader = await openShard(shardFile(project.folder, shard), dataset.name);
  try {
    await reader.readInto(new Uint8Array(values.buffer), readOffsets(project, key, positions), width * 4);
  } finally {
    await reader.close();
  }
  return positions.map((position, row) => ({
    sample: readSample(project, key, position, classNames),
    cells: columns.map((column, at) => valueWords(column, values[row * width + at]!)),
  }));
}
