/** Patches of images and segments of signals: cut out exactly, and kept from giving their place away. */
import { childSeed, cropAndResize, integers, normal, tf, type Tensor } from '../../tensor/index.ts';
import { choose, drawYes, perSample } from './chance.ts';
import { insideImage } from './crop.ts';

/** Whole numbers from `least` to `most` (both included), as float32 of that shape. */
export const drawWhole = (seed: Tensor, label: string, shape: number[], least: number, most: number) =>
  tf.cast(integers(shape, childSeed(seed, label), least, most + 1), 'float32');

/**
 * Cuts patches out at whole pixels (or points in time): no value is mixed with another, unless they are enlarged.
 *
 * @param samples uint8 or float32 [N, H, W, C], or float32 [N, L, C]
 * @param starts float32 [N, P, 2] first row and column of each patch, or [N, P, 1] first points
 * @param size [h, w] or [l], alike for all patches
 * @param enlarge so many times larger is what comes out, by linear interpolation
 * @returns float32 [N · P, …size · enlarge, C], the patches of one sample together
 */
export function cutPatches(samples: Tensor, starts: Tensor, size: readonly number[], enlarge = 1): Tensor {
  return tf.tidy(() => {
    const [count, ...shape] = samples.shape as [number, ...number[]];
    const sides = shape.slice(0, -1);
    const channels = shape.at(-1)!;
    const perImage = starts.shape[1]!;
    const flat = tf.reshape(starts, [count * perImage, sides.length]);
    const ends = sides.map((side, axis) => {
      const first = tf.slice(flat, [0, axis], [count * perImage, 1]);
      const last = tf.add(first, size[axis]! - 1);
      return [first, last].map((pixel) => insideImage(tf.div(pixel, Math.max(1, side - 1))));
    });
    const owners = tf.tensor1d(
      Int32Array.from({ length: count * perImage }, (_, patch) => Math.floor(patch / perImage)),
      'int32',
    );
    // A signal is a picture of height 1.
    const pictures = sides.length === 2 ? samples : tf.reshape(samples, [count, 1, sides[0]!, channels]);
    const zero = tf.zeros([count * perImage, 1]);
    const [rows, columns] = sides.length === 2 ? [ends[0]!, ends[1]!] : [[zero, zero], ends[0]!];
    const boxes = tf.concat([rows[0]!, columns[0]!, rows[1]!, columns[1]!], 1);
    const result = size.map((side) => side * enlarge);
    const picture: [number, number] = sides.length === 2 ? [result[0]!, result[1]!] : [1, result[0]!];
    return tf.reshape(cropAndResize(pictures, boxes, owners, picture), [
      count * perImage,
      ...result,
      channels,
    ]);
  });
}

/** Deviation of what stands in a dropped colour, in units of the channel's own (Doersch et al. 2015). */
const DROPPED_NOISE = 0.01;

/**
 * Leaves only one colour, drawn for each patch, and faint noise in the others: lenses bend colours differently
 * towards the edge of a picture, and a network that sees several colours reads the place of a patch from that.
 *
 * @param patches float32 [M, h, w, C], normalised by channel; with one channel nothing changes
 * @param probability of each patch to lose colours
 */
export function dropColors(patches: Tensor, seed: Tensor, probability: number): Tensor {
  const [count, , , channels] = patches.shape as [number, number, number, number];
  if (channels === 1 || probability === 0) return patches;
  return tf.tidy(() => {
    const kept = integers([count], childSeed(seed, 'kept-color'), 0, channels);
    const chosen = tf.reshape(tf.cast(tf.oneHot(kept as never, channels), 'float32'), [
      count,
      1,
      1,
      channels,
    ]);
    const noise = tf.mul(normal(patches.shape, childSeed(seed, 'color-noise')), DROPPED_NOISE);
    const dropped = choose(chosen, patches, noise);
    return choose(perSample(drawYes(seed, 'colors-dropped', [count], probability), 4), dropped, patches);
  });
}

/** Each patch to mean 0 and deviation 1 by itself, so that neighbours are not known by their brightness. */
export function equalizePatches(patches: Tensor): Tensor {
  return tf.tidy(() => {
    const places = patches.shape.slice(1, -1).map((_, axis) => axis + 1);
    const { mean, variance } = tf.moments(patches, places, true);
    // A flat patch stays flat: its noise is not blown up.
    return tf.div(tf.sub(patches, mean), tf.sqrt(tf.add(variance, 0.01)));
  });
}
