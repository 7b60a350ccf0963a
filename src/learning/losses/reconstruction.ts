/** How far a reconstruction is from its target, where it counts. */
import { sumOfBatch, tf, type Scalar, type Tensor } from '../../tensor/index.ts';

/**
 * Mean error over the places where the mask is 1.
 *
 * @param prediction float32 [N, …, C]
 * @param target float32 of the same shape
 * @param mask float32 [N, …, 1], 1 where the error counts
 * @param norm `l1`: mean absolute error (SimMIM, Xie et al. 2022); `l2`: mean squared error (MAE, He et al. 2022)
 */
export function maskedReconstruction(
  prediction: Tensor,
  target: Tensor,
  mask: Tensor,
  norm: 'l1' | 'l2',
): Scalar {
  const difference = tf.sub(prediction, target);
  const error = norm === 'l1' ? tf.abs(difference) : tf.square(difference);
  const channels = target.shape.at(-1)!;
  const counted = tf.mul(tf.maximum(sumOfBatch(mask), 1), channels);
  return tf.div(sumOfBatch(tf.mul(error, mask)), counted) as Scalar;
}

/** Mean squared error over all values of the patches that are asked for (MAE, He et al. 2022). */
export function patchReconstruction(prediction: Tensor, target: Tensor): Scalar {
  return tf.mean(tf.squaredDifference(prediction, target)) as Scalar;
}
