/** Whether a GPU computes right: where CUDA's libraries and the driver do not fit, operations can answer wrongly without an error. */
import { PretextError } from '../contract/errors.ts';
import { tf } from './tf.ts';

/** Each takes flat square matrices of `SIDE`, row by row, and gives one back. */
export interface SmallOperations {
  product: (left: Float32Array, right: Float32Array) => Float32Array;
  /** Everything below zero becomes zero. */
  rectified: (values: Float32Array) => Float32Array;
  /** Sums of rows, so a value for each. */
  rowSums: (values: Float32Array) => Float32Array;
}

const SIDE = 16;

/** Small whole numbers: exact in every precision that a GPU multiplies in. */
const matrix = (value: (row: number, column: number) => number): Float32Array =>
  Float32Array.from({ length: SIDE * SIDE }, (_, index) => value(Math.floor(index / SIDE), index % SIDE));

const LEFT = matrix((row, column) => ((3 * row + column) % 7) - 3);
const RIGHT = matrix((row, column) => ((row + 2 * column) % 5) - 2);

/**
 * One operation of each library that training needs, beside the same in plain numbers.
 * @throws PretextError `runtime.gpu` that says what was computed wrongly
 */
export function requireRightAnswers(operations: SmallOperations): void {
  const product = matrix((row, column) => {
    let sum = 0;
    for (let inner = 0; inner < SIDE; inner++)
      sum += (LEFT[row * SIDE + inner] ?? 0) * (RIGHT[inner * SIDE + column] ?? 0);
    return sum;
  });
  compare('a product of matrices', operations.product(LEFT, RIGHT), product);
  compare(
    'a rectifier',
    operations.rectified(LEFT),
    LEFT.map((value) => Math.max(value, 0)),
  );
  const sums = Float32Array.from({ length: SIDE }, (_, row) =>
    LEFT.subarray(row * SIDE, (row + 1) * SIDE).reduce((sum, value) => sum + value, 0),
  );
  compare('a sum', operations.rowSums(LEFT), sums);
}

function compare(what: string, found: Float32Array, right: Float32Array): void {
  const place = right.findIndex((value, index) => found[index] !== value);
  if (place === -1) return;
  throw new PretextError({
    code: 'runtime.gpu',
    message: `The GPU computes wrongly: of ${what} it gave ${found[place]} where ${right[place]} is right.`,
    remedy:
      'CUDA’s libraries and the driver may not fit each other: bring the NVIDIA driver up to date and set the program up again. To train on the processor meanwhile, start the program with CUDA_VISIBLE_DEVICES=-1.',
  });
}

/** The operations on whatever device TensorFlow computes on. */
export function operationsOfTensorFlow(): SmallOperations {
  const square = (values: Float32Array) => tf.tensor2d(values, [SIDE, SIDE]);
  const run = (compute: () => ReturnType<typeof square> | ReturnType<typeof tf.sum>) =>
    tf.tidy(() => compute().dataSync<'float32'>());
  return {
    product: (left, right) => run(() => tf.matMul(square(left), square(right))),
    rectified: (values) => run(() => tf.relu(square(values))),
    rowSums: (values) => run(() => tf.sum(square(values), 1)),
  };
}
