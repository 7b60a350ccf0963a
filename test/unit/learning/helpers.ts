import { startTensorFlow, tf, type Tensor } from '../../../src/tensor/index.ts';

await startTensorFlow({ threads: 2 });

/** A seed as the views take it. */
export const seed = (number: number) => tf.tensor1d([number, 7], 'int32');

/** Bytes 0 to 255 in an order without pattern, as int32 (tfjs' own name for whole numbers). */
export function bytesOf(shape: number[]): Tensor {
  const size = shape.reduce((product, side) => product * side, 1);
  return tf.tensor(
    Int32Array.from({ length: size }, (_, i) => (i * i * 31 + i * 17) % 256),
    shape,
    'int32',
  );
}

/** Waves of different lengths in each channel, [count, length, channels]. */
export function signalsOf(count: number, length: number, channels: number): Tensor {
  const values = Float32Array.from({ length: count * length * channels }, (_, at) => {
    const channel = at % channels;
    const time = Math.floor(at / channels) % length;
    const sample = Math.floor(at / (channels * length));
    return Math.sin(0.1 * time * (channel + 1) + sample) + 2 + 0.2 * channel;
  });
  return tf.tensor(values, [count, length, channels]);
}

export const maxDifference = (a: Tensor, b: Tensor) => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;
