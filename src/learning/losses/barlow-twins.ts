/** The loss of Barlow Twins (Zbontar et al. 2021): the views' cross-correlation shall be the unit matrix. */
import { tf, unitMatrix, wholeBatch, type Scalar, type Tensor } from '../../tensor/index.ts';

export interface BarlowTwinsForm {
  /** Added to the variance, as a batch norm does (the authors' code). */
  epsilon?: number;
  /**
   * Deviations are those of the batch itself (the authors' code), or the unbiased ones (the paper's listing),
   * which make every correlation smaller by the factor (N − 1) / N.
   */
  unbiased?: boolean;
}

/**
 * @param first float32 [N, D], one view of each sample; no normalisation is expected
 * @param second float32 [N, D], the other views in the same order
 * @param redundancyWeight λ: weight of correlations between different numbers of the vector
 * @returns the loss; the mean correlation of a number with itself in the other view (1 at the best), and the
 *   root mean square of correlations between different numbers (0 at the best)
 */
export function barlowTwins(
  first: Tensor,
  second: Tensor,
  redundancyWeight: number,
  { epsilon = 1e-5, unbiased = false }: BarlowTwinsForm = {},
): { loss: Scalar; correlation: Scalar; redundancy: Scalar } {
  const [one, other] = [wholeBatch(first), wholeBatch(second)];
  const [count, size] = one.shape as [number, number];
  const correction = unbiased ? (count - 1) / count : 1;
  const products = tf.matMul(standardized(one, epsilon), standardized(other, epsilon), true);
  const correlations = tf.mul(products, correction / count);
  const diagonal = tf.sum(tf.mul(correlations, unitMatrix(size)), 1);
  const others = tf.mul(correlations, tf.sub(1, unitMatrix(size)));
  const invariance = tf.sum(tf.square(tf.sub(diagonal, 1)));
  const redundancy = tf.sum(tf.square(others));
  return {
    loss: tf.add(invariance, tf.mul(redundancy, redundancyWeight)) as Scalar,
    correlation: tf.mean(diagonal) as Scalar,
    redundancy: tf.sqrt(tf.div(redundancy, size * (size - 1))) as Scalar,
  };
}

/** Mean 0 and variance 1 of every column over the batch. */
function standardized(x: Tensor, epsilon: number): Tensor {
  const centred = tf.sub(x, tf.mean(x, 0, true));
  const variance = tf.mean(tf.square(centred), 0, true);
  return tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon)));
}
