import { zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { holdsMatrix, openNpzFile } from '../../../../../src/data/tables/stored/npz.ts';
import { npy } from '../../../../fixtures/recordings/made-npy.ts';
import { allRows, listed } from './made.ts';

/** Texts of so many letters, as NumPy writes them. */
function texts(words: readonly string[], width: number): Buffer {
  const header =
    `{'descr': '|S${width}', 'fortran_order': False, 'shape': (${words.length},), }`.padEnd(117) + '\n';
  const head = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${header}`, 'latin1');
  head.writeUInt16LE(header.length, 8);
  return Buffer.concat([head, ...words.map((word) => Buffer.from(word.padEnd(width, '\0')))]);
}
const matrix = npy([3, 2], [1, 2, 3, 4, 5, NaN]);
const file = (arrays: Record<string, Uint8Array>) =>
  listed(
    'a.npz',
    zipSync(Object.fromEntries(Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes]))),
  );

it('has the columns of the matrix, named by the file where it does, and arrays of as many rows beside them', async () => {
  const opened = await openNpzFile(
    await file({
      X: matrix,
      y: npy([3], [7, 8, 9]),
      kind: texts(['a', 'b', 'c'], 1),
      columns: texts(['age', 'size'], 4),
      odd: npy([5], [1, 2, 3, 4, 5]),
    }),
    undefined,
  );
  expect(opened.names).toEqual(['age', 'size', 'y', 'kind']);
  expect(opened.notes).toEqual([
    { reason: 'arrays-left-out', message: 'Arrays that are no columns of “X” are left out: odd [5].' },
  ]);
  expect(opened.doubts).toEqual([]);
  expect((await allRows(opened)).cells).toEqual([
    [1, 2, 7, 'a'],
    [3, 4, 8, 'b'],
    [5, NaN, 9, 'c'],
  ]);
});

it('numbers columns that have no names', async () => {
  const opened = await openNpzFile(await file({ X: matrix }), undefined);
  expect(opened.names).toEqual(['X 1', 'X 2']);
});

it('takes the largest of several matrices and asks, or the one that is named', async () => {
  const arrays = { X: matrix, Z: npy([3, 4], new Array<number>(12).fill(0)) };
  const open = await openNpzFile(await file(arrays), undefined);
  expect(open.names).toHaveLength(4);
  expect(open.doubts).toMatchObject([
    {
      code: 'table.which',
      message: '“a.npz” holds 2 matrices: Z, X.',
      remedy: 'Name the one to read (options.matrix).',
      blocking: true,
    },
  ]);
  const named = await openNpzFile(await file(arrays), 'X');
  expect([named.names.length, named.doubts]).toEqual([2, []]);
});

it('says what there is where there is no matrix', async () => {
  await expect(openNpzFile(await file({ y: npy([3], [1, 2, 3]) }), undefined)).rejects.toMatchObject({
    reason: 'no-matrix',
    message: 'There is no matrix [rows × columns]. There are: y [3].',
  });
  await expect(openNpzFile(await file({ X: matrix }), 'Z')).rejects.toMatchObject({
    message: 'There is no matrix [rows × columns] “Z”. There are: X [3 × 2].',
  });
});

it('tells whether its largest array is a matrix', async () => {
  const holds = async (arrays: Record<string, Uint8Array>) => holdsMatrix((await file(arrays)).absolute);
  expect(await holds({ X: matrix, y: npy([3], [1, 2, 3]) })).toBe(true);
  expect(await holds({ X: matrix, y: npy([30], new Array<number>(30).fill(0)) })).toBe(false);
  expect(await holds({ kind: texts(['a'], 1) })).toBe(false);
});
