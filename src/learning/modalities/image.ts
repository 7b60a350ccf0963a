/** Images: uint8 or float32 [H, W, C], 0 to 255. */
import { tf } from '../../tensor/index.ts';
import { presentChannels } from '../channels.ts';
import { applyImageView, imageViewField, imageViews, sampleImageView } from '../views/image.ts';
import type { ImageViewOptions } from '../views/image.ts';
import { defineModality, type ViewRequest } from './modality.ts';

/** Pixels a side below which a quarter of an image shows too little to tell it by. */
const SMALL_SIDE = 48;

export const image = defineModality<ImageViewOptions>({
  id: 'image',
  views: {
    field: 'imageViews',
    options: imageViews,
    schema: imageViewField,
    random,
    part({ crops: { cropMinimum, cropMaximum }, ...request }) {
      const share = { cropMinimum: Math.min(cropMinimum, cropMaximum), cropMaximum };
      return random({ ...request, options: { ...request.options, ...share } });
    },
    presets: {
      mild: imageViews({
        cropMinimum: 0.7,
        brightness: 0.15,
        contrast: 0.15,
        saturation: 0.1,
        hue: 0.02,
        greyProbability: 0,
      }),
      strong: imageViews({ cropMinimum: 0.4, noiseProbability: 0.2, gapProbability: 0.3 }),
    },
    // Colours stay: they are part of what is to be restored.
    gentle: { cropMinimum: 0.67, jitterProbability: 0, greyProbability: 0 },
  },
  training: { contrast: { learningRate: 0.002, epochs: 25 }, twoViews: { epochs: 30 } },
  leastSide: 14,
  partsTell: ([height, width]) => Math.min(height!, width!) >= SMALL_SIDE,
});

function random({ samples, seed, options, statistics, sides }: ViewRequest<ImageViewOptions>) {
  const [count, ...input] = samples.shape as [number, ...number[]];
  const size = { input, ...(sides && { output: sides as [number, number] }) };
  const drawn = sampleImageView(seed, count, size, options);
  const view = applyImageView(samples, drawn, size, options, statistics);
  // No brightness and no noise makes a band that a dataset lacks.
  return statistics.mayMiss ? tf.mul(view, presentChannels(samples)) : view;
}
