/** The quickest sign of a collapse, at every step: do vectors of different samples still differ? */
import { l2Normalize, stopGradient, tf, type Scalar, type Tensor } from '../../tensor/index.ts';

/**
 * Mean deviation over the batch of vectors of length 1, times √D: about 1 where they point everywhere, 0 where
 * all are the same (Chen and He 2021, figure 2).
 *
 * @param vectors float32 [N, D]
 */
export function embeddingDeviation(vectors: Tensor): Scalar {
  const units = l2Normalize(stopGradient(vectors));
  const centred = tf.sub(units, tf.mean(units, 0, true));
  const deviations = tf.sqrt(tf.mean(tf.square(centred), 0));
  return tf.mul(tf.mean(deviations), Math.sqrt(vectors.shape[1]!)) as Scalar;
}
