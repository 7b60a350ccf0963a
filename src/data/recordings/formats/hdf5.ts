/** MATLAB files of version 7.3: HDF5, whose axes stand the other way round, and whose cells are references. */
import { Dataset, File, Group, ready, Reference, type Entity } from 'h5wasm/node';
import { lettersOf, textRows } from '../char-matrix.ts';
import { recordingOfArrays, type ArrayChoices, type NamedArray } from '../named-arrays.ts';
import { FileProblem } from '../../problem.ts';
import { broken, unsupported } from '../problem.ts';
import type { Recording } from '../recording.ts';
import type { Axis } from '../strided.ts';

const MOST_CELLS = 10_000;
/** Values that are read at once. */
const SPAN_VALUES = 1024 * 1024;

export async function openMat73(path: string, choices: ArrayChoices = {}): Promise<Recording> {
  // Else it prints what it finds to the terminal, and goes on.
  (await ready).activate_throwing_error_handler();
  const file = openFile(path);
  try {
    const arrays = file
      .keys()
      .flatMap((name) => (name.startsWith('#') ? [] : arraysOf(name, file.get(name))));
    return await recordingOfArrays('MATLAB 7.3', arrays, choices, () => {
      file.close();
      return Promise.resolve();
    });
  } catch (error) {
    file.close();
    throw asProblem(error);
  }
}

function openFile(path: string): File {
  try {
    return new File(path, 'r');
  } catch (error) {
    throw asProblem(error);
  }
}

/** The library of HDF5 says in its own words what it finds broken. */
function asProblem(error: unknown): unknown {
  if (error instanceof FileProblem) return error;
  if ((error as NodeJS.ErrnoException | null)?.code?.startsWith('E')) return error;
  return broken(
    'The file is damaged or cut off: what HDF5 keeps in it cannot be read. Copy it again from its source.',
  );
}

function arraysOf(name: string, entity: Entity | null): NamedArray[] {
  if (entity instanceof Group)
    return entity.keys().flatMap((key) => arraysOf(`${name}.${key}`, entity.get(key)));
  if (!(entity instanceof Dataset)) return [];
  const kind = classOf(entity);
  const dims = [...(entity.shape ?? [])].reverse();
  if (kind === 'char') return [textsOf(name, () => rowsOfText(entity), dims[0])];
  if (kind === 'cell') return cellsOf(name, entity);
  if (!/^[<>|]?[bBhHiIlLqQefd]$|^[<>|]?[iuf]\d$/.test(String(entity.dtype))) return [];
  return [
    {
      name,
      dims,
      kind: 'numbers',
      rows: (axes, from, to) => Promise.resolve(readRows(entity, axes, dims, from, to)),
      values: () => Promise.resolve(Array.from(numbersIn(entity, []))),
    },
  ];
}

function classOf(dataset: Dataset): string {
  const stored = dataset.attrs['MATLAB_class']?.value;
  return typeof stored === 'string' ? stored : '';
}

const textsOf = (name: string, read: () => string[], count = 1): NamedArray => ({
  name,
  dims: [Math.max(1, count)],
  kind: 'texts',
  rows: () => Promise.reject(unsupported(`“${name}” holds texts.`)),
  values: () => Promise.resolve(read()),
});

const textOf = (dataset: Dataset): string => lettersOf(numbersIn(dataset, []), false);

/** HDF5 counts MATLAB's axes from behind. */
const rowsOfText = (dataset: Dataset): string[] => textRows(textOf(dataset), dataset.shape?.at(-1) ?? 1);

/** Cells of texts; others are no names. */
function cellsOf(name: string, dataset: Dataset): NamedArray[] {
  const stored = dataset.value;
  const cells = Array.isArray(stored) ? stored.flat(3) : [stored];
  if (cells.length > MOST_CELLS) return [];
  const texts: Dataset[] = [];
  for (const cell of cells) {
    const inner = cell instanceof Reference ? dataset.dereference(cell) : null;
    if (!(inner instanceof Dataset) || classOf(inner) !== 'char') return [];
    texts.push(inner);
  }
  return [textsOf(name, () => texts.map(textOf))];
}

type Ranges = [number, number][];

function numbersIn(dataset: Dataset, ranges: Ranges): number[] {
  const stored = storedIn(dataset, ranges);
  if (typeof stored === 'number') return [stored];
  if (!ArrayBuffer.isView(stored)) throw broken('An array holds something else than numbers.');
  return Array.from(stored as unknown as ArrayLike<number | bigint>, Number);
}

function storedIn(dataset: Dataset, ranges: Ranges): unknown {
  try {
    return ranges.length > 0 ? dataset.slice(ranges) : dataset.value;
  } catch (error) {
    throw asProblem(error);
  }
}

/** @param dims as MATLAB names them: the last axis of the file first */
function readRows(
  dataset: Dataset,
  axes: readonly Axis[],
  dims: readonly number[],
  from: number,
  to: number,
): Float32Array {
  const sizeOf = (axis: Axis) => (axes.includes(axis) ? dims[axes.indexOf(axis)]! : 1);
  const [steps, channels] = [sizeOf('time'), sizeOf('channel')];
  const values = new Float32Array((to - from) * channels);
  const inFile = [...axes].reverse();
  const atOnce = Math.max(1, Math.floor(SPAN_VALUES / channels));
  for (let row = from; row < to;) {
    const trial = Math.floor(row / steps);
    const begin = row - trial * steps;
    const end = Math.min(steps, to - trial * steps, begin + atOnce);
    const bounds: Record<Axis, [number, number]> = {
      trial: [trial, trial + 1],
      time: [begin, end],
      channel: [0, channels],
    };
    const stored = numbersIn(
      dataset,
      inFile.map((axis) => bounds[axis]),
    );
    const width = end - begin;
    const isTimeFirst = inFile.indexOf('time') < inFile.indexOf('channel') || !inFile.includes('channel');
    for (let time = 0; time < width; time += 1)
      for (let channel = 0; channel < channels; channel += 1)
        values[(row - from + time) * channels + channel] =
          stored[isTimeFirst ? time * channels + channel : channel * width + time]!;
    row += width;
  }
  return values;
}
