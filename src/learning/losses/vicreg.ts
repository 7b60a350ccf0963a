/** The loss of VICReg (Bardes, Ponce, LeCun 2022): variance, invariance and covariance, each a term of its own. */
import { relu, tf, unitMatrix, wholeBatch, type Scalar, type Tensor } from '../../tensor/index.ts';

export interface VicregWeights {
  invariance: number;
  variance: number;
  covariance: number;
}

/**
 * @param first float32 [N, D], one view of each sample
 * @param second float32 [N, D], the other views in the same order
 * @returns the loss, and its terms without their weights: mean squared difference of the views; how far
 *   deviations fall short of 1 (mean of both views); squared covariances per number (sum of both views)
 */
export function vicreg(
  first: Tensor,
  second: Tensor,
  weights: VicregWeights,
): { loss: Scalar; invariance: Scalar; variance: Scalar; covariance: Scalar } {
  const views = [wholeBatch(first), wholeBatch(second)] as const;
  const invariance = tf.mean(tf.square(tf.sub(...views)));
  const [one, two] = [spread(views[0]), spread(views[1])];
  const variance = tf.mul(tf.add(one.variance, two.variance), 0.5);
  const covariance = tf.add(one.covariance, two.covariance);
  const terms = [
    tf.mul(invariance, weights.invariance),
    tf.mul(variance, weights.variance),
    tf.mul(covariance, weights.covariance),
  ];
  return {
    loss: tf.addN(terms) as Scalar,
    invariance: invariance as Scalar,
    variance: variance as Scalar,
    covariance: covariance as Scalar,
  };
}

/** Keeps the slope of the square root finite where all vectors are alike. */
const EPSILON = 1e-4;

function spread(x: Tensor): { variance: Tensor; covariance: Tensor } {
  const [count, size] = x.shape as [number, number];
  const centred = tf.sub(x, tf.mean(x, 0, true));
  const variances = tf.div(tf.sum(tf.square(centred), 0), count - 1);
  const deviations = tf.sqrt(tf.add(variances, EPSILON));
  const covariances = tf.div(tf.matMul(centred, centred, true), count - 1);
  const others = tf.mul(covariances, tf.sub(1, unitMatrix(size)));
  return {
    variance: tf.mean(relu(tf.sub(1, deviations))),
    covariance: tf.div(tf.sum(tf.square(others)), size),
  };
}
