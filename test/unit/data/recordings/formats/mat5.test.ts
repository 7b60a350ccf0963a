import { expect, it, onTestFinished } from 'vitest';
import { bytesInMemory } from '../../../../../src/data/recordings/bytes.ts';
import { allNumbers, textValue } from '../../../../../src/data/recordings/formats/mat.ts';
import { looksLikeMat5, openMat5, type MatValue } from '../../../../../src/data/recordings/formats/mat5.ts';
import {
  cells,
  complex,
  doubles,
  element,
  mat,
  matrix,
  packed,
  shorts,
  small,
  struct,
  text,
} from '../../../../fixtures/recordings/made-mat.ts';

async function open(bytes: Buffer) {
  const file = await openMat5(bytesInMemory(bytes));
  onTestFinished(() => file.close());
  return file.variables;
}
const valueOf = async (...variables: Buffer[]) => (await open(mat(...variables)))[0]!.load();

/** What a value holds, whatever its kind. */
async function plain(value: MatValue): Promise<unknown> {
  if (value.kind === 'numbers') return allNumbers(value.array);
  if (value.kind === 'text') return textValue(value.codes);
  if (value.kind === 'cells') return Promise.all(value.cells.map(plain));
  if (value.kind === 'other') return value.what;
  return Promise.all(
    value.elements.map(async (one) =>
      Object.fromEntries(
        await Promise.all([...one].map(async ([name, inner]) => [name, await plain(inner)] as const)),
      ),
    ),
  );
}

it('lists variables by name and size, and reads one when it is asked for', async () => {
  const variables = await open(
    mat(doubles('X', [2, 3], [1, 2, 3, 4, 5, 6]), shorts('a_longer_name', [1, 2], [-7, 300])),
  );
  expect(variables.map(({ name, dims }) => [name, dims])).toEqual([
    ['X', [2, 3]],
    ['a_longer_name', [1, 2]],
  ]);
  const first = await variables[0]!.load();
  // First axis fastest: neighbours of a column lie beside each other.
  expect(first).toMatchObject({ kind: 'numbers', array: { type: 'float64', strides: [1, 2] } });
  expect(await plain(first)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(await plain(await variables[1]!.load())).toEqual([-7, 300]);
});

it('reads texts, cells, structures and arrays of them', async () => {
  expect(await plain(await valueOf(text('t', 'Fp1 µ')))).toBe('Fp1 µ');
  expect(await plain(await valueOf(cells('c', [1, 2], text('', 'A'), doubles('', [1, 1], [4]))))).toEqual([
    'A',
    [4],
  ]);
  const events = struct(
    'e',
    { type: text('', 'S 1'), latency: doubles('', [1, 1], [9]) },
    { type: text('', 'S 2'), latency: doubles('', [1, 1], [12]) },
  );
  expect(await plain(await valueOf(events))).toEqual([
    { type: 'S 1', latency: [9] },
    { type: 'S 2', latency: [12] },
  ]);
  expect(
    await plain(await valueOf(struct('s', { inner: struct('', { x: shorts('', [1, 1], [5]) }) }))),
  ).toEqual([{ inner: [{ x: [5] }] }]);
});

it('unpacks what is packed', async () => {
  const [first, second] = await open(mat(packed(doubles('P', [1, 3], [7, 8, 9])), packed(text('q', 'yes'))));
  expect([first!.name, first!.dims, second!.name]).toEqual(['P', [1, 3], 'q']);
  expect(await plain(await first!.load())).toEqual([7, 8, 9]);
  // Asked for twice, it is unpacked once.
  expect(await plain(await first!.load())).toEqual([7, 8, 9]);
  expect(await plain(await second!.load())).toBe('yes');
});

it('reads a file of a machine that writes the high byte first', async () => {
  const word = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  };
  const head = Buffer.from(mat());
  Buffer.from([1, 0, 0x4d, 0x49]).copy(head, 124);
  const number = Buffer.alloc(8);
  number.writeDoubleBE(-2.5);
  const content = Buffer.concat([
    word(6),
    word(8),
    word(6),
    word(0),
    word(5),
    word(8),
    word(1),
    word(1),
    word((1 << 16) | 1),
    Buffer.from('x\0\0\0'),
    word(9),
    word(8),
    number,
  ]);
  const [variable] = await open(Buffer.concat([head, word(14), word(content.length), content]));
  expect(variable!.name).toBe('x');
  expect(await plain(await variable!.load())).toEqual([-2.5]);
});

