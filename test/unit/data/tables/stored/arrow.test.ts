import {
  tableFromArrays,
  tableToIPC,
  Table,
  vectorFromArray,
  Utf8,
  Float64,
  Bool,
  TimestampMillisecond,
  Int64,
  List,
  Field,
  Int32,
} from 'apache-arrow';
import { expect, it } from 'vitest';
import { looksLikeArrow, openArrowFile } from '../../../../../src/data/tables/stored/arrow.ts';
import { allRows, listed } from './made.ts';

const table = new Table({
  size: vectorFromArray([1.5, null, -2], new Float64()),
  kind: vectorFromArray(['a', ' b ', null], new Utf8()),
  yes: vectorFromArray([true, false, null], new Bool()),
  when: vectorFromArray(
    [new Date('2024-03-05T12:30:00Z'), new Date('2024-03-06T00:00:00Z'), null],
    new TimestampMillisecond(),
  ),
  many: vectorFromArray([5n, 2n ** 60n, null], new Int64()),
});

it.each(['file', 'stream'] as const)(
  'reads numbers, words, yes and no, moments and large numbers of a %s',
  async (kind) => {
    const bytes = tableToIPC(table, kind);
    expect(looksLikeArrow(bytes)).toBe(true);
    const opened = await openArrowFile(await listed('a.arrow', bytes));
    expect(opened).toMatchObject({
      path: 'a.arrow',
      names: ['size', 'kind', 'yes', 'when', 'many'],
      units: [null, null, null, null, null],
      notes: [],
      doubts: [],
    });
    const { cells, lines } = await allRows(opened);
    expect(cells).toEqual([
      [1.5, 'a', 'true', '2024-03-05 12:30:00', 5],
      ['', 'b', 'false', '2024-03-06', String(2n ** 60n)],
      [-2, '', '', '', ''],
    ]);
    expect(lines).toEqual([1, 2, 3]);
  },
);

it('goes on counting rows in the next batch', async () => {
  const first = tableFromArrays({ x: Float64Array.of(1, 2) });
  const both = first.concat(tableFromArrays({ x: Float64Array.of(3) }));
  const { cells, lines } = await allRows(
    await openArrowFile(await listed('a.arrow', tableToIPC(both, 'file'))),
  );
  expect([cells, lines]).toEqual([
    [[1], [2], [3]],
    [1, 2, 3],
  ]);
});

it('leaves lists out, names columns apart, and has nothing where all are lists', async () => {
  const lists = vectorFromArray([[1, 2], [3]], new List(new Field('item', new Int32(), true)));
  const mixed = await openArrowFile(
    await listed(
      'a.arrow',
      tableToIPC(new Table({ x: vectorFromArray([1, 2], new Float64()), tags: lists }), 'file'),
    ),
  );
  expect(mixed.names).toEqual(['x']);
  expect(mixed.notes).toEqual([
    { reason: 'nested-column', message: 'Column “tags” holds lists or structures, and is left out.' },
  ]);
  await expect(
    openArrowFile(await listed('a.arrow', tableToIPC(new Table({ tags: lists }), 'file'))),
  ).rejects.toMatchObject({
    reason: 'empty',
    message: 'The table holds no column of plain values.',
  });
});

it('says what is too short, damaged or cut off', async () => {
  await expect(openArrowFile(await listed('a.arrow', Buffer.from('ARROW1')))).rejects.toMatchObject({
    reason: 'broken',
    message: 'The file is too short for Arrow.',
  });
  const bytes = tableToIPC(table, 'stream');
  await expect(
    (async () =>
      allRows(await openArrowFile(await listed('a.arrow', bytes.subarray(0, bytes.length - 60)))))(),
  ).rejects.toMatchObject({
    reason: 'broken',
    message: expect.stringMatching(/^The table is damaged or cut off \(.+\)\. Copy it again\.$/) as string,
  });
  expect(looksLikeArrow(Buffer.from('PAR1'))).toBe(false);
});
