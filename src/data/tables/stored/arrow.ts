/** Arrow (files and streams) and Feather of version 2 as tables, a record batch at a time. */
import { open } from 'node:fs/promises';
import { compressors } from 'hyparquet-compressors';
import type { RecordBatch, RecordBatchReader } from 'apache-arrow';
import { breathe } from '../../breathe.ts';
import { FileProblem } from '../../problem.ts';
import type { ListedFile } from '../../reading/listing.ts';
import { broken, unsupported } from '../../recordings/problem.ts';
import type { Cell } from '../source.ts';
import { cellOf, momentText } from './cells.ts';
import { unpackLz4Frame } from './lz4-frame.ts';
import { namesOf, nestedNote, rowsAtOnce, rowsOfColumns, type StoredTable } from './stored.ts';

export const looksLikeArrow = (head: Uint8Array): boolean => {
  const bytes = Buffer.from(head);
  // A stream begins with the mark of a message and the size of its schema.
  return bytes.toString('latin1', 0, 6) === 'ARROW1' || bytes.subarray(0, 4).equals(Buffer.alloc(4, 0xff));
};

type Field = RecordBatch['schema']['fields'][number];

export async function openArrowFile({ path, absolute }: ListedFile): Promise<StoredTable> {
  const fields = await fieldsOf(absolute);
  const plain = fields.filter((field) => !isNested(field));
  if (plain.length === 0) throw new FileProblem('empty', 'The table holds no column of plain values.');
  const { names, notes } = namesOf(plain.map(({ name }) => name));
  const handed = rowsAtOnce(plain.length);
  return {
    path,
    names,
    units: names.map(() => null),
    notes: [...notes, ...fields.filter(isNested).map(({ name }) => nestedNote(name))],
    doubts: [],
    async *rows() {
      const { reader, close } = await openReader(absolute);
      try {
        let line = 1;
        const batches = reader[Symbol.asyncIterator]();
        for (;;) {
          const next = await orBroken(batches.next());
          if (next.done) break;
          const batch = next.value;
          const columns = plain.map((field) => columnOf(batch, fields.indexOf(field), field));
          for (let from = 0; from < batch.numRows; from += handed) {
            const count = Math.min(handed, batch.numRows - from);
            yield rowsOfColumns(count, columns.length, line + from, (column, row) =>
              columns[column]!(from + row),
            );
            await breathe();
          }
          line += batch.numRows;
        }
      } finally {
        await close();
      }
    },
  };
}

const isNested = ({ type }: Field): boolean => type.children !== null && type.children?.length > 0;

function columnOf(batch: RecordBatch, index: number, field: Field): (row: number) => Cell {
  const vector = batch.getChildAt(index)!;
  const type = String(field.type);
  const scale = (field.type as { scale?: number }).scale ?? 0;
  if (type.startsWith('Decimal')) return (row) => decimalOf(vector.get(row) as Uint32Array | null, scale);
  if (!/^(Timestamp|Date)/.test(type)) return (row) => cellOf(vector.get(row) as unknown);
  // The library gives moments as milliseconds.
  return (row) => {
    const value = vector.get(row) as number | bigint | null;
    return value === null ? '' : momentText(Number(value));
  };
}

/** @param words of 32 bits, the lowest first, as a signed whole number */
function decimalOf(words: Uint32Array | null, scale: number): Cell {
  if (words === null) return '';
  const bits = 32 * words.length;
  const unsigned = words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  return Number(BigInt.asIntN(bits, unsigned)) / 10 ** scale;
}

async function openReader(absolute: string) {
  const { RecordBatchReader: readers, CompressionType, compressionRegistry } = await import('apache-arrow');
  compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: unpackLz4Frame });
  compressionRegistry.set(CompressionType.ZSTD, {
    // Numbers of eight bytes have to begin where a buffer does.
    decode: (packed) => compressors.ZSTD!(packed, 0).slice(),
  });
  const handle = await open(absolute, 'r');
  const close = () => handle.close();
  try {
    if ((await handle.stat()).size < 12) throw broken('The file is too short for Arrow.');
    const reader = (await orBroken(readers.from(handle))) as RecordBatchReader;
    await orBroken(Promise.resolve(reader.open()));
    return { reader, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function fieldsOf(absolute: string): Promise<Field[]> {
  const { reader, close } = await openReader(absolute);
  await close();
  return reader.schema.fields;
}

/** The library throws plain errors for what it finds broken. */
async function orBroken<T>(promise: Promise<T> | T): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    const { message } = error as Error;
    if (/compression/i.test(message))
      throw unsupported(`The file is packed in a way that is not read (${message}).`);
    throw broken(`The table is damaged or cut off (${message.slice(0, 120)}). Copy it again.`);
  }
}
