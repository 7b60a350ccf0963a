/** The quickest signs of a collapse, at every step: do the vectors that a task compares still differ, and how? */
import {
  columnProducts,
  l2Normalize,
  meanOfAll,
  stopGradient,
  tf,
  wholeBatch,
  type Scalar,
  type Tensor,
} from '../../../tensor/index.ts';

/** Names of the curves by which a run's health is judged; see `evaluation/health/health.ts`. */
export interface OutputSigns extends Record<string, Scalar> {
  /**
   * Mean deviation over the batch of vectors of length 1, times √D: about 1 where they point everywhere, 0 where
   * all are the same (Chen and He 2021, figure 2).
   */
  outputDeviation: Scalar;
  /**
   * How many directions they differ in: the participation ratio (tr C)² / tr C² of their covariance C, a rank
   * that needs no eigenvalues, times their variance tr C. From 0 (all alike) over 1 (both ends of one line) to D.
   */
  outputRank: Scalar;
}

/** @param vectors float32 [N, D], N above 1 */
export function outputSigns(vectors: Tensor): OutputSigns {
  return signsOfUnits(l2Normalize(stopGradient(vectors)));
}

/** The same of vectors that have length 1 already. */
export function signsOfUnits(vectors: Tensor): OutputSigns {
  const units = wholeBatch(stopGradient(vectors));
  const centred = tf.sub(units, tf.mean(units, 0, true));
  const variances = tf.mean(tf.square(centred), 0);
  const covariance = tf.div(columnProducts(centred, centred), units.shape[0]!);
  const total = tf.sum(variances);
  const rank = tf.div(tf.pow(total, 3), tf.add(tf.sum(tf.square(covariance)), TINY));
  return {
    outputDeviation: tf.mul(tf.mean(tf.sqrt(variances)), Math.sqrt(vectors.shape[1]!)) as Scalar,
    outputRank: rank as Scalar,
  };
}

const TINY = 1e-12;

/**
 * Mean deviation over the batch, for a task whose loss wants 1 of it and looks at no direction alone (VICReg):
 * there vectors collapse by getting short.
 */
export function plainDeviation(vectors: Tensor): Scalar {
  const fixed = wholeBatch(stopGradient(vectors));
  const centred = tf.sub(fixed, tf.mean(fixed, 0, true));
  return tf.mean(tf.sqrt(tf.mean(tf.square(centred), 0))) as Scalar;
}

/**
 * How many classes answers tell samples apart by: the exponential of the mutual information of sample and class,
 * exp(H(mean answer) − mean of H(answer)). 1 where all samples get the same answer, be it one class for all or every
 * class alike; at most the number of classes, or of samples where these are fewer.
 *
 * @param answers float32 [N, K], each row sums to 1
 */
export function classesTold(answers: Tensor): Scalar {
  const fixed = stopGradient(answers);
  const entropy = (shares: Tensor) => tf.neg(tf.sum(tf.mul(shares, tf.log(tf.maximum(shares, TINY))), -1));
  return tf.exp(tf.sub(entropy(meanOfAll(tf.mean(fixed, 0))), meanOfAll(tf.mean(entropy(fixed))))) as Scalar;
}
