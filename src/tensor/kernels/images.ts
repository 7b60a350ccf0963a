/**
 * Operations on whole batches of images, in one native call each. They have no gradients: they make views of
 * samples, which no parameter precedes.
 */
import { attribute, nativeTypeOf, runNative } from '../native.ts';
import { nativeTypes } from '../backend.ts';
import { tf, type Tensor } from '../tf.ts';

export type Interpolation = 'bilinear' | 'nearest';
export type FillMode = 'constant' | 'reflect' | 'wrap' | 'nearest';

/**
 * Cuts boxes out of images and resizes them bilinearly.
 *
 * A box (y1, x1, y2, x2) counts corners of the image from 0 to 1: [0, 0, 1, 1] is the whole image, and a box
 * with its ends exchanged, [0, 1, 1, 0], is flipped. What lies outside of the image is 0.
 *
 * @param images uint8 or float32 [N, H, W, C]
 * @param boxes float32 [M, 4]
 * @param boxIndices int32 [M]: which image each box is cut from
 * @param size [height, width] of the results
 * @returns float32 [M, height, width, C], values in the images' own range
 */
export function cropAndResize(
  images: Tensor,
  boxes: Tensor,
  boxIndices: Tensor,
  size: [number, number],
): Tensor {
  return tf.tidy(() => {
    const attributes = [
      attribute.type('T', nativeTypeOf(images)),
      attribute.string('method', 'bilinear'),
      attribute.float('extrapolation_value', 0),
    ];
    return runNative('CropAndResize', attributes, [images, boxes, boxIndices, tf.tensor1d(size, 'int32')]);
  });
}

/**
 * Moves every image by its own projective transform.
 *
 * The place (x, y) of the result, in pixels from the corner, is read at
 * ((a·x + b·y + c) / k, (d·x + e·y + f) / k) with k = g·x + h·y + 1.
 *
 * @param images float32 or uint8 [N, H, W, C]
 * @param transforms float32 [N, 8] or [1, 8]: a, b, c, d, e, f, g, h
 * @param size [height, width] of the results
 * @returns the type of the images, [N, height, width, C]
 */
export function projectiveTransform(
  images: Tensor,
  transforms: Tensor,
  size: [number, number],
  interpolation: Interpolation = 'bilinear',
  fillMode: FillMode = 'constant',
): Tensor {
  return tf.tidy(() => {
    const attributes = [
      attribute.type('dtype', nativeTypeOf(images)),
      attribute.string('interpolation', interpolation.toUpperCase()),
      attribute.string('fill_mode', fillMode.toUpperCase()),
    ];
    const inputs = [images, transforms, tf.tensor1d(size, 'int32'), tf.scalar(0, 'float32')];
    return runNative('ImageProjectiveTransformV3', attributes, inputs);
  });
}

/**
 * Maps the colours of every image by its own matrix: result[i] = Σⱼ matrix[i][j] · colour[j] + offset[i].
 *
 * Brightness, contrast, saturation, hue and grayscale are all of this form, and so is any chain of them.
 *
 * @param images float32 [N, H, W, 3]
 * @param matrix float32 [N, 3, 3]
 * @param offset float32 [N, 3]
 */
export function colorMatrix(images: Tensor, matrix: Tensor, offset: Tensor): Tensor {
  return tf.tidy(() => {
    const [count, height, width, channels] = images.shape as [number, number, number, number];
    const colours = tf.reshape(images, [count, height * width, channels]);
    const mapped = tf.matMul(colours, matrix, false, true);
    return tf.reshape(tf.add(mapped, tf.expandDims(offset, 1)), [count, height, width, channels]);
  });
}

/** Bytes (or whole numbers) as float32, multiplied by `scale`: 1 / 255 gives 0 … 1. */
export function toFloat(x: Tensor, scale = 1): Tensor {
  return tf.tidy(() => {
    const floats = nativeTypeOf(x) === nativeTypes.float32 ? tf.clone(x) : tf.cast(x, 'float32');
    return scale === 1 ? floats : tf.mul(floats, scale);
  });
}
