/** The loss of W-MSE (Ermolov et al. 2021): whitened, vectors cannot collapse; their views need only agree. */
import {
  inverseCholesky,
  ownRows,
  tf,
  unitMatrix,
  wholeBatch,
  type Scalar,
  type Tensor,
} from '../../tensor/index.ts';
import { negativeCosine } from './cosine.ts';

/**
 * Mean 0 and the unit matrix as covariance over the batch, by Cholesky's root.
 *
 * Columns are first divided by their deviations, which changes nothing of the result and keeps the matrix well
 * conditioned.
 *
 * @param x float32 [N, D], N above D
 * @param shrinkage share of the unit matrix that is mixed into the correlations; 0: exactly white
 */
export function whiten(x: Tensor, shrinkage = 0): Tensor {
  const [count, size] = x.shape as [number, number];
  const centred = tf.sub(x, tf.mean(x, 0, true));
  const variances = tf.div(tf.sum(tf.square(centred), 0, true), count - 1);
  const scaled = tf.mul(centred, tf.rsqrt(tf.add(variances, 1e-12)));
  const unit = unitMatrix(size);
  const correlations = tf.div(tf.matMul(scaled, scaled, true), count - 1);
  const mixed = tf.add(tf.mul(correlations, 1 - shrinkage), tf.mul(unit, shrinkage));
  // Numbers that are none any more shall arrive in the loss, where a run ends with advice, and not stop here.
  const sound = tf.where(tf.isNaN(mixed), unit, mixed);
  return tf.matMul(scaled, inverseCholesky(sound), false, true);
}

/**
 * Whitens a batch in parts of about `rows` samples: what W-MSE compares.
 *
 * @param x float32 [N, D], one view of each sample
 * @param rows so many samples are whitened together, if there are as many; more than twice D
 */
export function whitenInParts(
  x: Tensor,
  { rows, shrinkage = 0 }: { rows: number; shrinkage?: number },
): Tensor {
  const all = wholeBatch(x);
  const [count, size] = all.shape as [number, number];
  const parts = Math.max(1, Math.floor(count / rows));
  const bounds = Array.from({ length: parts + 1 }, (_, part) => Math.round((part * count) / parts));
  const whitened = bounds.slice(1).map((end, part) => {
    const start = bounds[part]!;
    return whiten(tf.slice(all, [start, 0], [end - start, size]), shrinkage);
  });
  return ownRows(tf.concat(whitened, 0));
}

/**
 * Mean squared distance of whitened vectors, brought to length 1: from 0 to 4.
 *
 * @param first float32 [N, D], one view of each sample
 * @param second float32 [N, D], the other views in the same order
 */
export const whitenedDistance = (first: Tensor, second: Tensor): Scalar =>
  tf.mul(tf.add(negativeCosine(first, second), 1), 2) as Scalar;
