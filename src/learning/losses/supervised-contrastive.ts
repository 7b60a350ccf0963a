/** The supervised contrastive loss (Khosla et al. 2020): views of one class attract each other. */
import {
  l2Normalize,
  softmaxCrossEntropySoft,
  tf,
  unitMatrix,
  wholeBatch,
  type Scalar,
  type Tensor,
} from '../../tensor/index.ts';
import type { ContrastOutput } from './info-nce.ts';

/**
 * Mean over all 2N views of the cross entropy of picking any other view of the same class ("L out", the form
 * that the paper recommends): every such view gets the same share.
 *
 * @param first float32 [N, D], any length: they are normalised here
 * @param second float32 [N, D], the other views in the same order
 * @param labels int32 [N]
 * @returns the loss, and the share of views whose most similar other view is of their class
 */
export function supervisedContrastive(
  first: Tensor,
  second: Tensor,
  labels: Tensor,
  temperature: number,
): ContrastOutput {
  const views = l2Normalize(tf.concat([wholeBatch(first), wholeBatch(second)], 0));
  const count = views.shape[0]!;
  const all = wholeBatch(labels);
  const classes = tf.concat([all, all], 0);
  const self = unitMatrix(count);
  const similarity = tf.div(tf.matMul(views, views, false, true), temperature);
  // A view is no candidate for itself.
  const logits = tf.sub(similarity, tf.mul(self, 1e9));
  const alike = tf.cast(tf.equal(tf.expandDims(classes, 1), tf.expandDims(classes, 0)), 'float32');
  // At least the sample's other view, so no row is empty.
  const others = tf.sub(alike, self);
  const targets = tf.div(others, tf.sum(others, 1, true));
  const nearest = tf.oneHot(tf.argMax(logits, 1), count);
  return {
    loss: tf.mean(softmaxCrossEntropySoft(logits, targets)) as Scalar,
    accuracy: tf.div(tf.sum(tf.mul(tf.cast(nearest, 'float32'), others)), count) as Scalar,
  };
}
