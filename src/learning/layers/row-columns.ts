/** The numbers and categories of table rows, parted: values that can be computed with, and which of them are known. */
import {
  isCategory,
  type CategoryColumn,
  type NumberColumn,
  type StoredColumn,
} from '../../contract/data/columns.ts';
import type { SampleDescription } from '../../contract/data/sample-description.ts';
import { tf, type Tensor } from '../../tensor/index.ts';

/** Columns of one kind, and where they stand in a row. */
interface Placed<Column extends StoredColumn> {
  at: number[];
  columns: Column[];
}

export interface RowColumns {
  numbers: Placed<NumberColumn>;
  categories: Placed<CategoryColumn>;
}

/** Quantiles of a normal distribution at 0, 1/8, … 1, its ends cut: for numbers of which nothing is known. */
const NORMAL_QUANTILES = [-3, -1.15, -0.67, -0.32, 0, 0.32, 0.67, 1.15, 3];

const unknownNumber = (_: unknown, place: number): NumberColumn => ({
  name: `column ${place + 1}`,
  kind: 'number',
  missing: 0,
  mean: 0,
  standardDeviation: 1,
  quantiles: NORMAL_QUANTILES,
});

/** The columns of rows [D]; where they are not described, D numbers. */
export function columnsOf([width]: readonly number[], { columns }: SampleDescription = {}): StoredColumn[] {
  return columns ?? Array.from({ length: width! }, unknownNumber);
}

export function partColumns(columns: readonly StoredColumn[]): RowColumns {
  const parted: RowColumns = { numbers: { at: [], columns: [] }, categories: { at: [], columns: [] } };
  columns.forEach((column, place) => {
    if (isCategory(column)) {
      parted.categories.at.push(place);
      parted.categories.columns.push(column);
    } else {
      parted.numbers.at.push(place);
      parted.numbers.columns.push(column);
    }
  });
  return parted;
}

/** Some columns of rows [N, D], in that order: [N, places]. */
export function takeColumns(rows: Tensor, places: readonly number[]): Tensor {
  return tf.gather(rows, tf.tensor1d([...places], 'int32'), 1);
}

/** Unknown values as 0, and where values are known, and where not, as 1: float32 of the shape of `values`. */
export function knownValues(values: Tensor): { values: Tensor; known: Tensor; missing: Tensor } {
  const unknown = tf.isNaN(values);
  const missing = tf.cast(unknown, 'float32');
  return { values: tf.where(unknown, tf.zerosLike(values), values), known: tf.sub(1, missing), missing };
}

/**
 * Codes of categories to gather by: what is unknown has the number behind the last category.
 *
 * @param codes float32 [N, C], NaN where unknown
 * @param sizes number of categories of each column
 * @returns int32 [N, C]
 */
export function wholeCodes(codes: Tensor, sizes: readonly number[]): Tensor {
  const most = tf.tensor1d(sizes.map((size) => size - 1));
  const within = tf.minimum(tf.maximum(tf.round(codes), 0), most);
  return tf.cast(tf.where(tf.isNaN(codes), tf.tensor1d([...sizes]), within), 'int32');
}
