/** Brightness, contrast, saturation, hue and greying of a whole batch, composed into one affine map an image. */
import { childSeed, colorMatrix, tf, type Tensor } from '../../tensor/index.ts';
import { choose, drawUniform, drawYes, perSample } from './chance.ts';

export interface ColorRange {
  /** Share of images whose colours are changed. */
  jitterProbability: number;
  /** Strengths as in torchvision's ColorJitter: factors from 1 − s to 1 + s; hue in turns of the colour circle. */
  brightness: number;
  contrast: number;
  saturation: number;
  hue: number;
  greyProbability: number;
}

/** One number an image. */
export interface ColorChanges {
  brightness: Tensor;
  contrast: Tensor;
  saturation: Tensor;
  /** Radians. */
  hue: Tensor;
  /** 1 where colours are taken away. */
  grey: Tensor;
}

/** Share of red, green and blue in grey (ITU-R 601), as in torchvision. */
const LUMA = [0.299, 0.587, 0.114] as const;

export function sampleColorChanges(parent: Tensor, count: number, range: ColorRange): ColorChanges {
  const seed = childSeed(parent, 'color');
  const changed = drawYes(seed, 'changed', [count], range.jitterProbability);
  const factor = (label: string, strength: number) =>
    choose(changed, drawUniform(seed, label, count, Math.max(0, 1 - strength), 1 + strength), 1);
  const turn = 2 * Math.PI * range.hue;
  return {
    brightness: factor('brightness', range.brightness),
    contrast: factor('contrast', range.contrast),
    saturation: factor('saturation', range.saturation),
    hue: tf.mul(changed, drawUniform(seed, 'hue', count, -turn, turn)),
    grey: drawYes(seed, 'grey', [count], range.greyProbability),
  };
}

/**
 * Applies the changes in the order brightness, contrast, saturation, hue, grey; values stay within 0 to 255.
 *
 * Two differences from torchvision: the order is fixed (there it is drawn), and hue is a rotation about the
 * grey axis (there a shift in HSV). In exchange it is one matrix product a pixel.
 *
 * @param images float32 [N, H, W, C], 0 to 255. With one channel only brightness and contrast apply.
 */
export function changeColors(images: Tensor, changes: ColorChanges): Tensor {
  return tf.tidy(() => {
    const changed = images.shape[3] === 3 ? changeThree(images, changes) : changeGrey(images, changes);
    return tf.clipByValue(changed, 0, 255);
  });
}

function changeGrey(images: Tensor, { brightness, contrast }: ColorChanges): Tensor {
  const mean = tf.mean(images, [1, 2, 3]);
  const factor = tf.mul(brightness, contrast);
  const offset = tf.mul(tf.mul(mean, brightness), tf.sub(1, contrast));
  return tf.add(tf.mul(images, perSample(factor, 4)), perSample(offset, 4));
}

function changeThree(images: Tensor, changes: ColorChanges): Tensor {
  const { brightness, contrast } = changes;
  const luma = tf.tensor1d([...LUMA]);
  const meanGrey = tf.sum(tf.mul(tf.mean(images, [1, 2]), luma), 1);
  // Output = matrix · colour + offset: what comes last stands on the left.
  const linear = tf.matMul(hueMatrix(changes.hue), saturationMatrix(changes.saturation));
  const colors = tf.matMul(saturationMatrix(tf.sub(1, changes.grey)), linear);
  const matrix = tf.mul(colors, perSample(tf.mul(brightness, contrast), 3));
  // Grey stays grey under saturation and hue, so the contrast's offset goes through unchanged.
  const offset = tf.mul(tf.mul(meanGrey, brightness), tf.sub(1, contrast));
  const offsets = tf.tile(tf.reshape(offset, [-1, 1]), [1, 3]);
  return colorMatrix(images, matrix, offsets);
}

/** s · identity + (1 − s) · grey, [N, 3, 3]. */
function saturationMatrix(saturation: Tensor): Tensor {
  const amount = perSample(saturation, 3);
  const grey = tf.tensor2d([[...LUMA], [...LUMA], [...LUMA]]);
  return tf.add(
    tf.mul(amount, tf.expandDims(tf.eye(3), 0)),
    tf.mul(tf.sub(1, amount), tf.expandDims(grey, 0)),
  );
}

/** Rotation about the axis of greys (Rodrigues), [N, 3, 3]; it keeps red + green + blue. */
function hueMatrix(angle: Tensor): Tensor {
  const cosine = perSample(tf.cos(angle), 3);
  const sine = perSample(tf.sin(angle), 3);
  const third = tf.fill([1, 3, 3], 1 / 3);
  const root = 1 / Math.sqrt(3);
  const cross = tf.tensor3d([
    [
      [0, -root, root],
      [root, 0, -root],
      [-root, root, 0],
    ],
  ]);
  const turned = tf.add(tf.mul(cosine, tf.expandDims(tf.eye(3), 0)), tf.mul(sine, cross));
  return tf.add(turned, tf.mul(tf.sub(1, cosine), third));
}
