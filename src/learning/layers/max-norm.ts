/** Weights held inside a ball (Srebro and Shraibman 2005; as in EEGNet, Lawhern et al. 2018). */
import { tf, type Tensor } from '../../tensor/index.ts';

/** Keeps a norm of 0 from being divided by, as selfEEG's layers do. */
const SMALLEST = 1e-9;

/**
 * Every output's weights, shrunk to the norm `limit` where theirs is greater.
 *
 * The weights themselves are not written to: what is shrunk is what the layer computes with, and gradients pass
 * through it, so that weights beyond the limit only turn.
 *
 * @param kernel [...inputs, outputs]
 * @param limit greatest Euclidean norm of the weights of one output; 0 for none
 * @param outputAxes how many of the last axes tell outputs apart
 */
export function withinNorm(kernel: Tensor, limit: number, outputAxes = 1): Tensor {
  if (limit === 0) return kernel;
  const axes = Array.from({ length: kernel.rank - outputAxes }, (_, axis) => axis);
  // The root of 0 has no slope.
  const norms = tf.sqrt(tf.add(tf.sum(tf.square(kernel), axes, true), SMALLEST ** 2));
  return tf.mul(kernel, tf.div(tf.minimum(norms, limit), tf.add(norms, SMALLEST)));
}