it('says of what is no array of numbers what it is', async () => {
  expect(await plain(await valueOf(complex('z')))).toBe('complex numbers');
  expect(await plain(await valueOf(matrix('s', 5, [3, 3])))).toBe('a sparse matrix');
  expect(await plain(await valueOf(matrix('f', 16, [1, 1])))).toBe('an object of a class');
  // An object of a class at the top is no variable.
  expect(await open(mat(matrix('o', 3, [1, 1]), doubles('x', [1, 1], [1])))).toHaveLength(1);
  expect(await valueOf(doubles('e', [0, 0], []))).toMatchObject({ kind: 'numbers', array: { dims: [0, 0] } });
});

const whole = mat(doubles('x', [1, 2], [1, 2]));
it.each([
  [whole.subarray(0, 100), 'broken', 'The file is cut off in its header: 100 of 128 bytes are there.'],
  [Buffer.alloc(200), 'wrong-magic', 'The file does not begin as MATLAB’s of version 5 do.'],
  [whole.subarray(0, -8), 'broken', 'The file is cut off in its 1. variable. Copy it again from its source.'],
  [mat(element(14, element(5, Buffer.alloc(4)))), 'broken', 'An array of the file does not say what it is.'],
  [
    mat(element(14, Buffer.concat([element(6, Buffer.alloc(8)), element(6, Buffer.alloc(4))]))),
    'broken',
    'An array of the file does not say how large it is.',
  ],
  [mat(matrix('x', 6, [-1, 2])), 'broken', 'An array of the file has a size below zero.'],
  [mat(matrix('x'.repeat(5000), 6, [1, 1])), 'broken', 'The name of an array is too long.'],
  [
    mat(Buffer.from([1, 0, 5, 0, 0, 0, 0, 0])),
    'broken',
    'A small element of the file holds more than four bytes.',
  ],
])('refuses to open a file that contradicts itself: %#', async (bytes, reason, message) => {
  await expect(open(bytes)).rejects.toMatchObject({ reason, message });
});

const deep = (depth: number): Buffer =>
  depth === 0 ? doubles('', [1, 1], [1]) : cells('', [1, 1], deep(depth - 1));
it.each([
  [matrix('x', 6, [2, 2], element(9, Buffer.alloc(24))), 'broken', 'An array of 2 × 2 numbers has 24 bytes.'],
  [
    matrix('x', 6, [1, 1], element(99, Buffer.alloc(8))),
    'unsupported',
    'The numbers of an array are of type 99, which is not known.',
  ],
  [cells('c', [1, 3], doubles('', [1, 1], [1])), 'broken', 'A cell or a field of a variable is missing.'],
  [
    cells('c', [1, 1], element(14, Buffer.alloc(8), 4000)),
    'broken',
    'A cell or a field is longer than the variable that it lies in.',
  ],
  [cells('c', [1000, 1000]), 'unsupported', 'A cell array of 1000000 cells is not read.'],
  [
    cells('c', [1, 1], element(9, Buffer.alloc(8))),
    'broken',
    'The file holds something else where an array has to be.',
  ],
  [
    matrix('s', 2, [1, 1], small(5, Buffer.from([0, 0, 0, 0])), element(1, Buffer.alloc(8))),
    'broken',
    'The names of a structure’s fields are unreadable.',
  ],
  [deep(18), 'broken', 'The variables lie in each other without an end.'],
])('refuses a variable that contradicts itself: %#', async (variable, reason, message) => {
  await expect(valueOf(variable)).rejects.toMatchObject({ reason, message });
});

it('is known by version and byte order behind its text', () => {
  expect(looksLikeMat5(whole)).toBe(true);
  expect(looksLikeMat5(whole.subarray(0, 127))).toBe(false);
  // Version 7.3 writes 2 for 1: HDF5.
  const newer = Buffer.from(whole);
  newer[125] = 2;
  expect(looksLikeMat5(newer)).toBe(false);
});
