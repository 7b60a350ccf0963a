/** The loss of temporal neighbourhood coding (Tonekaboni, Eytan and Goldenberg 2021). */
import { tf, type Scalar, type Tensor } from '../../tensor/index.ts';
import { binaryCrossEntropy } from './binary-cross-entropy.ts';
import { meanOfCounted } from './counted-contrast.ts';

/**
 * A discriminator says of two windows whether they are neighbours. Windows far away are not told to be none: with
 * probability `weight` they are like neighbours (positive and unlabeled examples, Elkan and Noto 2008).
 *
 * @param near float32 [N], logits of neighbours
 * @param far float32 [N], logits of windows far away
 * @param counted float32 [N]
 * @returns half the sum of the cross entropies of both, as the paper's own program has it
 */
export function neighbourhoodLoss(near: Tensor, far: Tensor, weight: number, counted: Tensor): Scalar {
  const entropy = (logits: Tensor, target: number) =>
    binaryCrossEntropy(logits, tf.fill(logits.shape, target));
  const unlabeled = tf.add(tf.mul(entropy(far, 0), 1 - weight), tf.mul(entropy(far, 1), weight));
  return tf.div(meanOfCounted(tf.add(entropy(near, 1), unlabeled), counted), 2) as Scalar;
}
