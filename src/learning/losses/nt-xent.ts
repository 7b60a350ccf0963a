/** The contrastive loss of SimCLR (Chen et al. 2020), after Sohn 2016: pick the other view among all others. */
import {
  classChoices,
  l2Normalize,
  rightChoices,
  tf,
  unitMatrix,
  wholeBatch,
  type Scalar,
  type Tensor,
} from '../../tensor/index.ts';

/**
 * Mean over all 2N views of the cross entropy of picking the other view of the same sample.
 *
 * This is the mean that most implementations report. Some report the sum of the means of both directions,
 * which is twice this value.
 *
 * @param first float32 [N, D], any length: they are normalised here
 * @param second float32 [N, D], the other views in the same order
 * @returns the loss, and the share of views whose other view is the most similar of all
 */
export function ntXent(
  first: Tensor,
  second: Tensor,
  temperature: number,
): { loss: Scalar; accuracy: Scalar } {
  const views = l2Normalize(tf.concat([wholeBatch(first), wholeBatch(second)], 0));
  const count = views.shape[0]! / 2;
  const similarity = tf.div(tf.matMul(views, views, false, true), temperature);
  // A view is no candidate for itself.
  const logits = tf.sub(similarity, tf.mul(unitMatrix(2 * count), 1e9));
  const partner = Int32Array.from({ length: 2 * count }, (_, i) => (i + count) % (2 * count));
  const targets = tf.tensor1d(partner, 'int32');
  const { loss, right } = classChoices(logits, targets);
  return { loss: tf.mean(loss) as Scalar, accuracy: tf.mean(right) as Scalar };
}

/** Share of rows of [N, K] whose largest value stands at the target. */
export function agreement(logits: Tensor, targets: Tensor): Scalar {
  return tf.mean(rightChoices(logits, targets)) as Scalar;
}
