/** Codes of samples over prototypes that are used equally often (Asano et al. 2020; SwAV, Caron et al. 2020). */
import { tf, type Tensor } from '../../tensor/index.ts';

export interface SinkhornOptions {
  /** Lower: codes nearer to one prototype a sample. */
  epsilon: number;
  iterations: number;
}

/** Below this a sum counts as nothing: what has no weight must not become a division by zero. */
const NOTHING = 1e-30;

/**
 * Sinkhorn and Knopp's alternation: prototypes to equal shares, then samples to 1.
 *
 * @param scores float32 [M, K], similarities from −1 to 1
 * @param weights float32 [M], 1 where a sample takes part, 0 where not; default: all do
 * @returns float32 [M, K], every row that takes part sums to 1
 */
export function sinkhorn(scores: Tensor, { epsilon, iterations }: SinkhornOptions, weights?: Tensor): Tensor {
  return tf.tidy(() => {
    // A common factor goes away again, so the largest exponent may be 0.
    let codes: Tensor = tf.exp(tf.div(tf.sub(scores, tf.max(scores)), epsilon));
    if (weights) codes = tf.mul(codes, tf.expandDims(weights, 1));
    const normalized = (axis: 0 | 1) => tf.div(codes, tf.maximum(tf.sum(codes, axis, true), NOTHING));
    for (let i = 0; i < iterations; i++) {
      codes = normalized(0);
      codes = normalized(1);
    }
    return codes;
  });
}
