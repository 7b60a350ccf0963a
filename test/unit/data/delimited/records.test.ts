import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTable, type TableRow } from '../../../../src/data/delimited/records.ts';
import { folderOf } from '../../../fixtures/imports.ts';

async function read(
  content: string | Uint8Array,
  options: Parameters<typeof openTable>[1] = {},
  from?: number,
) {
  const table = await openTable(join(await folderOf({ 'a.csv': content }), 'a.csv'), options);
  if (!table) return null;
  const open: number[] = [];
  const rows: TableRow[] = [];
  let blocks = 0;
  for await (const block of table.rows((line) => open.push(line), from)) {
    rows.push(...block);
    blocks += 1;
  }
  return {
    ...table,
    read: rows,
    lines: rows.map(({ line }) => line),
    cells: rows.map(({ cells }) => cells),
    open,
    blocks,
  };
}

describe('a table', () => {
  it('has its names from the first row that is no comment, and rows with their lines', async () => {
    const found = await read('# made by hand\n\nname,age\nAda,36\nBob,7\n');
    expect(found!.header).toEqual(['name', 'age']);
    expect(found!.read).toEqual([
      { line: 4, cells: ['Ada', '36'] },
      { line: 5, cells: ['Bob', '7'] },
    ]);
  });

  it('has names and cells that go over several lines', async () => {
    const found = await read('"first\nname",age\n"Ada\nL.",36\nBob,7\n');
    expect(found!.header).toEqual(['first name', 'age']);
    expect(found!.read).toEqual([
      { line: 3, cells: ['Ada\nL.', '36'] },
      { line: 5, cells: ['Bob', '7'] },
    ]);
  });

  it('begins where it is told to, and after sep=', async () => {
    const found = await read('Report\n\nname;age\nAda;36\n', { headerLine: 3 });
    expect(found).toMatchObject({ header: ['name', 'age'], cells: [['Ada', '36']] });
    // A line within names over several lines is of these.
    for (const headerLine of [1, 2])
      expect(await read('"first\nname",age\nAda,36\n', { headerLine })).toMatchObject({
        header: ['first name', 'age'],
        headerLine: 1,
        cells: [['Ada', '36']],
      });
    const stated = await read('sep=|\nname|age\nAda|36\n');
    expect(stated).toMatchObject({ header: ['name', 'age'], cells: [['Ada', '36']] });
    expect((await read('a,b\n1,2\n3,4\n', {}, 0))!.cells).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  it('is none without a row', async () => {
    expect(await read('# nothing\n\n')).toBeNull();
  });

  it('is read in blocks, to its last line', async () => {
    const found = await read(`n,m\n${Array.from({ length: 4500 }, (_, at) => `${at},1`).join('\n')}`);
    expect(found!.blocks).toBe(3);
    expect(found!.cells).toHaveLength(4500);
    expect(found!.read.at(-1)).toEqual({ line: 4501, cells: ['4499', '1'] });
  });

  it('is no UTF-8 where a letter far down is none', async () => {
    const text = Buffer.concat([
      Buffer.from(`n,m\n${'1,2\n'.repeat(50_000)}`),
      Buffer.from('Zürich,3\n', 'latin1'),
    ]);
    const found = await read(text);
    expect(found!.encoding).toBe('windows-1252');
    expect(found!.cells.at(-1)).toEqual(['Zürich', '3']);
  });
});

describe('quotes', () => {
  // As RFC 4180 has them.
  it('hold delimiters, doubled quotes and line ends', async () => {
    const found = await read('a,b\r\n"x, y","say ""hi"""\r\n"two\r\nlines",2\r\n3,4\r\n');
    expect(found!.read).toEqual([
      { line: 2, cells: ['x, y', 'say "hi"'] },
      { line: 3, cells: ['two\nlines', '2'] },
      { line: 5, cells: ['3', '4'] },
    ]);
    expect(found!.open).toEqual([]);
  });

  it('within a cell are letters', async () => {
    expect((await read('a,b\n5" pipe,1\n6" pipe,2\n'))!.cells).toEqual([
      ['5" pipe', '1'],
      ['6" pipe', '2'],
    ]);
  });

  it('that are never closed cost their own line and no other, which is told', async () => {
    const found = await read(`a,b\n"open,1\n${'x,2\n'.repeat(300)}`);
    expect(found!.open).toEqual([2]);
    expect(found!.cells[0]).toEqual(['open', '1']);
    expect(found!.cells).toHaveLength(301);
    expect(found!.lines).toEqual(Array.from({ length: 301 }, (_, at) => at + 2));
  });

  it('are found closed again behind one that is not', async () => {
    const found = await read('a,b\n"open,1\nx,2\n"y",3\nz,4\n');
    expect(found!.open).toEqual([2]);
    expect(found!.cells).toEqual([
      ['open', '1'],
      ['x', '2'],
      ['y', '3'],
      ['z', '4'],
    ]);
  });
});

it('says what is no table', async () => {
  await expect(read(new Uint8Array(0))).rejects.toMatchObject({ reason: 'empty' });
  await expect(read(Uint8Array.from([0, 1, 2, 0, 0, 255, 254, 0, 3, 0, 9, 0]))).rejects.toMatchObject({
    reason: 'not-text',
  });
});
