/**
 * Views of images: random crops, flips, colours, blur, noise and gaps, over a whole batch at once.
 *
 * First everything random is drawn (`sampleImageView`), then applied (`applyImageView`); both are pure. Views
 * are float32 in stored units, 0 to 255.
 */
import { addNoise, childSeed, cropAndResize, tf, type Tensor } from '../../tensor/index.ts';
import type { ChannelStatistics } from '../channels.ts';
import { groupField, numberField } from '../../contract/fields.ts';
import { gaussianBlur } from './blur.ts';
import { choose, drawUniform, drawYes, perSample } from './chance.ts';
import { changeColors, sampleColorChanges, type ColorChanges } from './color.ts';
import { cropBoxes, sampleCrops } from './crop.ts';

/** Mild changes: what is small or grey or medical survives them. */
const mild = {
  cropMinimum: 0.4,
  cropMaximum: 1,
  cropRatio: 4 / 3,
  flipProbability: 0.5,
  flipVerticalProbability: 0,
  jitterProbability: 0.8,
  brightness: 0.3,
  contrast: 0.3,
  saturation: 0.2,
  hue: 0.05,
  greyProbability: 0.1,
  blurProbability: 0,
  blurSigma: 1,
  solarizeProbability: 0,
  solarizeThreshold: 128,
  noiseProbability: 0,
  noise: 0.05,
  gapProbability: 0,
  gapSize: 0.3,
};
export type ImageViewOptions = typeof mild;

/** The options of image views as one field of a pretext task; `defaults` replace the mild ones. */
export function imageViewField(defaults: Partial<ImageViewOptions> = {}, title = 'Views') {
  return groupField({
    title,
    help: 'How an image is changed at random.',
    modality: 'image',
    fields: imageViewFields({ ...mild, ...defaults }),
  });
}

/** Options of image views with their defaults, for a named preset. */
export const imageViews = (changes: Partial<ImageViewOptions> = {}): ImageViewOptions => ({
  ...mild,
  ...changes,
});

function imageViewFields(values: ImageViewOptions) {
  const share = (
    name: keyof ImageViewOptions,
    title: string,
    help: string,
    { maximum = 1, advanced = false }: { maximum?: number; advanced?: boolean } = {},
  ) => numberField({ title, help, minimum: 0, maximum, default: values[name], advanced });
  const folded = { advanced: true };
  return {
    cropMinimum: share(
      'cropMinimum',
      'Smallest crop',
      'Least share of the image that a crop keeps; 1: no crops.',
    ),
    cropMaximum: share(
      'cropMaximum',
      'Largest crop',
      'Largest share of the image that a crop keeps.',
      folded,
    ),
    cropRatio: numberField({
      title: 'Crop ratio',
      help: 'Crops are at most so many times wider than high, or higher than wide.',
      minimum: 1,
      maximum: 4,
      default: values.cropRatio,
      advanced: true,
    }),
    flipProbability: share('flipProbability', 'Mirrored', 'Share of views mirrored left to right.'),
    flipVerticalProbability: share(
      'flipVerticalProbability',
      'Upside down',
      'Share of views mirrored top to bottom.',
    ),
    jitterProbability: share(
      'jitterProbability',
      'Colours changed',
      'Share of views whose colours or brightness change.',
    ),
    brightness: share('brightness', 'Brightness', 'Brightness is multiplied by 1 − this to 1 + this.'),
    contrast: share('contrast', 'Contrast', 'Contrast is multiplied by 1 − this to 1 + this.'),
    saturation: share('saturation', 'Saturation', 'Saturation is multiplied by 1 − this to 1 + this.'),
    hue: share('hue', 'Hue', 'Colours turn by at most this part of the colour circle.', { maximum: 0.5 }),
    greyProbability: share('greyProbability', 'Grey', 'Share of views without colours.'),
    blurProbability: share('blurProbability', 'Blurred', 'Share of views that are blurred.'),
    blurSigma: numberField({
      title: 'Blur',
      help: 'Strongest blur (standard deviation).',
      minimum: 0.1,
      maximum: 10,
      default: values.blurSigma,
      unit: 'pixels',
      advanced: true,
    }),
    solarizeProbability: share(
      'solarizeProbability',
      'Solarized',
      'Share of views whose bright values are inverted.',
      folded,
    ),
    solarizeThreshold: numberField({
      title: 'Solarized from',
      help: 'Values from here on are inverted in solarized views.',
      minimum: 0,
      maximum: 256,
      default: values.solarizeThreshold,
      advanced: true,
    }),
    noiseProbability: share('noiseProbability', 'Noisy', 'Share of views with random noise.'),
    noise: share('noise', 'Noise', 'Noise as a share of the full range of brightness.', folded),
    gapProbability: share('gapProbability', 'With a gap', 'Share of views of which a rectangle is covered.'),
    gapSize: share('gapSize', 'Gap', 'Side of the rectangle as a share of the image.', {
      maximum: 0.9,
      ...folded,
    }),
  };
}

/** Everything random about one view of a batch. Fields that are left out change nothing. */
export interface ImageViewDraw {
  boxes: Tensor;
  colors?: ColorChanges;
  blurSigmas?: Tensor;
  /** 1 where the view is solarized. */
  solarized?: Tensor;
  /** Standard deviation of the noise an image, and the seed of the noise itself. */
  noise?: { deviations: Tensor; seed: Tensor };
  /** Corners (top, left) as shares, and 1 where there is a gap; sides as shares, where they differ. */
  gaps?: { top: Tensor; left: Tensor; present: Tensor; size?: Tensor };
}

