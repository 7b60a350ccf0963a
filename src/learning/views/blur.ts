/** Gaussian blur of a whole batch, every image with its own width. */
import { tf, type Tensor } from '../../tensor/index.ts';

/**
 * Blurs each image with a Gaussian of its own standard deviation.
 *
 * Images become channels of one picture, so that one depthwise convolution a direction blurs them all. Edges
 * are mirrored.
 *
 * @param images float32 [N, H, W, C]
 * @param sigmas float32 [N], in pixels; 0 leaves an image as it is
 * @param largestSigma fixes the size of the kernel: three times it to each side
 */
export function gaussianBlur(images: Tensor, sigmas: Tensor, largestSigma: number): Tensor {
  return tf.tidy(() => {
    const [count, height, width, channels] = images.shape as [number, number, number, number];
    const radius = Math.max(1, Math.min(Math.ceil(3 * largestSigma), height - 1, width - 1));
    const planes = count * channels;
    const kernel = tf.tile(tf.expandDims(gaussianKernels(sigmas, radius), 2), [1, 1, channels]);
    const taps = tf.reshape(kernel, [2 * radius + 1, planes]);
    const side = tf.reshape(tf.transpose(images, [1, 2, 0, 3]), [1, height, width, planes]);
    const edge: [number, number] = [radius, radius];
    const padded = tf.mirrorPad(side, [[0, 0], edge, edge, [0, 0]], 'reflect');
    const blur = (x: Tensor, shape: [number, number, number, number]) =>
      tf.depthwiseConv2d(x as never, tf.reshape(taps, shape) as never, 1, 'valid') as Tensor;
    const down = blur(padded, [2 * radius + 1, 1, planes, 1]);
    const across = blur(down, [1, 2 * radius + 1, planes, 1]);
    return tf.transpose(tf.reshape(across, [height, width, count, channels]), [2, 0, 1, 3]);
  });
}

/** Weights [2r + 1, N] that sum to 1 a column. */
function gaussianKernels(sigmas: Tensor, radius: number): Tensor {
  const squares = tf.reshape(tf.square(tf.range(-radius, radius + 1, 1, 'float32')), [-1, 1]);
  const variance = tf.maximum(tf.square(tf.reshape(sigmas, [1, -1])), 1e-6);
  const weights = tf.exp(tf.div(tf.neg(squares), tf.mul(2, variance)));
  return tf.div(weights, tf.sum(weights, 0, true));
}
