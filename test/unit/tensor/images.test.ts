import { describe, expect, it } from 'vitest';
import {
  colorMatrix,
  cropAndResize,
  projectiveTransform,
  tf,
  toFloat,
  type Tensor,
} from '../../../src/tensor/index.ts';
import { bytesTensor } from '../../../src/tensor/native.ts';
import { difference, tensor } from './helpers.ts';

const list = (x: Tensor) => Array.from(x.dataSync());

describe('images', () => {
  const bytes = () =>
    bytesTensor(
      Uint8Array.from({ length: 2 * 4 * 4 * 3 }, (_, i) => (i * 7) % 256),
      [2, 4, 4, 3],
    );

  it('are the same when the whole image is cropped to its own size', () => {
    const whole = tf.tensor2d([
      [0, 0, 1, 1],
      [0, 0, 1, 1],
    ]);
    const crops = cropAndResize(bytes(), whole, tf.tensor1d([0, 1], 'int32'), [4, 4]);
    expect(crops.dtype).toBe('float32');
    expect(list(crops)).toEqual(Array.from({ length: 96 }, (_, i) => (i * 7) % 256));
  });

  it('are flipped by a box with its ends exchanged', () => {
    const images = toFloat(bytes());
    const sideways = cropAndResize(
      bytes(),
      tf.tensor2d([
        [0, 1, 1, 0],
        [0, 1, 1, 0],
      ]),
      tf.tensor1d([0, 1], 'int32'),
      [4, 4],
    );
    expect(difference(sideways.dataSync(), tf.reverse(images, 2).dataSync())).toBeLessThan(1e-6);
    const upsideDown = cropAndResize(bytes(), tf.tensor2d([[1, 0, 0, 1]]), tf.tensor1d([1], 'int32'), [4, 4]);
    expect(difference(upsideDown.dataSync(), tf.reverse(tf.slice(images, 1, 1), 1).dataSync())).toBeLessThan(
      1e-6,
    );
  });

  it('are cut at the corners that a box names', () => {
    const ramp = tf.tensor4d(
      Float32Array.from({ length: 25 }, (_, i) => i % 5),
      [1, 5, 5, 1],
    );
    // Columns 1 to 3 of 0 … 4, at 3 places.
    const crop = cropAndResize(ramp, tf.tensor2d([[0, 0.25, 1, 0.75]]), tf.tensor1d([0], 'int32'), [1, 3]);
    expect(difference(crop.dataSync(), [1, 2, 3])).toBeLessThan(1e-6);
  });

  it('are turned by 90 degrees as by transpose and reverse', () => {
    const images = tensor([2, 5, 5, 3]);
    // The result at (x, y) is read at (y, 4 − x).
    const turn = tf.tensor2d([
      [0, 1, 0, -1, 0, 4, 0, 0],
      [0, 1, 0, -1, 0, 4, 0, 0],
    ]);
    const expected = tf.transpose(tf.reverse(images, 1), [0, 2, 1, 3]);
    for (const interpolation of ['nearest', 'bilinear'] as const) {
      const turned = projectiveTransform(images, turn, [5, 5], interpolation);
      expect(difference(turned.dataSync(), expected.dataSync())).toBeLessThan(1e-5);
    }
  });

  it('show zeros or their edge beyond the border, as asked', () => {
    const image = tf.ones([1, 2, 2, 1]) as Tensor;
    const aside = tf.tensor2d([[1, 0, 1, 0, 1, 0, 0, 0]]);
    expect(list(projectiveTransform(image, aside, [2, 2], 'nearest'))).toEqual([1, 0, 1, 0]);
    expect(list(projectiveTransform(image, aside, [2, 2], 'nearest', 'nearest'))).toEqual([1, 1, 1, 1]);
  });

  it('are recoloured by a matrix of their own', () => {
    const images = tf.tensor4d([1, 2, 3, 10, 20, 30], [2, 1, 1, 3]);
    const matrices = tf.tensor3d([
      [
        [1, 0, 0],
        [0, 0, 1],
        [1, 1, 1],
      ],
      [
        [0, 1, 0],
        [0.5, 0, 0],
        [0, 0, 2],
      ],
    ]);
    const offsets = tf.tensor2d([
      [0, 0, 0.5],
      [1, 2, 3],
    ]);
    expect(
      difference(colorMatrix(images, matrices, offsets).dataSync(), [1, 3, 6.5, 21, 7, 63]),
    ).toBeLessThan(1e-6);
  });

  it('hold raw bytes through the operations that move them', () => {
    const x = bytes();
    const values = Array.from({ length: 96 }, (_, i) => (i * 7) % 256);
    expect(list(toFloat(tf.reshape(x, [96])))).toEqual(values);
    expect(list(toFloat(tf.slice(x, [1, 0, 0, 0], [1, 1, 1, 3])))).toEqual(values.slice(48, 51));
    expect(list(toFloat(tf.gather(x, tf.tensor1d([1, 0], 'int32'))))).toEqual([
      ...values.slice(48),
      ...values.slice(0, 48),
    ]);
    expect(list(toFloat(tf.concat([x, x], 0)))).toEqual([...values, ...values]);
    expect(list(toFloat(tf.transpose(tf.reshape(x, [2, 48]))))).toEqual(
      Array.from({ length: 96 }, (_, i) => values[(i % 2) * 48 + (i >> 1)]!),
    );
    expect(
      difference(
        toFloat(x, 1 / 255).dataSync(),
        values.map((value) => value / 255),
      ),
    ).toBeLessThan(1e-7);
  });
});
