import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { asPackingProblem, headOf, readHead, requireText } from '../../../../src/data/delimited/head.ts';
import { folderOf } from '../../../fixtures/imports.ts';

const fileOf = async (content: string | Uint8Array) => join(await folderOf({ 'a.csv': content }), 'a.csv');
const rows = (count: number, first = 0) =>
  Array.from({ length: count }, (_, at) => `${first + at};0.5\n`).join('');

it('reads a small file whole', async () => {
  const { encoding, dialect } = await readHead(await fileOf('x;y\n1;0.5\n2;0.25'));
  expect(encoding).toBe('utf-8');
  expect(dialect).toMatchObject({ delimiter: ';', header: ['x', 'y'], laterRows: [] });
  expect(dialect!.rows).toEqual([
    ['1', '0.5'],
    ['2', '0.25'],
  ]);
  expect(await readHead(await fileOf('\n\n'))).toMatchObject({ dialect: null });
});

it.each([
  ['a plain file', (text: string) => text],
  ['a packed one', (text: string) => gzipSync(text)],
])('looks at lines from further on in %s, and at none that is cut', async (_what, pack) => {
  // Only the end of the file has decimal commas.
  const text = `x;y\n${rows(40_000)}${'77777;0,25\n'.repeat(3000)}`;
  const { dialect } = await readHead(await fileOf(pack(text)));
  expect(dialect!.rows[0]).toEqual(['0', '0.5']);
  expect(dialect!.laterRows.every((row) => row.length === 2 && /^0[.,]\d+$/.test(row[1]!))).toBe(true);
  expect(dialect!.laterRows).toContainEqual(['77777', '0,25']);
});

it('takes a beginning in memory up to its last whole line', () => {
  const cut = headOf(Buffer.from('x;y\n1;2\n3;4\n5'), false);
  expect(cut.dialect!.rows).toEqual([
    ['1', '2'],
    ['3', '4'],
  ]);
  expect(headOf(Buffer.from('x;y\n1;2\n3;4'), true).dialect!.rows).toHaveLength(2);
  // A single line longer than what was read.
  expect(headOf(Buffer.from('1;2;3'), false).dialect!.columnCount).toBe(3);
});

it('says what is no text', () => {
  expect(() => requireText(Buffer.alloc(0), true)).toThrow(
    'The file is empty (0 bytes). Copy it again from its source.',
  );
  expect(() => requireText(Buffer.from('PK\x03\x04....'), true)).toThrow(
    'This is a ZIP archive, not text. Unpack it, and choose the file inside.',
  );
  expect(() => requireText(Buffer.from([1, 0, 2, 0, 255, 0, 3, 9, 0, 254, 0, 0]), true)).toThrow(
    'The file holds binary data, not text.',
  );
});

it('believes an encoding that is told', () => {
  const latin = Buffer.from('größe;y\n1;2\n', 'latin1');
  expect(requireText(latin, true)).toBe('windows-1252');
  expect(requireText(Buffer.from('a;b\n'), true, { encoding: 'utf-16le' })).toBe('utf-16le');
  expect(headOf(latin, true).dialect!.header).toEqual(['größe', 'y']);
});

it('says of damaged gzip data what to do, and passes other errors on', async () => {
  const packed = gzipSync(rows(5000));
  await expect(readHead(await fileOf(packed.subarray(0, 200)))).rejects.toMatchObject({
    reason: 'broken',
    message: 'The gzip data is damaged or cut off. Copy the file again from its source.',
  });
  const other = new Error('no space');
  expect(asPackingProblem(other)).toBe(other);
  expect(asPackingProblem(null)).toBeNull();
});
