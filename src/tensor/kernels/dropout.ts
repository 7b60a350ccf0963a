/** Dropout (Srivastava et al. 2014) with seeded random numbers. */
import { uniform } from '../random.ts';
import { tf, type Tensor } from '../tf.ts';

/**
 * Sets a share of the values to zero and divides the others by what is left, so that the mean stays.
 *
 * @param rate Share of zeros, from 0 (nothing happens) to below 1.
 * @param seed int32 [2]
 */
export function dropout(x: Tensor, rate: number, seed: Tensor): Tensor {
  if (!(rate >= 0 && rate < 1)) throw new Error(`A dropout rate must be from 0 to below 1. Found: ${rate}.`);
  if (rate === 0) return x;
  const kept = tf.cast(tf.greaterEqual(uniform(x.shape, seed), rate), 'float32');
  return tf.mul(x, tf.mul(kept, 1 / (1 - rate)));
}
