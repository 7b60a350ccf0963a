/** Random resized crops as boxes for one native operation over the whole batch. */
import { childSeed, tf, uniform, type Tensor } from '../../tensor/index.ts';

export interface CropRange {
  /** Share of the area, from and to. */
  scale: readonly [number, number];
  /** Width through height, from and to. */
  ratio: readonly [number, number];
}

/** In pixels, one number a sample. */
export interface Crops {
  top: Tensor;
  left: Tensor;
  height: Tensor;
  width: Tensor;
}

const ATTEMPTS = 10;

/**
 * Draws crops as torchvision's RandomResizedCrop does: share of area uniform, logarithm of the ratio uniform,
 * up to ten attempts to fit into the image, else the largest central crop of an allowed ratio. Sides are not
 * rounded to whole pixels.
 */
export function sampleCrops(
  seed: Tensor,
  count: number,
  { scale, ratio }: CropRange,
  [fullHeight, fullWidth]: readonly [number, number],
): Crops {
  const shape = [count, ATTEMPTS];
  const area = tf.mul(uniform(shape, childSeed(seed, 'crop/area'), ...scale), fullHeight * fullWidth);
  const ratios = tf.exp(
    uniform(shape, childSeed(seed, 'crop/ratio'), Math.log(ratio[0]), Math.log(ratio[1])),
  );
  const widths = tf.sqrt(tf.mul(area, ratios));
  const heights = tf.sqrt(tf.div(area, ratios));
  const fits = tf.logicalAnd(tf.lessEqual(widths, fullWidth), tf.lessEqual(heights, fullHeight));
  const rank = tf.mul(tf.cast(fits, 'float32'), tf.range(ATTEMPTS, 0, -1, 'float32'));
  const first = tf.cast(tf.oneHot(tf.argMax(rank, 1), ATTEMPTS), 'float32');
  const some = tf.cast(tf.any(fits, 1), 'float32');
  const fallback = largestCentralCrop(fullHeight, fullWidth, ratio);
  const pick = (values: Tensor, otherwise: number) =>
    tf.add(tf.mul(some, tf.sum(tf.mul(first, values), 1)), tf.mul(tf.sub(1, some), otherwise));
  const height = pick(heights, fallback.height);
  const width = pick(widths, fallback.width);
  const place = (label: string, free: Tensor) => {
    const position = uniform([count], childSeed(seed, label));
    return tf.mul(free, tf.add(tf.mul(some, position), tf.mul(tf.sub(1, some), 0.5)));
  };
  const top = place('crop/top', tf.sub(fullHeight, height));
  const left = place('crop/left', tf.sub(fullWidth, width));
  return { top, left, height, width };
}

function largestCentralCrop(height: number, width: number, [low, high]: readonly [number, number]) {
  const ratio = width / height;
  if (ratio < low) return { width, height: width / low };
  if (ratio > high) return { width: height * high, height };
  return { width, height };
}

/**
 * Boxes [N, 4] (y1, x1, y2, x2) for `cropAndResize`, whose ends are centres of pixels.
 *
 * The centres of the first and last output pixel are placed where a resize with half-pixel centres samples,
 * held inside the image, so that a crop of everything at the same size changes nothing. A flip is exchanged
 * ends.
 */
export function cropBoxes(
  crops: Crops,
  [fullHeight, fullWidth]: readonly [number, number],
  [outHeight, outWidth]: readonly [number, number],
  flips: { horizontal?: Tensor; vertical?: Tensor } = {},
): Tensor {
  const [y1, y2] = boxEnds(crops.top, crops.height, fullHeight, outHeight, flips.vertical);
  const [x1, x2] = boxEnds(crops.left, crops.width, fullWidth, outWidth, flips.horizontal);
  return tf.stack([y1, x1, y2, x2], 1);
}

/**
 * CropAndResize gives black where it samples outside of the image. Rounding alone can put the last pixel of a
 * box that ends at 1 there, so boxes keep this distance from the border.
 */
const MARGIN = 2e-6;

/** Holds normalised coordinates of a box inside the image. */
export const insideImage = (coordinates: Tensor): Tensor => tf.clipByValue(coordinates, MARGIN, 1 - MARGIN);

function boxEnds(start: Tensor, length: Tensor, full: number, out: number, flip?: Tensor): [Tensor, Tensor] {
  const last = Math.max(1, full - 1);
  const inset = tf.sub(tf.mul(length, 0.5 / out), 0.5);
  const low = insideImage(tf.div(tf.add(start, inset), last));
  const high = insideImage(tf.div(tf.sub(tf.add(start, length), tf.add(inset, 1)), last));
  if (!flip) return [low, high];
  const change = tf.mul(flip, tf.sub(high, low));
  return [tf.add(low, change), tf.sub(high, change)];
}
