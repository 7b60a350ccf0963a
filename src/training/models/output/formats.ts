/** Formats of a table of predictions: each writes rows one after the other, whatever their number. */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { csvLine } from '../../../contract/csv.ts';
import type { PredictionFormat } from '../../../contract/model/prediction.ts';
import type { Cell, Column } from './columns.ts';

export interface TableWriter {
  write(cells: readonly Cell[]): Promise<void>;
  finish(): Promise<void>;
  /** What was not finished holds its file open no longer: then it can be deleted, and its disk taken out. */
  close(): Promise<void>;
}

/** Rows of a Parquet file that stand in memory together. */
const ROWS_IN_GROUP = 8192;

export function writeTable(file: string, format: PredictionFormat, columns: readonly Column[]): TableWriter {
  if (format === 'parquet') return parquetWriter(file, columns);
  return format === 'csv'
    ? textWriter(file, csvLine(columns.map(({ name }) => name)), csvLine)
    : textWriter(file, '', (cells) => jsonLine(columns, cells));
}

const jsonLine = (columns: readonly Column[], cells: readonly Cell[]) =>
  `${JSON.stringify(Object.fromEntries(columns.map(({ name }, at) => [name, cells[at] ?? null])))}\n`;

function textWriter(file: string, head: string, lineOf: (cells: readonly Cell[]) => string): TableWriter {
  const stream = createWriteStream(file);
  let failure: unknown = null;
  stream.on('error', (error) => (failure = error));
  const write = async (text: string) => {
    if (failure) throw failure;
    if (!stream.write(text)) await once(stream, 'drain');
  };
  let begun = false;
  return {
    async write(cells) {
      await write((begun ? '' : head) + lineOf(cells));
      begun = true;
    },
    async finish() {
      if (!begun) await write(head);
      stream.end();
      // Also where it has failed, and is closed, already.
      await finished(stream);
    },
    async close() {
      if (stream.closed) return;
      // What was still to be written ends as an error of the stream, which would hide why it is closed.
      const closed = new Promise<void>((resolve) => stream.once('close', () => resolve()));
      stream.destroy();
      await closed;
    },
  };
}

function parquetWriter(file: string, columns: readonly Column[]): TableWriter {
  const dataOf = (rows: readonly (readonly Cell[])[]) =>
    columns.map(({ name, type }, at) => ({
      name,
      type,
      nullable: true,
      data: rows.map((row) => row[at] ?? null),
    }));
  const writer = new ParquetWriter({
    writer: fileWriter(file),
    schema: schemaFromColumnData({ columnData: dataOf([]) }),
  });
  let rows: (readonly Cell[])[] = [];
  const flush = async () => {
    if (rows.length > 0) await writer.write({ columnData: dataOf(rows), rowGroupSize: ROWS_IN_GROUP });
    rows = [];
  };
  return {
    async write(cells) {
      rows.push(cells);
      if (rows.length === ROWS_IN_GROUP) await flush();
    },
    async finish() {
      await flush();
      await writer.finish();
    },
    // The file is open only while something is written.
    close: () => Promise.resolve(),
  };
}
