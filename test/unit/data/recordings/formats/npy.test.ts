import { join } from 'node:path';
import { zipSync } from 'fflate';
import { expect, it, onTestFinished } from 'vitest';
import { bytesInMemory } from '../../../../../src/data/recordings/bytes.ts';
import {
  arraysOfNpz,
  isBesideData,
  looksLikeNpy,
  openNpy,
  openNpz,
} from '../../../../../src/data/recordings/formats/npy.ts';
import type { ArrayChoices } from '../../../../../src/data/recordings/named-arrays.ts';
import { folderOf } from '../../../../fixtures/imports.ts';

/** By NEP 1: magic, version, the header's length, the header, the values. */
function npy(
  descr: string,
  shape: string,
  values: ArrayBufferView,
  { fortran = false, version = 1 } = {},
): Buffer {
  const text = `{'descr': ${descr}, 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${shape}), }\n`;
  const head = Buffer.alloc(version === 1 ? 10 : 12);
  head.write('\x93NUMPY', 'latin1');
  head[6] = version;
  if (version === 1) head.writeUInt16LE(text.length, 8);
  else head.writeUInt32LE(text.length, 8);
  return Buffer.concat([
    head,
    Buffer.from(text, 'latin1'),
    Buffer.from(values.buffer, values.byteOffset, values.byteLength),
  ]);
}
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);
const series = npy("'<f4'", '20, 2', Float32Array.from(upTo(40)));

async function open(files: Record<string, Uint8Array>, name: string, choices: ArrayChoices = {}) {
  const recording = await openNpy(join(await folderOf(files), name), choices);
  onTestFinished(() => recording.close());
  return recording;
}
async function valuesOf(bytes: Buffer) {
  const { arrays, close } = await arraysOfNpz(bytesInMemory(zipSync({ 'x.npy': bytes })));
  onTestFinished(close);
  return arrays[0]!.values();
}

it('reads an array of time and channels', async () => {
  const { format, tracks, notes } = await open({ 'X.npy': series }, 'X.npy');
  expect(format).toBe('NumPy');
  expect(notes).toEqual(['The data are “X” (20 in time × 2 channels).']);
  expect([...(await tracks[0]!.read(2, 4))]).toEqual([4, 5, 6, 7]);
});

it('reads the first axis fastest where it was written so, and headers of version 2', async () => {
  const bytes = npy("'<f4'", '20, 2', Float32Array.from(upTo(40)), { fortran: true, version: 2 });
  const { tracks } = await open({ 'X.npy': bytes }, 'X.npy');
  expect([...(await tracks[0]!.read(0, 2))]).toEqual([0, 20, 1, 21]);
});

it('takes labels and names from the arrays beside it, and no other array', async () => {
  const trials = npy("'<f4'", '3, 2, 8', Float32Array.from(upTo(48)));
  const files = {
    'X.npy': trials,
    'y.npy': npy("'|u1'", '3,', Uint8Array.of(1, 0, 1)),
    'ch_names.npy': npy("'|S2'", '2,', Buffer.from('C3Cz')),
    'X2.npy': series,
  };
  const { tracks } = await open(files, 'X.npy');
  expect(tracks[0]!.channels.map(({ name }) => name)).toEqual(['C3', 'Cz']);
  expect(tracks[0]!.stretches.map(({ start, label }) => [start, label])).toEqual([
    [0, '1'],
    [8, '0'],
    [16, '1'],
  ]);
  // Trial 1, time 0: its channels lie eight apart.
  expect([...(await tracks[0]!.read(8, 9))]).toEqual([16, 24]);
  const named = {
    ...files,
    'truth.npy': npy("'<U4'", '3,', Uint32Array.from([...'leftrestleft'].map((one) => one.codePointAt(0)!))),
  };
  const told = await open(named, 'X.npy', { labels: 'truth', axes: ['trial', 'channel', 'time'] });
  expect(told.tracks[0]!.stretches.map(({ label }) => label)).toEqual(['left', 'rest', 'left']);
});

it.each([
  ["'|b1'", Uint8Array.of(1, 0), [1, 0]],
  ["'|i1'", Int8Array.of(-1, 5), [-1, 5]],
  ["'>i2'", Uint8Array.of(1, 2, 255, 255), [258, -1]],
  ["'<u4'", Uint32Array.of(4_294_967_295, 1), [4_294_967_295, 1]],
  ["'<i8'", BigInt64Array.of(-3n, 2n ** 40n), [-3, 2 ** 40]],
  ["'<f2'", Uint16Array.of(0x3c00, 0xc000), [1, -2]],
  ["'>f8'", Uint8Array.of(0x40, 4, 0, 0, 0, 0, 0, 0, 0xbf, 0xf0, 0, 0, 0, 0, 0, 0), [2.5, -1]],
  ["'>U1'", Uint8Array.of(0, 0, 0, 65, 0, 1, 0xf6, 0), ['A', '😀']],
  ["'|S3'", Buffer.from('ab\0c\0\0'), ['ab', 'c']],
])('reads values of type %s', async (descr, bytes, values) => {
  expect(await valuesOf(npy(descr, '2,', bytes))).toEqual(values);
});

it('reads a zip of arrays, packed or not, and leaves other entries out', async () => {
  const zip = zipSync({
    'X.npy': series,
    'fs.npy': [npy("'<i8'", '', BigInt64Array.of(128n)), { level: 0 }],
    'notes.txt': Buffer.from('a'),
  });
  const recording = await openNpz(bytesInMemory(zip));
  onTestFinished(() => recording.close());
  expect(recording.format).toBe('NumPy, zipped');
  expect(recording.tracks[0]!.rate).toBe(128);
  expect([...(await recording.tracks[0]!.read(19, 20))]).toEqual([38, 39]);
});

const one = Float32Array.of(1);
it.each([
  [Buffer.from('no array'), 'wrong-magic', 'The file does not begin as NumPy’s do.'],
  [npy("'<f4'", '3,', one), 'broken', '“X” is cut off: 3 numbers need 12 bytes, 4 are there.'],
  [
    npy("'<c8'", '1,', Float32Array.of(1, 2)),
    'unsupported',
    '“X” has values of type <c8, which are not read.',
  ],
  [
    npy("'<M8[ns]'", '1,', new BigInt64Array(1)),
    'unsupported',
    '“X” has values of type <M8[ns], which are not read.',
  ],
  [npy("[('a', '<f4')]", '1,', one), 'unsupported', 'The array holds records of several fields, or objects.'],
  [npy("'<f4'", '-1,', one), 'broken', 'The header of the array gives “-1,” as its size.'],
  [
    npy("'<f4'", '1,', one).fill('?', 40, 50),
    'broken',
    'The header of the array does not say how it is written.',
  ],
])('refuses an array that contradicts itself: %#', async (bytes, reason, message) => {
  await expect(open({ 'X.npy': bytes }, 'X.npy')).rejects.toMatchObject({ reason, message });
});

it('knows an array by its first bytes, and those that lie beside the data by their names', () => {
  expect(looksLikeNpy(series)).toBe(true);
  expect(looksLikeNpy(Buffer.from('NUMPY1'))).toBe(false);
  expect(['a/Y.npy', 'labels.NPY', 'X.npy', 'my_y.npy'].map(isBesideData)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
