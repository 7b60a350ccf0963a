/** Parquet as a table: streamed in stretches of rows, of each column the pages that hold them. */
import { FileProblem } from '../../problem.ts';
import type { ListedFile } from '../../reading/listing.ts';
import { openBytes } from '../../recordings/bytes.ts';
import { CHANNEL, LABEL, TIME, VALUE } from '../../recordings/formats/parquet.ts';
import { openParquetTable, type ParquetTable } from '../../recordings/formats/parquet-table.ts';
import { breathe } from '../../breathe.ts';
import { cellOf } from './cells.ts';
import { namesOf, nestedNote, rowsAtOnce, rowsOfColumns, type StoredTable } from './stored.ts';

/** Rows are decoded in such stretches, of all columns, and handed on in smaller ones. */
const CELLS_DECODED = 2_000_000;

export async function openParquetFile({ path, absolute }: ListedFile): Promise<StoredTable> {
  const { titles, nested, rowCount } = await withTable(absolute, (table) =>
    Promise.resolve({
      titles: table.columns.map(({ name }) => name),
      nested: table.nested,
      rowCount: table.rowCount,
    }),
  );
  if (rowCount === 0) throw new FileProblem('empty', 'The table holds no rows.');
  if (titles.length === 0) throw new FileProblem('empty', 'The table holds no column of plain values.');
  const { names, notes } = namesOf(titles);
  const decoded = rowsAtOnce(titles.length, CELLS_DECODED);
  const handed = rowsAtOnce(titles.length);
  return {
    path,
    names,
    units: names.map(() => null),
    notes: [...notes, ...nested.map(nestedNote)],
    doubts: [],
    async *rows() {
      const source = await openBytes(absolute);
      try {
        const table = await openParquetTable(source);
        for (let first = 0; first < rowCount; first += decoded) {
          const end = Math.min(rowCount, first + decoded);
          const columns = await table.columnsOfRows(first, end, titles);
          for (let from = first; from < end; from += handed) {
            const count = Math.min(handed, end - from);
            const skipped = from - first;
            yield rowsOfColumns(count, columns.length, from + 1, (column, row) =>
              cellOf(columns[column]![skipped + row]),
            );
            await breathe();
          }
        }
      } finally {
        await source.close();
      }
    },
  };
}

/** Whether it may be a recording: rows that follow each other in time at an even pace, or a value a row. */
export async function looksLikeRecording(absolute: string): Promise<'recording' | 'either' | 'table'> {
  return withTable(absolute, async (table) => {
    const { columns, rowCount } = table;
    const has = (pattern: RegExp) => columns.some(({ name }) => pattern.test(name));
    if (has(CHANNEL) && has(VALUE)) return 'recording';
    const time = columns.find(({ name, kind }) => kind === 'time' || (kind === 'number' && TIME.test(name)));
    const isPaced = time !== undefined && (await isEven(table, time.name, Math.min(rowCount, 2000)));
    const texts = columns.filter(({ kind }) => kind === 'text');
    const hasWords = texts.some(({ name }) => !LABEL.test(name));
    if (isPaced) return hasWords ? 'either' : 'recording';
    return hasWords || time || (await changes(table, texts, Math.min(rowCount, 2000))) ? 'table' : 'either';
  });
}

/** Labels of a recording stay for long stretches; those of rows of their own do not. */
const MOST_CHANGES = 1 / 16;

async function changes(
  table: ParquetTable,
  labels: ParquetTable['columns'],
  count: number,
): Promise<boolean> {
  const names = labels.map(({ name }) => name);
  if (names.length === 0) return false;
  const columns = await table.columnsOfRows(0, count, names);
  return columns.some((cells) => {
    const known = Array.from(cells).filter((cell) => cell !== null && cell !== undefined);
    const turns = known.filter((cell, at) => at > 0 && cell !== known[at - 1]).length;
    return turns > MOST_CHANGES * known.length;
  });
}

async function isEven(table: ParquetTable, name: string, count: number): Promise<boolean> {
  const [cells] = await table.columnsOfRows(0, count, [name]);
  const times = Array.from(cells!, (cell) => (cell instanceof Date ? cell.getTime() : Number(cell)));
  const steps = times.slice(1).map((time, at) => time - times[at]!);
  const middle = [...steps].sort((one, other) => one - other)[Math.floor(steps.length / 2)] ?? 0;
  const even = steps.filter((step) => Math.abs(step - middle) <= middle / 2).length;
  return middle > 0 && even >= 0.9 * steps.length;
}

async function withTable<T>(absolute: string, use: (table: ParquetTable) => Promise<T>): Promise<T> {
  const source = await openBytes(absolute);
  try {
    return await use(await openParquetTable(source));
  } finally {
    await source.close();
  }
}
