/** NumPy's .npy (NEP 1): one array behind a header, and .npz: a zip of them. */
import { basename, dirname, join } from 'node:path';
import { openBytes, type ByteSource } from '../bytes.ts';
import { allNumbers } from './mat.ts';
import { recordingOfArrays, type ArrayChoices, type NamedArray } from '../named-arrays.ts';
import { bytesOf, type NumberType } from '../numbers.ts';
import { FileProblem } from '../../problem.ts';
import { broken, unsupported } from '../problem.ts';
import type { Recording } from '../recording.ts';
import { readArrayRows, stridesOf } from '../strided.ts';
import { openZip } from '../zip.ts';

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');
const MOST_HEADER_BYTES = 1024 * 1024;
const TYPES: Record<string, NumberType> = {
  b1: 'uint8',
  i1: 'int8',
  u1: 'uint8',
  i2: 'int16',
  u2: 'uint16',
  i4: 'int32',
  u4: 'uint32',
  i8: 'int64',
  u8: 'uint64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
};
/** Arrays that may lie beside one that is a file of its own: `X.npy`, and `y.npy` in the same folder. */
const BESIDE = [
  'y',
  'labels',
  'label',
  'targets',
  'groups',
  'subjects',
  'subject',
  'sessions',
  'ch_names',
  'channels',
];

export const looksLikeNpy = (head: Uint8Array): boolean => Buffer.from(head.subarray(0, 6)).equals(MAGIC);

export async function openNpy(path: string, choices: ArrayChoices = {}): Promise<Recording> {
  const opened: ByteSource[] = [];
  const close = async () => {
    for (const source of opened) await source.close();
  };
  const own = basename(path).replace(/\.npy$/i, '');
  try {
    const arrays: NamedArray[] = [];
    for (const name of new Set([
      own,
      ...BESIDE,
      ...[choices.labels, choices.groups].filter((one) => one !== undefined),
    ])) {
      const source = await openBytes(name === own ? path : join(dirname(path), `${name}.npy`)).catch(
        (error: NodeJS.ErrnoException) => {
          if (name === own || error.code !== 'ENOENT') throw error;
          return null;
        },
      );
      if (!source) continue;
      opened.push(source);
      arrays.push(await arrayOf(name, source));
    }
    return await recordingOfArrays('NumPy', arrays, { ...choices, variable: own }, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** Whether an .npy belongs to another one in its folder, by its name. */
export const isBesideData = (name: string): boolean =>
  BESIDE.includes(
    basename(name)
      .replace(/\.npy$/i, '')
      .toLowerCase(),
  );

export async function openNpz(source: ByteSource, choices: ArrayChoices = {}): Promise<Recording> {
  const { arrays, close } = await arraysOfNpz(source);
  try {
    return await recordingOfArrays('NumPy, zipped', arrays, choices, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** All arrays of an .npz; the source is closed with them, or where they cannot be read. */
export async function arraysOfNpz(
  source: ByteSource,
): Promise<{ arrays: NamedArray[]; close: () => Promise<void> }> {
  const zip = await openZip(source).catch(async (error: unknown) => {
    await source.close();
    throw error;
  });
  try {
    const arrays: NamedArray[] = [];
    for (const { name, open } of zip.entries)
      if (name.endsWith('.npy')) arrays.push(await arrayOf(name.slice(0, -4), await open()));
    return { arrays, close: zip.close };
  } catch (error) {
    await zip.close();
    throw error;
  }
}

async function arrayOf(name: string, source: ByteSource): Promise<NamedArray> {
  const { descr, isFortran, dims, offset } = await readHeader(source);
  const [, order, kind, size] = /^([<>|=])([a-zA-Z])(\d*)$/.exec(descr) ?? [];
  if (kind === undefined)
    throw unsupported(`“${name}” has values of type ${descr.slice(0, 40)}, which are not read.`);
  const isLittleEndian = order !== '>';
  const count = dims.reduce((product, one) => product * one, 1);
  if (kind === 'U' || kind === 'S')
    return textsOf(name, source, offset, dims, kind, Number(size), isLittleEndian);
  const type = TYPES[`${kind}${size}`];
  if (!type) throw unsupported(`“${name}” has values of type ${descr.slice(0, 40)}, which are not read.`);
  if (source.size - offset < count * bytesOf(type))
    throw broken(
      `“${name}” is cut off: ${dims.join(' × ')} numbers need ${count * bytesOf(type)} bytes, ${source.size - offset} are there.`,
    );
  const array = { type, isLittleEndian, dims, strides: stridesOf(dims, isFortran), source, offset };
  return {
    name,
    dims: dims.length === 0 ? [1] : dims,
    kind: 'numbers',
    rows: (axes, from, to) => readArrayRows(array, axes, from, to),
    values: () => allNumbers(array),
  };
}

function textsOf(
  name: string,
  source: ByteSource,
  offset: number,
  dims: number[],
  kind: 'U' | 'S',
  size: number,
  isLittleEndian: boolean,
): NamedArray {
  const count = dims.reduce((product, one) => product * one, 1);
  const width = kind === 'U' ? 4 * size : size;
  return {
    name,
    dims: dims.length === 0 ? [1] : dims,
    kind: 'texts',
    rows: () => Promise.reject(unsupported(`“${name}” holds texts.`)),
    async values() {
      const bytes = await source.read(offset, count * width);
      if (kind === 'U' && !isLittleEndian) bytes.swap32();
      return Array.from({ length: count }, (_, index) => {
        const part = bytes.subarray(index * width, (index + 1) * width);
        if (kind === 'S') return part.toString('latin1').replace(/\0+$/, '');
        const codes = Array.from({ length: size }, (_, at) => part.readUInt32LE(4 * at));
        return codes.map((code) => (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '')).join('');
      });
    },
  };
}

/** `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }` */
async function readHeader(source: ByteSource) {
  if (source.size < 10 || !looksLikeNpy(await source.read(0, 8)))
    throw new FileProblem('wrong-magic', 'The file does not begin as NumPy’s do.');
  const start = await source.read(0, 10);
  const isLong = start[6]! >= 2;
  const length = isLong ? (await source.read(8, 4)).readUInt32LE(0) : start.readUInt16LE(8);
  if (length > MOST_HEADER_BYTES) throw broken('The header of the array is too long.');
  const begin = isLong ? 12 : 10;
  const text = (await source.read(begin, length)).toString('latin1');
  const descr = /'descr':\s*'([^']+)'/.exec(text)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  if (shape === undefined || order === undefined)
    throw broken('The header of the array does not say how it is written.');
  if (descr === undefined) throw unsupported('The array holds records of several fields, or objects.');
  const dims = shape
    .split(',')
    .map((part) => part.trim().replace(/L$/, ''))
    .filter((part) => part !== '')
    .map(Number);
  if (dims.some((size) => !Number.isSafeInteger(size) || size < 0))
    throw broken(`The header of the array gives “${shape.slice(0, 60)}” as its size.`);
  return { descr, isFortran: order === 'True', dims, offset: begin + length };
}
