/** How far the cells of rows are from what a network says of them, by the kind of their columns. */
import { binaryCrossEntropy } from './binary-cross-entropy.ts';
import { softmaxCrossEntropy, sumOfBatch, tf, type Scalar, type Tensor } from '../../tensor/index.ts';

/** What is said of a row: F numbers, then the logits of every category of every column. */
export interface RowPrediction {
  /** float32 [N, F] */
  numbers: Tensor;
  /** float32 [N, K] for each column of categories */
  categories: readonly Tensor[];
}

export interface RowTarget {
  /** float32 [N, F] on a scale of deviation 1, 0 where unknown. */
  numbers: Tensor;
  /** int32 [N, C]: codes, 0 where unknown. */
  codes: Tensor;
  /** float32 [N, F] and [N, C]: 1 for cells that are asked for and known. */
  weights: { numbers: Tensor; categories: Tensor };
}

export interface RowErrors {
  /** Mean over all cells that are asked for: squared errors of numbers, cross entropies of categories. */
  loss: Scalar;
  /** Mean squared error of the numbers; 0 where none is asked for. */
  numberError: Scalar;
  /** Share of the categories that are right; 0 where none is asked for. */
  categoryAccuracy: Scalar;
}

const mean = (sum: Tensor, weight: Tensor) => tf.div(sum, tf.maximum(weight, 1e-12)) as Scalar;

export function rowErrors(prediction: RowPrediction, { numbers, codes, weights }: RowTarget): RowErrors {
  const squares = sumOfBatch(tf.mul(tf.squaredDifference(prediction.numbers, numbers), weights.numbers));
  const classes = prediction.categories.map((logits, column) => {
    const [own, weight] = [codes, weights.categories].map((all) =>
      tf.reshape(tf.slice(all, [0, column], [-1, 1]), [-1]),
    ) as [Tensor, Tensor];
    return {
      surprise: sumOfBatch(tf.mul(softmaxCrossEntropy(logits, own), weight)),
      right: sumOfBatch(tf.mul(tf.cast(tf.equal(tf.argMax(logits, 1), own), 'float32'), weight)),
    };
  });
  const total = (parts: Tensor[]) => (parts.length > 0 ? tf.addN(parts) : tf.scalar(0));
  const surprise = total(classes.map((one) => one.surprise));
  const [asked, askedCategories] = [sumOfBatch(weights.numbers), sumOfBatch(weights.categories)];
  return {
    loss: mean(tf.add(squares, surprise), tf.add(asked, askedCategories)),
    numberError: mean(squares, asked),
    categoryAccuracy: mean(total(classes.map((one) => one.right)), askedCategories),
  };
}

/**
 * Mean over all cells of the binary cross entropy of logits.
 *
 * @param logits float32 [N, D]
 * @param targets float32 [N, D], 0 or 1
 */
export function maskCrossEntropy(logits: Tensor, targets: Tensor): Scalar {
  return tf.mean(binaryCrossEntropy(logits, targets)) as Scalar;
}