export interface ImageViewSize {
  /** [H, W, C] of the samples. */
  input: readonly number[];
  /** [H, W] of the view; default: as the samples. */
  output?: readonly [number, number];
}

/** Draws one view for each of `count` images. */
export function sampleImageView(
  seed: Tensor,
  count: number,
  size: ImageViewSize,
  options: ImageViewOptions,
): ImageViewDraw {
  const [height, width] = size.input as [number, number];
  const range = {
    scale: [Math.min(options.cropMinimum, options.cropMaximum), options.cropMaximum] as const,
    ratio: [1 / options.cropRatio, options.cropRatio] as const,
  };
  // Without crops the ratio must not take any part away either.
  const whole =
    options.cropMinimum >= 1
      ? { scale: [1, 1] as const, ratio: [width / height, width / height] as const }
      : range;
  const crops = sampleCrops(childSeed(seed, 'crop'), count, whole, [height, width]);
  const flips = {
    horizontal: drawYes(seed, 'flip', [count], options.flipProbability),
    vertical: drawYes(seed, 'flip-vertical', [count], options.flipVerticalProbability),
  };
  const draw: ImageViewDraw = {
    boxes: cropBoxes(crops, [height, width], size.output ?? [height, width], flips),
  };
  if (options.jitterProbability > 0 || options.greyProbability > 0)
    draw.colors = sampleColorChanges(seed, count, options);
  if (options.blurProbability > 0) {
    const sigmas = drawUniform(seed, 'blur', count, 0.1, Math.max(0.1, options.blurSigma));
    draw.blurSigmas = tf.mul(sigmas, drawYes(seed, 'blurred', [count], options.blurProbability));
  }
  if (options.solarizeProbability > 0)
    draw.solarized = drawYes(seed, 'solarized', [count], options.solarizeProbability);
  if (options.noiseProbability > 0 && options.noise > 0) {
    const noisy = drawYes(seed, 'noisy', [count], options.noiseProbability);
    draw.noise = { deviations: tf.mul(noisy, 255 * options.noise), seed: childSeed(seed, 'noise') };
  }
  if (options.gapProbability > 0)
    draw.gaps = {
      top: drawUniform(seed, 'gap-top', count, 0, 1 - options.gapSize),
      left: drawUniform(seed, 'gap-left', count, 0, 1 - options.gapSize),
      present: drawYes(seed, 'gap', [count], options.gapProbability),
    };
  return draw;
}

/**
 * Makes the view that was drawn.
 *
 * @param images uint8 or float32 [N, H, W, C], 0 to 255
 * @returns float32 [N, H', W', C], 0 to 255
 */
export function applyImageView(
  images: Tensor,
  draw: ImageViewDraw,
  size: ImageViewSize,
  options: ImageViewOptions,
  statistics: ChannelStatistics,
): Tensor {
  return tf.tidy(() => {
    const [height, width] = size.output ?? (size.input as unknown as [number, number]);
    const indices = tf.range(0, images.shape[0]!, 1, 'int32');
    let view: Tensor = cropAndResize(images, draw.boxes, indices, [height, width]);
    if (draw.colors) view = changeColors(view, draw.colors);
    if (draw.blurSigmas) view = gaussianBlur(view, draw.blurSigmas, options.blurSigma);
    if (draw.solarized) view = solarize(view, draw.solarized, options.solarizeThreshold);
    if (draw.noise) view = tf.clipByValue(addNoise(view, draw.noise.deviations, draw.noise.seed), 0, 255);
    return draw.gaps ? coverGaps(view, draw.gaps, options.gapSize, statistics) : view;
  });
}

/** Inverts values from the threshold on, as torchvision does, in the images where `yes` is 1. */
export function solarize(images: Tensor, yes: Tensor, threshold: number): Tensor {
  const bright = tf.mul(tf.cast(tf.greaterEqual(images, threshold), 'float32'), perSample(yes, 4));
  return tf.add(images, tf.mul(bright, tf.sub(255, tf.mul(images, 2))));
}

/** The covered rectangle holds the channels' means, which is 0 for an encoder. */
function coverGaps(
  view: Tensor,
  gaps: NonNullable<ImageViewDraw['gaps']>,
  size: number,
  statistics: ChannelStatistics,
): Tensor {
  const [, height, width] = view.shape as [number, number, number, number];
  const inside = (start: Tensor, side: number) => {
    const centers = tf.div(tf.add(tf.range(0, side, 1, 'float32'), 0.5), side);
    const distance = tf.sub(tf.expandDims(centers, 0), tf.expandDims(start, 1));
    const length = gaps.size ? tf.expandDims(gaps.size, 1) : size;
    return tf.logicalAnd(tf.greaterEqual(distance, 0), tf.less(distance, length));
  };
  const rows = tf.reshape(tf.cast(inside(gaps.top, height), 'float32'), [-1, height, 1, 1]);
  const columns = tf.reshape(tf.cast(inside(gaps.left, width), 'float32'), [-1, 1, width, 1]);
  const covered = tf.mul(tf.mul(rows, columns), perSample(gaps.present, 4));
  return choose(covered, tf.reshape(tf.tensor1d([...statistics.mean]), [1, 1, 1, -1]), 0).add(
    tf.mul(view, tf.sub(1, covered)),
  );
}
