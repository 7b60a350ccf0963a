/** Named views for fine-tuning, used alike by the pretrained model and the baseline. */
import type { FinetuneConfig, Modality } from '../../contract/recipe.ts';
import { imageViews } from './image.ts';
import { signalViews } from './signal.ts';
import type { ViewOptions } from './view.ts';

export type Augmentation = FinetuneConfig['augmentation'];

/** The views of that name, or null for none. */
export function augmentationViews(name: Augmentation, modality: Modality): ViewOptions | null {
  if (name === 'none') return null;
  if (modality === 'image') return { modality, options: name === 'mild' ? mildImages() : strongImages() };
  return { modality, options: name === 'mild' ? mildSignals() : strongSignals() };
}

const mildImages = () =>
  imageViews({
    cropMinimum: 0.7,
    brightness: 0.15,
    contrast: 0.15,
    saturation: 0.1,
    hue: 0.02,
    greyProbability: 0,
  });
const strongImages = () => imageViews({ cropMinimum: 0.4, noiseProbability: 0.2, gapProbability: 0.3 });
const mildSignals = () =>
  signalViews({
    cropProbability: 0.5,
    cropMinimum: 0.8,
    scaleProbability: 0.5,
    scale: 0.1,
    gain: 0.1,
    noise: 0.05,
    channelDropProbability: 0,
    timeMaskProbability: 0,
  });
const strongSignals = () => signalViews();
