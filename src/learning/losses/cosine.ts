/** Losses of methods that predict one view's vector from another's: SimSiam and BYOL. */
import { l2Normalize, tf, type Scalar, type Tensor } from '../../tensor/index.ts';

/**
 * Minus the mean cosine between rows, from −1 (all alike) to 1.
 *
 * @param predictions float32 [N, D], any length: they are normalised here
 * @param targets float32 [N, D]
 */
export function negativeCosine(predictions: Tensor, targets: Tensor): Scalar {
  const products = tf.mul(l2Normalize(predictions), l2Normalize(targets));
  return tf.neg(tf.mean(tf.sum(products, 1))) as Scalar;
}

/** What is predicted from each of two views, and what the other view gives to be predicted. */
export interface Predictions {
  firstPrediction: Tensor;
  firstTarget: Tensor;
  secondPrediction: Tensor;
  secondTarget: Tensor;
}

/** SimSiam (Chen and He 2021): the mean of both directions, from −1 to 1. Targets are taken as they are. */
export function simsiamLoss(views: Predictions): Scalar {
  const { firstPrediction, firstTarget, secondPrediction, secondTarget } = views;
  const directions = tf.add(
    negativeCosine(firstPrediction, secondTarget),
    negativeCosine(secondPrediction, firstTarget),
  );
  return tf.mul(directions, 0.5) as Scalar;
}

/**
 * BYOL (Grill et al. 2020): squared distances on the sphere, the sum of both directions, from 0 to 8.
 *
 * Four times SimSiam's loss, moved by 4.
 */
export function byolLoss(views: Predictions): Scalar {
  return tf.add(tf.mul(simsiamLoss(views), 4), 4) as Scalar;
}
