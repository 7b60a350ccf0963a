/**
 * Our own kernels for rows of tables (native/rows.h): each does in one operation what takes dozens of small ones. They
 * give null where they do not compute, and their callers use TensorFlow's operations.
 */
import { nativeBackend } from '../backend.ts';
import { attribute, defineNative, ownKernelsTake, runNative, runNativeAll } from '../native.ts';
import { tf, type Tensor } from '../tf.ts';
import { takesOwnDense } from './linear.ts';

export interface RowParts {
  /** Where numbers and categories stand in a row. */
  numbers: readonly number[];
  categories: readonly number[];
  /** How many categories each column of them has. */
  sizes: readonly number[];
  /** The greatest size of a number, beyond which it is held; 0: any. */
  limit: number;
}

const takesRows = (rows: Tensor) =>
  nativeBackend().smallOperations && rows.rank === 2 && ownKernelsTake(rows);

const parts = defineNative<RowParts>(
  {
    name: 'PretextOwnRowParts',
    forward: ({ rows }, { numbers, categories, sizes, limit }) =>
      runNativeAll(
        'PretextRowParts',
        [
          attribute.int('numbers', [...numbers]),
          attribute.int('categories', [...categories]),
          attribute.int('sizes', [...sizes]),
          attribute.float('limit', limit),
        ],
        [rows!],
        2,
      ),
    gradient: ([dTold], { rows }, _, { numbers, limit }) => ({
      rows: () => {
        const values = tf.gather(rows!, tf.tensor1d([...numbers], 'int32'), 1);
        // What is unknown is not below anything.
        const free = limit > 0 ? tf.lessEqual(tf.abs(values), limit) : tf.equal(values, values);
        const ofNumbers = tf.slice(dTold!, [0, 0], values.shape as [number, number]);
        const given = tf.where(free, ofNumbers, tf.zerosLike(ofNumbers));
        // Columns that are no numbers take the one of zeros behind all others.
        const from = Array.from({ length: rows!.shape[1]! }, (_, at) => numbers.indexOf(at));
        const places = from.map((at) => (at < 0 ? numbers.length : at));
        const padded = tf.concat([given, tf.zeros([rows!.shape[0]!, 1])], 1);
        return tf.gather(padded, tf.tensor1d(places, 'int32'), 1);
      },
    }),
  },
  ['rows'],
);

/**
 * Numbers and categories of rows, parted.
 *
 * @param rows float32 [N, D], NaN where unknown
 * @returns `told` float32 [N, 2F]: the numbers, 0 where unknown, then 1 for each that is; `codes` int32 [N, C], those
 *   of unknown categories the number behind the last
 */
export function ownRowParts(rows: Tensor, of: RowParts): { told: Tensor; codes: Tensor } | null {
  if (!takesRows(rows)) return null;
  const [told, codes] = parts({ rows }, of) as [Tensor, Tensor];
  return { told, codes };
}

interface CategoryOptions {
  rectified: boolean;
  /** Rows of the table that each column has. */
  sizes: number[];
}

const categoryAttributes = ({ rectified, sizes }: CategoryOptions) => [
  attribute.bool('rectified', rectified),
  attribute.int('sizes', sizes),
];

const withCategories = defineNative<CategoryOptions>(
  {
    name: 'PretextOwnCategoryDense',
    forward: ({ x, codes, table, kernel, bias }, options) => [
      runNative('PretextCategoryDense', categoryAttributes(options), [x!, codes!, table!, kernel!, bias!]),
    ],
    gradient: ([dy], { x, codes, table, kernel }, [y], options) => {
      const inputs = [dy!, y!, x!, codes!, table!, kernel!];
      const attributes = categoryAttributes(options);
      const [dKernel, dBias, dTable] = runNativeAll('PretextCategoryDenseGradient', attributes, inputs, 3);
      return {
        x: () => {
          const own = tf.slice(kernel!, [0, 0], [x!.shape[1]!, kernel!.shape[1]!]);
          const plain = [attribute.bool('rectified', options.rectified)];
          return runNative('PretextDenseTowardsInput', plain, [dy!, y!, own]);
        },
        // tfjs wants the gradient of whole numbers in others.
        codes: () => tf.zeros(codes!.shape),
        table: () => dTable!,
        kernel: () => dKernel!,
        bias: () => dBias!,
      };
    },
  },
  ['x', 'codes', 'table', 'kernel', 'bias'],
);

/**
 * A dense layer of numbers beside vectors of categories: [x, table[codes]] · kernel + bias. What a vector adds is
 * computed once for each row of the table.
 *
 * @param input.x float32 [N, F]
 * @param input.codes int32 [N, C], each from 0 to its column's size − 1
 * @param input.table float32 [Σ sizes, E]: one column after the other
 * @param input.kernel float32 [F + C · E, out]
 * @param input.bias float32 [out]
 * @returns float32 [N, out]; null where TensorFlow's operations are to be used, as with more categories than cells
 */
export function ownCategoryDense(
  input: Record<'x' | 'codes' | 'table' | 'kernel' | 'bias', Tensor>,
  options: CategoryOptions,
): Tensor | null {
  const { x, codes, table, kernel } = input;
  if (!takesOwnDense(x, kernel) || table.shape[0]! > codes.size) return null;
  return withCategories(input, options)[0]!;
}

const replace = defineNative<{ count: number }>(
  {
    name: 'PretextOwnReplaceCells',
    forward: ({ rows, draws, sources, picked }, { count }) =>
      runNativeAll(
        'PretextReplaceCells',
        [attribute.int('count', count)],
        [rows!, draws!, sources!, picked!],
        2,
      ),
  },
  ['rows', 'draws', 'sources', 'picked'],
);

/**
 * Rows whose `count` cells of the greatest draws take the value of their column in other rows. It has no gradient.
 *
 * @param input.rows float32 [N, D]
 * @param input.draws float32 [N, D]
 * @param input.sources float32 [M, D]
 * @param input.picked int32 [N, D], 0 … M − 1
 * @returns `view` [N, D], and `replaced` [N, D], 1 where it was, else 0
 */
export function ownReplacedCells(
  input: Record<'rows' | 'draws' | 'sources' | 'picked', Tensor>,
  count: number,
): { view: Tensor; replaced: Tensor } | null {
  if (!takesRows(input.rows)) return null;
  const [view, replaced] = replace(input, { count }) as [Tensor, Tensor];
  return { view, replaced };
}
