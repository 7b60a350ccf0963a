import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, it } from 'vitest';
import { bytesInMemory } from '../../../../../src/data/recordings/bytes.ts';
import {
  looksLikeParquet,
  openParquetTable,
} from '../../../../../src/data/recordings/formats/parquet-table.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);
const dates = [new Date('2024-01-01T00:00:00Z'), new Date('2024-01-02T00:00:00Z')];

const written = (
  columnData: Parameters<typeof parquetWriteBuffer>[0]['columnData'],
  rowGroupSize = 4,
): Buffer => Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize }));
/** Ten rows in three groups. */
const ten = written([
  { name: 'count', data: upTo(10), type: 'INT32' },
  { name: 'half', data: upTo(10).map((value) => value / 2), type: 'DOUBLE' },
  { name: 'word', data: upTo(10).map((value) => `w${value}`), type: 'STRING' },
]);
const open = (bytes: Buffer) => openParquetTable(bytesInMemory(bytes));

it('says what its columns hold', async () => {
  const { columns, rowCount, nested } = await open(
    written([
      { name: 'i', data: [1, 2], type: 'INT32' },
      { name: 'l', data: [1n, 2n], type: 'INT64' },
      { name: 'f', data: [1, 2], type: 'FLOAT' },
      { name: 'd', data: [1, 2], type: 'DOUBLE' },
      { name: 'b', data: [true, false], type: 'BOOLEAN' },
      { name: 's', data: ['a', 'b'], type: 'STRING' },
      { name: 't', data: dates, type: 'TIMESTAMP' },
      {
        name: 'u',
        data: ['00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002'],
        type: 'UUID',
      },
    ]),
  );
  expect([rowCount, nested]).toEqual([2, []]);
  expect(Object.fromEntries(columns.map(({ name, kind }) => [name, kind]))).toEqual({
    i: 'number',
    l: 'number',
    f: 'number',
    d: 'number',
    b: 'number',
    s: 'text',
    t: 'time',
    u: 'other',
  });
});

it('leaves columns of lists out and names them', async () => {
  const schema = [
    { name: 'root', num_children: 2 },
    { name: 'x', type: 'DOUBLE' as const, repetition_type: 'REQUIRED' as const },
    { name: 'tags', repetition_type: 'OPTIONAL' as const, num_children: 1, converted_type: 'LIST' as const },
    { name: 'list', repetition_type: 'REPEATED' as const, num_children: 1 },
    { name: 'element', type: 'INT32' as const, repetition_type: 'OPTIONAL' as const },
  ];
  const columnData = [
    { name: 'x', data: [1, 2] },
    { name: 'tags', data: [[1, 2], [3]] },
  ];
  const table = await open(Buffer.from(parquetWriteBuffer({ columnData, schema })));
  expect(table.columns.map(({ name }) => name)).toEqual(['x']);
  expect(table.nested).toEqual(['tags']);
  expect((await table.columnsOfRows(0, 2, ['x'])).map((one) => [...(one as number[])])).toEqual([[1, 2]]);
});

it('reads rows and columns by their place, across groups', async () => {
  const table = await open(ten);
  expect(table.rowCount).toBe(10);
  expect(await table.rows(3, 6, ['count', 'word'])).toEqual([
    { count: 3, word: 'w3' },
    { count: 4, word: 'w4' },
    { count: 5, word: 'w5' },
  ]);
  expect(await table.columnsOfRows(3, 9, ['half', 'word'])).toEqual([
    [1.5, 2, 2.5, 3, 3.5, 4],
    ['w3', 'w4', 'w5', 'w6', 'w7', 'w8'],
  ]);
  expect(await table.rows(4, 4, ['count'])).toEqual([]);
  expect(await table.columnsOfRows(4, 4, ['count'])).toEqual([[]]);
});

it('gives nothing where a cell is missing', async () => {
  const table = await open(written([{ name: 'x', data: [1, null, 3], type: 'DOUBLE', nullable: true }]));
  expect((await table.rows(0, 3, ['x'])).map(({ x }) => x ?? null)).toEqual([1, null, 3]);
});

it('refuses a table that is cut off, in our words', async () => {
  await expect(open(ten.subarray(0, -20))).rejects.toMatchObject({
    reason: 'broken',
    message: expect.stringMatching(/^The table is damaged or cut off \(.+\)\. Copy it again\.$/) as string,
  });
  // Its directory at the end is whole, its pages are not.
  const damaged = Buffer.from(ten);
  damaged.fill(0xff, 4, 40);
  const table = await open(damaged);
  await expect(table.rows(0, 4, ['count'])).rejects.toMatchObject({ reason: 'broken' });
});

it('is known by its first four bytes', () => {
  expect(looksLikeParquet(ten)).toBe(true);
  expect(looksLikeParquet(Buffer.from('PAR2'))).toBe(false);
});
