/** Between red, green, blue and CIELAB (CIE 1976, D65), where lightness and colour stand apart. */
import { tf, type Tensor } from '../../tensor/index.ts';

/** sRGB to XYZ (IEC 61966-2-1), each row divided by the white of D65. */
const WHITE = [0.95047, 1, 1.08883] as const;
const TO_XYZ = [
  [0.412453, 0.35758, 0.180423],
  [0.212671, 0.71516, 0.072169],
  [0.019334, 0.119193, 0.950227],
].map((row, i) => row.map((value) => value / WHITE[i]!));
const FROM_XYZ = inverse3(TO_XYZ);

/** From f(X, Y, Z) to L, a, b, less the offset of L. */
const TO_LAB = [
  [0, 116, 0],
  [500, -500, 0],
  [0, 200, -200],
];
const FROM_LAB = inverse3(TO_LAB);

/**
 * @param images float32 […, 3], 0 to 255
 * @returns float32 […, 3]: L from 0 to 100, a and b from about −110 to 110
 */
export function rgbToLab(images: Tensor): Tensor {
  return tf.tidy(() => {
    const unit = tf.div(images, 255);
    // Both sides are computed everywhere, so the root's argument is held where it is defined.
    const curved = tf.pow(tf.div(tf.add(tf.maximum(unit, 0.04045), 0.055), 1.055), 2.4);
    const linear = tf.where(tf.greater(unit, 0.04045), curved, tf.div(unit, 12.92));
    const xyz = mapColors(linear, TO_XYZ);
    const root = tf.pow(tf.maximum(xyz, 0.008856), 1 / 3);
    const line = tf.add(tf.mul(xyz, 7.787), 16 / 116);
    const f = tf.where(tf.greater(xyz, 0.008856), root, line);
    return tf.sub(mapColors(f, TO_LAB), tf.tensor1d([16, 0, 0]));
  });
}

/**
 * The way back; colours that no screen shows are cut to what it can.
 *
 * @param lab float32 […, 3]
 * @returns float32 […, 3], 0 to 255
 */
export function labToRgb(lab: Tensor): Tensor {
  return tf.tidy(() => {
    const f = tf.maximum(mapColors(tf.add(lab, tf.tensor1d([16, 0, 0])), FROM_LAB), 0);
    const cube = tf.mul(tf.square(f), f);
    const xyz = tf.where(tf.greater(f, 0.2068966), cube, tf.div(tf.sub(f, 16 / 116), 7.787));
    const linear = mapColors(xyz, FROM_XYZ);
    const curved = tf.sub(tf.mul(1.055, tf.pow(tf.maximum(linear, 0.0031308), 1 / 2.4)), 0.055);
    const unit = tf.where(tf.greater(linear, 0.0031308), curved, tf.mul(linear, 12.92));
    return tf.mul(tf.clipByValue(unit, 0, 1), 255);
  });
}

/** Grey images of that lightness, in as many channels as colour ones: […, 1] to […, 3], 0 to 255. */
export function greyOfLightness(lightness: Tensor): Tensor {
  return tf.tidy(() =>
    labToRgb(tf.concat([lightness, tf.zerosLike(lightness), tf.zerosLike(lightness)], -1)),
  );
}

/** matrix · colour at every place. */
function mapColors(colors: Tensor, matrix: readonly (readonly number[])[]): Tensor {
  const flat = tf.reshape(colors, [-1, 3]);
  const mapped = tf.matMul(flat, tf.tensor2d(matrix.map((row) => [...row])), false, true);
  return tf.reshape(mapped, colors.shape);
}

function inverse3(matrix: readonly (readonly number[])[]): number[][] {
  const at = (row: number, column: number) => matrix[row % 3]![column % 3]!;
  const cofactor = (row: number, column: number) =>
    at(row + 1, column + 1) * at(row + 2, column + 2) - at(row + 1, column + 2) * at(row + 2, column + 1);
  const determinant = [0, 1, 2].reduce((sum, column) => sum + at(0, column) * cofactor(0, column), 0);
  return [0, 1, 2].map((row) => [0, 1, 2].map((column) => cofactor(column, row) / determinant));
}
