/** What tasks on table rows that restore cells have in common: a head that tells all cells, and how far it is off. */
import type { StoredColumn } from '../../../contract/data/columns.ts';
import { tf, type Tensor } from '../../../tensor/index.ts';
import { projection } from '../../layers/dense.ts';
import type { Layer, Pass } from '../../layers/layer.ts';
import { byQuantile } from '../../layers/number-embeddings.ts';
import { knownValues, partColumns, takeColumns } from '../../layers/row-columns.ts';
import { rowErrors, type RowErrors, type RowPrediction } from '../../losses/row-reconstruction.ts';

/** Quantiles between which numbers are placed before they are compared. */
const BINS = 32;

export interface RowHead extends Layer {
  /**
   * @param features float32 [N, F]
   * @param rows float32 [N, D], normalised, NaN where unknown
   * @param asked float32 [N, D], 1 for cells that are to be told; those that are unknown count for nothing
   */
  errors(features: Tensor, rows: Tensor, asked: Tensor, pass: Pass): RowErrors;
}

/**
 * A hidden layer, then a number for each column of numbers and a logit for each category. Numbers are told by their
 * rank, of deviation 1, so that no long tail rules the loss.
 */
export function rowHead(design: {
  name: string;
  inputs: number;
  hidden: number;
  columns: readonly StoredColumn[];
}): RowHead {
  const { name, inputs, hidden, columns } = design;
  const { numbers, categories } = partColumns(columns);
  const sizes = categories.columns.map((column) => column.categories.length);
  const outputs = numbers.at.length + sizes.reduce((sum, size) => sum + size, 0);
  const layer = projection({ name, inputs, hidden, outputs, normalizeHidden: false });
  const parted = (all: Tensor): RowPrediction => {
    const parts = tf.split(
      all,
      [numbers.at.length, ...sizes].filter((size) => size > 0),
      1,
    );
    const hasNumbers = numbers.at.length > 0;
    return {
      numbers: hasNumbers ? parts[0]! : tf.zeros([all.shape[0]!, 0]),
      categories: parts.slice(hasNumbers ? 1 : 0),
    };
  };
  return {
    ...layer,
    errors(features, rows, asked, pass) {
      const prediction = parted(layer.apply(features, pass));
      const quantities = knownValues(takeColumns(rows, numbers.at));
      const codes = knownValues(takeColumns(rows, categories.at));
      return rowErrors(prediction, {
        numbers:
          numbers.at.length > 0 ? byQuantile(quantities.values, numbers.columns, BINS) : quantities.values,
        codes: tf.cast(tf.round(codes.values), 'int32'),
        weights: {
          numbers: tf.mul(takeColumns(asked, numbers.at), quantities.known),
          categories: tf.mul(takeColumns(asked, categories.at), codes.known),
        },
      });
    },
  };
}
