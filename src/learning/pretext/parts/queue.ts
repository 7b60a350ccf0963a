/** A queue of embeddings of earlier batches, as a buffer of its task: the newest come first, the oldest leave. */
import { l2Normalize, tf, wholeBatch, type Tensor } from '../../../tensor/index.ts';
import { initialState } from '../../layers/layer.ts';

/** A queue full of random directions, float32 [size, width]: what MoCo and NNCLR begin with. */
export function randomQueue(name: string, size: number, width: number, seed: number): Tensor {
  const spec = { name, shape: [size, width], initial: { kind: 'normal' as const, deviation: 1 } };
  return tf.tidy(() => l2Normalize(initialState([spec], seed)[name]!));
}

/** An empty queue: rows of zeros, which `filled` tells from embeddings. */
export const emptyQueue = (size: number, width: number): Tensor => tf.zeros([size, width]);

/** 1 where a row of the queue holds a (normalised) embedding, else 0: float32 [size]. */
export const filled = (queue: Tensor): Tensor =>
  tf.cast(tf.greater(tf.sum(tf.square(queue), 1), 0.5), 'float32');

/** The queue with new rows in front and as many of the oldest gone. Of more rows than fit the first are kept. */
export function enqueue(queue: Tensor, rows: Tensor): Tensor {
  const [size, width] = queue.shape as [number, number];
  return tf.tidy(() => tf.slice(tf.concat([wholeBatch(rows), queue], 0), [0, 0], [size, width]));
}

/** For each row of [N, D] the most similar one of a normalised queue [Q, D], by the cosine. */
export function nearestOf(queue: Tensor, rows: Tensor): Tensor {
  return tf.tidy(() => {
    // The length of a row does not change which one is nearest to it.
    const nearest = tf.argMax(tf.matMul(rows, queue, false, true), 1);
    return tf.gather(queue, nearest as never);
  });
}
