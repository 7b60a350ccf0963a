/** MATLAB files as recordings: matrices of a recording or of its trials, with what lies beside them. */
import type { ByteSource } from '../bytes.ts';
import { lettersOf, textRows } from '../char-matrix.ts';
import { openMat5, type MatValue } from './mat5.ts';
import { recordingOfArrays, type ArrayChoices, type NamedArray } from '../named-arrays.ts';
import { decodeNumbers, bytesOf } from '../numbers.ts';
import { FileProblem } from '../../problem.ts';
import type { Recording } from '../recording.ts';
import { readArrayRows, type NumberArray } from '../strided.ts';

/** Variables of more values than this are looked into only if they are the data. */
const MOST_FLATTENED = 2_000_000;

export async function openMat(source: ByteSource, choices: ArrayChoices = {}): Promise<Recording> {
  const { variables, close } = await openMat5(source);
  try {
    const arrays: NamedArray[] = [];
    for (const { name, load } of variables) arrays.push(...flatten(name, await load()));
    return await recordingOfArrays('MATLAB 5', arrays, choices, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** Arrays in structures of one element are named by their path; cells of texts are an array of texts. */
export function flatten(name: string, value: MatValue): NamedArray[] {
  if (value.kind === 'numbers') return [numbersOf(name, value.array)];
  if (value.kind === 'text') return [textOf(name, value)];
  if (value.kind === 'struct') {
    const [only, second] = value.elements;
    if (!only || second) return [];
    return [...only].flatMap(([field, inner]) => flatten(`${name}.${field}`, inner));
  }
  if (value.kind === 'cells' && value.cells.length > 0 && value.cells.length <= MOST_FLATTENED) {
    const texts = value.cells.flatMap((cell) => (cell.kind === 'text' ? [cell.codes] : []));
    if (texts.length !== value.cells.length) return [];
    return [
      {
        name,
        dims: value.dims,
        kind: 'texts',
        rows: () => Promise.reject(new FileProblem('unsupported', `“${name}” holds texts.`)),
        values: async () => {
          const found: string[] = [];
          for (const text of texts) found.push(await textValue(text));
          return found;
        },
      },
    ];
  }
  return [];
}

const textOf = (name: string, { codes, rowCount }: Extract<MatValue, { kind: 'text' }>): NamedArray => ({
  name,
  dims: [Math.max(1, rowCount)],
  kind: 'texts',
  rows: () => Promise.reject(new FileProblem('unsupported', `“${name}” holds texts.`)),
  values: async () => textRows(await textValue(codes), rowCount),
});

export const numbersOf = (name: string, array: NumberArray): NamedArray => ({
  name,
  dims: array.dims,
  kind: 'numbers',
  rows: (axes, from, to) => readArrayRows(array, axes, from, to),
  values: () => allNumbers(array),
});

export async function allNumbers(array: NumberArray): Promise<number[]> {
  const count = array.dims.reduce((product, size) => product * size, 1);
  const bytes = await array.source.read(array.offset, count * bytesOf(array.type));
  return Array.from(decodeNumbers(bytes, array.type, array.isLittleEndian));
}

/** Of several rows, column by column. */
export const textValue = async (codes: NumberArray): Promise<string> =>
  lettersOf(await allNumbers(codes), bytesOf(codes.type) === 1);
