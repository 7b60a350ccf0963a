import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { looksLikeRecording, openParquetFile } from '../../../../../src/data/tables/stored/parquet.ts';
import { allRows, listed } from './made.ts';

type Columns = Parameters<typeof parquetWriteBuffer>[0]['columnData'];
const file = (columnData: Columns, rowGroupSize = 100) =>
  listed('a.parquet', new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize })));
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);
const numbers = (name: string, data: number[]) => ({ name, data, type: 'DOUBLE' as const });
const words = (name: string, data: string[]) => ({ name, data, type: 'STRING' as const });

it('reads cells of all kinds, those that are missing and names that repeat', async () => {
  const opened = await openParquetFile(
    await file([
      numbers('size', [1.5, -2]),
      { name: 'age', data: [5n, 2n ** 60n], type: 'INT64' },
      { name: 'yes', data: [true, false], type: 'BOOLEAN' },
      {
        name: 'when',
        data: [new Date('2024-03-05T12:30:00Z'), new Date('2024-03-06T00:00:00Z')],
        type: 'TIMESTAMP',
      },
      { name: ' ', data: ['a', null], type: 'STRING', nullable: true },
    ]),
  );
  expect(opened.names).toEqual(['size', 'age', 'yes', 'when', 'column 5']);
  expect((await allRows(opened)).cells).toEqual([
    [1.5, 5, 'true', '2024-03-05 12:30:00', 'a'],
    [-2, String(2n ** 60n), 'false', '2024-03-06', ''],
  ]);
});

it('hands rows on in blocks, across groups, each with its number', async () => {
  const count = 40_000;
  const opened = await openParquetFile(
    await file([numbers('x', upTo(count)), numbers('y', upTo(count))], 7000),
  );
  const { cells, lines, blocks } = await allRows(opened);
  expect(blocks).toBe(3);
  expect([cells.length, cells[12_345], lines[12_345], lines.at(-1)]).toEqual([
    count,
    [12_345, 12_345],
    12_346,
    count,
  ]);
});

it('refuses what holds no rows', async () => {
  await expect(openParquetFile(await file([numbers('x', [])]))).rejects.toMatchObject({
    reason: 'empty',
    message: 'The table holds no rows.',
  });
});

describe('whether it may be a recording', () => {
  const kindOf = async (columns: Columns) => looksLikeRecording((await file(columns)).absolute);
  const paced = numbers(
    'time',
    upTo(40).map((at) => at / 100),
  );

  it('is told by a channel and a value a row, or by an even pace of numbers', async () => {
    expect(await kindOf([words('channel', ['a', 'b']), numbers('value', [1, 2])])).toBe('recording');
    expect(await kindOf([paced, numbers('x', upTo(40))])).toBe('recording');
    expect(await kindOf([paced, numbers('x', upTo(40)), words('label', upTo(40).map(String))])).toBe(
      'recording',
    );
  });

  it('is open where there are words beside, or no time at all', async () => {
    expect(await kindOf([paced, numbers('x', upTo(40)), words('name', upTo(40).map(String))])).toBe('either');
    expect(await kindOf([numbers('x', upTo(40)), numbers('y', upTo(40))])).toBe('either');
    const staying = words(
      'label',
      upTo(40).map((at) => (at < 20 ? 'walk' : 'run')),
    );
    expect(await kindOf([numbers('x', upTo(40)), staying])).toBe('either');
  });

  it('is denied by words without a pace, and by times that jump', async () => {
    expect(await kindOf([numbers('x', [1, 2]), words('name', ['a', 'b'])])).toBe('table');
    const changing = words(
      'label',
      upTo(40).map((at) => ['ill', 'well'][at % 2]!),
    );
    expect(await kindOf([numbers('x', upTo(40)), numbers('y', upTo(40)), changing])).toBe('table');
    const jumping = numbers(
      'time',
      upTo(40).map((at) => at * at * at),
    );
    expect(await kindOf([jumping, numbers('x', upTo(40))])).toBe('table');
  });
});
