/** Makes images smaller (or larger) by taking means over areas. */
import { tf, type Tensor } from '../../tensor/index.ts';

/**
 * Every place of the result is the mean of the area it stands for, also where sides do not divide evenly.
 *
 * @param images float32 [N, H, W, C]
 * @returns float32 [N, height, width, C]
 */
export function areaResize(images: Tensor, [height, width]: readonly [number, number]): Tensor {
  return tf.tidy(() => {
    const [count, fromHeight, fromWidth, channels] = images.shape as [number, number, number, number];
    const rows = tf.reshape(images, [count, fromHeight, fromWidth * channels]);
    const down = tf.matMul(areaMatrix(fromHeight, height), rows);
    const columns = tf.reshape(down, [count * height, fromWidth, channels]);
    const across = tf.matMul(areaMatrix(fromWidth, width), columns);
    return tf.reshape(across, [count, height, width, channels]);
  });
}

/** [1, to, from]: share of each source pixel in the mean of each result. */
function areaMatrix(from: number, to: number): Tensor {
  const scale = from / to;
  const rows = Array.from({ length: to }, (_, row) =>
    Array.from({ length: from }, (_, column) => {
      const overlap = Math.min(column + 1, (row + 1) * scale) - Math.max(column, row * scale);
      return Math.max(0, overlap) / scale;
    }),
  );
  return tf.tensor3d([rows]);
}
