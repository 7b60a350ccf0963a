/** Draws that every kind of view needs: one number or one yes/no a sample. */
import { childSeed, tf, uniform, type Tensor } from '../../tensor/index.ts';

/** Uniform numbers [count] from `minimum` to `maximum`, from a stream of their own. */
export function drawUniform(
  seed: Tensor,
  label: string,
  count: number,
  minimum: number,
  maximum: number,
): Tensor {
  return uniform([count], childSeed(seed, label), minimum, maximum);
}

/** 1 with the given probability, else 0: float32 of that shape. */
export function drawYes(seed: Tensor, label: string, shape: number[], probability: number): Tensor {
  return tf.cast(tf.less(uniform(shape, childSeed(seed, label)), probability), 'float32');
}

/** Where `yes` is 1 the value, else `otherwise`; of one shape. */
export function choose(yes: Tensor, value: Tensor, otherwise: Tensor | number): Tensor {
  return tf.add(tf.mul(yes, value), tf.mul(tf.sub(1, yes), otherwise));
}

/** [count] to [count, 1, …] so that it multiplies tensors of that rank. */
export const perSample = (values: Tensor, rank: number): Tensor =>
  tf.reshape(values, [values.shape[0]!, ...new Array<number>(rank - 1).fill(1)]);
