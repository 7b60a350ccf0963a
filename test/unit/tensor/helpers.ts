import { startTensorFlow, tf, type Tensor } from '../../../src/tensor/index.ts';

await startTensorFlow({ threads: 2 });

/** Numbers that look random and are the same on every machine: fractions of multiples of the golden ratio. */
export function numbers(count: number, low = -1, high = 1, start = 0): Float32Array {
  const golden = (Math.sqrt(5) - 1) / 2;
  return Float32Array.from(
    { length: count },
    (_, index) => low + (high - low) * (((index + start + 1) * golden) % 1),
  );
}

export function tensor(shape: number[], low = -1, high = 1, start = 0): Tensor {
  return tf.tensor(numbers(sizeOf(shape), low, high, start), shape);
}

export const sizeOf = (shape: number[]) => shape.reduce((product, length) => product * length, 1);

/** The largest difference of two arrays, as a share of the largest value (or of 1). */
export function difference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  let largest = 1;
  let worst = 0;
  for (let index = 0; index < found.length; index++) {
    largest = Math.max(largest, Math.abs(expected[index]!));
    const gap = Math.abs(found[index]! - expected[index]!);
    worst = Number.isNaN(gap) ? Infinity : Math.max(worst, gap);
  }
  return worst / largest;
}

/**
 * The worst difference between the gradients of `operation` and central differences, for every input.
 *
 * The output is weighted by fixed numbers before it is summed, so that no error cancels out.
 */
export function gradientError(
  operation: (...inputs: Tensor[]) => Tensor,
  inputs: Tensor[],
  step = 1e-2,
): number[] {
  const weighted = (...values: Tensor[]) =>
    tf.tidy(() => {
      const y = operation(...values);
      return tf.sum(tf.mul(y, tensor(y.shape, 0.5, 1.5, 7)));
    });
  const analytic = tf.grads(weighted as never)(inputs) as Tensor[];
  return inputs.map((input, position) => {
    const values = input.dataSync() as Float32Array;
    const at = (index: number, change: number) => {
      const moved = values.slice();
      moved[index] = moved[index]! + change;
      const changed = inputs.map((other, place) =>
        place === position ? tf.tensor(moved, input.shape) : other,
      );
      // Summed in JavaScript's doubles: float32 sums would drown the difference.
      const y = operation(...changed);
      const weights = tensor(y.shape, 0.5, 1.5, 7).dataSync();
      return Array.from(y.dataSync()).reduce((sum, value, place) => sum + value * weights[place]!, 0);
    };
    const numeric = Array.from(values, (_, index) => (at(index, step) - at(index, -step)) / (2 * step));
    return difference(analytic[position]!.dataSync(), numeric);
  });
}
