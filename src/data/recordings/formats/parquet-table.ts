/** Columns and rows of a Parquet file, read by their place. */
import {
  parquetMetadataAsync,
  parquetRead,
  parquetReadObjects,
  parquetSchema,
  type ColumnData,
  type FileMetaData,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { ByteSource } from '../bytes.ts';
import { FileProblem } from '../../problem.ts';
import { broken } from '../problem.ts';

/** Nothing is packed better than this. */
const MOST_RATIO = 1000;

export type Row = Record<string, unknown>;

export interface ParquetTable {
  rowCount: number;
  /** One list a column, as the library decodes them. */
  columnsOfRows(from: number, to: number, columns: readonly string[]): Promise<ArrayLike<unknown>[]>;
  columns: { name: string; kind: 'number' | 'time' | 'text' | 'other' }[];
  /** Columns of lists and structures, which are not read. */
  nested: string[];
  rows(from: number, to: number, columns: readonly string[]): Promise<Row[]>;
}

export const looksLikeParquet = (head: Uint8Array): boolean =>
  Buffer.from(head.subarray(0, 4)).toString('latin1') === 'PAR1';

export async function openParquetTable(source: ByteSource): Promise<ParquetTable> {
  const file = {
    byteLength: source.size,
    slice(start: number, end = source.size) {
      const bytes = source.read(start, end - start).then(({ buffer }) => buffer);
      // The library reads ahead and may never ask for it: whoever does still hears of the failure.
      bytes.catch(() => undefined);
      return bytes;
    },
  };
  const metadata = await orBroken(parquetMetadataAsync(file));
  const rowCount = rowsOf(metadata, source.size);
  return {
    rowCount,
    columns: columnsOf(metadata),
    nested: parquetSchema(metadata).children.flatMap(({ element, children }) =>
      children.length > 0 ? [element.name] : [],
    ),
    async columnsOfRows(rowStart, rowEnd, names) {
      const count = rowEnd - rowStart;
      const columns = names.map(() => new Array<unknown>(count));
      const filled = names.map(() => 0);
      if (count === 0) return columns;
      const onChunk = ({ columnName, columnData, rowStart: first }: ColumnData) => {
        const index = names.indexOf(columnName);
        // A piece may hold more than was asked for.
        for (let at = Math.max(0, rowStart - first); at < columnData.length && first + at < rowEnd; at += 1) {
          columns[index]![first + at - rowStart] = columnData[at];
          filled[index]! += 1;
        }
      };
      await orBroken(
        parquetRead({ file, metadata, rowStart, rowEnd, columns: [...names], compressors, onChunk }),
      );
      if (filled.every((one) => one === count)) return columns;
      throw broken(`The table counts ${rowCount} rows, and fewer are there.`);
    },
    async rows(rowStart, rowEnd, columns) {
      if (rowStart === rowEnd) return [];
      const rows = await orBroken(
        parquetReadObjects({ file, metadata, rowStart, rowEnd, columns: [...columns], compressors }),
      );
      if (rows.length === rowEnd - rowStart) return rows;
      throw broken(`The table counts ${rowCount} rows, and fewer are there.`);
    },
  };
}

/** Rows that the head and its groups agree on. Memory is taken for them, so they are held against the file first. */
function rowsOf({ num_rows, row_groups }: FileMetaData, bytes: number): number {
  const rows = Number(num_rows);
  const inGroups = row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (!Number.isSafeInteger(rows) || rows < 0 || rows !== inGroups)
    throw broken(`The table counts ${rows} rows, its groups ${inGroups}.`);
  for (const group of row_groups)
    for (const { meta_data: column } of group.columns)
      if (
        column &&
        (Number(column.num_values) < 0 || Number(column.total_uncompressed_size) > MOST_RATIO * bytes)
      )
        throw broken('A column of the table claims more than the file can hold.');
  return rows;
}

/** The library throws plain errors for what it finds broken. */
async function orBroken<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    throw broken(
      `The table is damaged or cut off (${(error as Error).message.slice(0, 120)}). Copy it again.`,
    );
  }
}

function columnsOf(metadata: FileMetaData): ParquetTable['columns'] {
  return parquetSchema(metadata).children.flatMap(({ element, children }) => {
    if (children.length > 0) return [];
    const { name, type, converted_type: converted, logical_type: logical } = element;
    const isTime = /^(TIMESTAMP|DATE)/.test(converted ?? '') || logical?.type === 'TIMESTAMP';
    const isNumber = ['INT32', 'INT64', 'FLOAT', 'DOUBLE', 'BOOLEAN'].includes(type ?? '');
    const kind = isTime ? 'time' : isNumber ? 'number' : type === 'BYTE_ARRAY' ? 'text' : 'other';
    return [{ name, kind } as const];
  });
}
