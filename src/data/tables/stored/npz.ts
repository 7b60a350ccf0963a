/** Arrays of an .npz as one table: those with as many rows as the matrix are columns beside it. */
import { breathe } from '../../breathe.ts';
import { FileProblem } from '../../problem.ts';
import type { ListedFile } from '../../reading/listing.ts';
import { openBytes } from '../../recordings/bytes.ts';
import { arraysOfNpz } from '../../recordings/formats/npy.ts';
import type { NamedArray } from '../../recordings/named-arrays.ts';
import type { Cell } from '../source.ts';
import { cellOf } from './cells.ts';
import { namesOf, rowsAtOnce, rowsOfColumns, whichOf, type StoredTable } from './stored.ts';

const COLUMN_NAMES = /^(columns?|feature_?names?|features|col_?names?|names)$/i;

export async function openNpzFile(
  { path, absolute }: ListedFile,
  chosen: string | undefined,
): Promise<StoredTable> {
  const plan = await withArrays(absolute, async (arrays) => {
    const matrices = arrays.filter(({ kind, dims }) => kind === 'numbers' && dims.length === 2);
    const matrix = chosen === undefined ? largest(matrices) : matrices.find(({ name }) => name === chosen);
    if (!matrix)
      throw new FileProblem(
        'no-matrix',
        `There is no matrix [rows × columns]${chosen === undefined ? '' : ` “${chosen}”`}. There are: ${arrays.map(({ name, dims }) => `${name} [${dims.join(' × ')}]`).join(', ')}.`,
      );
    const [rows, width] = [matrix.dims[0]!, matrix.dims[1]!];
    const beside = arrays.filter(
      ({ name, dims }) => name !== matrix.name && dims.length === 1 && dims[0] === rows,
    );
    const named = arrays.find(
      ({ name, kind, dims }) =>
        kind === 'texts' && COLUMN_NAMES.test(name) && dims.length === 1 && dims[0] === width,
    );
    const titles = named
      ? ((await named.values()) as string[])
      : Array.from({ length: width }, (_, at) => `${matrix.name} ${at + 1}`);
    const others = matrices.filter(({ name }) => name !== matrix.name).map(({ name }) => name);
    return {
      matrix: matrix.name,
      rows,
      width,
      titles: [...titles, ...beside.map(({ name }) => name)],
      beside: beside.map(({ name }) => name),
      others,
      left: arrays
        .filter(
          (one) => one !== matrix && one !== named && !beside.includes(one) && !others.includes(one.name),
        )
        .map(({ name, dims }) => `${name} [${dims.join(' × ')}]`),
    };
  });
  const { names, notes } = namesOf(plan.titles);
  const isOpen = chosen === undefined && plan.others.length > 0;
  return {
    path,
    names,
    units: names.map(() => null),
    notes: [
      ...notes,
      ...(plan.left.length > 0
        ? [
            {
              reason: 'arrays-left-out',
              message: `Arrays that are no columns of “${plan.matrix}” are left out: ${plan.left.join(', ')}.`,
            },
          ]
        : []),
    ],
    doubts: isOpen ? [whichOf('matrices', 'options.matrix', [plan.matrix, ...plan.others], path)] : [],
    async *rows() {
      const { arrays, close } = await arraysOfNpz(await openBytes(absolute));
      try {
        const of = (name: string) => arrays.find((array) => array.name === name)!;
        const besides: (readonly (string | number)[])[] = [];
        for (const name of plan.beside) besides.push(await of(name).values());
        const atOnce = rowsAtOnce(names.length);
        for (let first = 0; first < plan.rows; first += atOnce) {
          const count = Math.min(atOnce, plan.rows - first);
          const values = await of(plan.matrix).rows(['time', 'channel'], first, first + count);
          yield rowsOfColumns(count, names.length, first + 1, (column, row): Cell =>
            column < plan.width
              ? values[row * plan.width + column]!
              : cellOf(besides[column - plan.width]![first + row]),
          );
          await breathe();
        }
      } finally {
        await close();
      }
    },
  };
}

const sizeOf = ({ dims }: NamedArray): number => dims.reduce((product, one) => product * one, 1);
const largest = (arrays: readonly NamedArray[]): NamedArray | undefined =>
  [...arrays].sort((one, other) => sizeOf(other) - sizeOf(one))[0];

/** Whether its largest array of numbers is a matrix, whose rows may be samples or moments. */
export async function holdsMatrix(absolute: string): Promise<boolean> {
  return withArrays(absolute, (arrays) => {
    const numbers = arrays.filter(({ kind }) => kind === 'numbers');
    return Promise.resolve(largest(numbers)?.dims.length === 2);
  });
}

async function withArrays<T>(absolute: string, use: (arrays: NamedArray[]) => Promise<T>): Promise<T> {
  const { arrays, close } = await arraysOfNpz(await openBytes(absolute));
  try {
    return await use(arrays);
  } finally {
    await close();
  }
}
