/** The unit matrix, as an operation: written out, that of a large batch would be more than a graph may hold. */
import { tf, type Tensor } from '../tf.ts';

/** @returns float32 [size, size], 1 on the diagonal */
export function unitMatrix(size: number): Tensor {
  return tf.tidy(() => {
    const places = tf.range(0, size, 1, 'int32');
    return tf.oneHot(places, size, 1, 0, 'float32') as Tensor;
  });
}
