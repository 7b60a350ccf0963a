/** Yes or no, many at once. */
import { tf, type Tensor } from '../../tensor/index.ts';

/**
 * Of every value the binary cross entropy of a logit, in the form that never overflows:
 * max(x, 0) − x·y + log(1 + exp(−|x|)).
 *
 * @param logits float32 [N, D]
 * @param targets float32 [N, D], 0 or 1
 */
export function binaryCrossEntropy(logits: Tensor, targets: Tensor): Tensor {
  const rectified = tf.maximum(logits, 0);
  const tail = tf.log(tf.add(1, tf.exp(tf.neg(tf.abs(logits)))));
  return tf.add(tf.sub(rectified, tf.mul(logits, targets)), tail);
}
