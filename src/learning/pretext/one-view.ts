/** One mild view of every sample: where tasks begin that restore what was there. */
import { childSeed, type Tensor } from '../../tensor/index.ts';
import { normalizeChannels } from '../channels.ts';
import { imageViewField, type ImageViewOptions } from '../views/image.ts';
import { signalViewField, type SignalViewOptions } from '../views/signal.ts';
import { randomView } from '../views/view.ts';
import type { PreviewRequest } from './task.ts';

/** Colours and amplitudes stay: they are part of what is to be restored. */
const mildImages = { cropMinimum: 0.67, jitterProbability: 0, greyProbability: 0 };
const sameSignals = {
  cropProbability: 0,
  scaleProbability: 0,
  noiseProbability: 0,
  channelDropProbability: 0,
  timeMaskProbability: 0,
};

/** The options of such a view; `title` says what it comes before. */
export const mildViewFields = (title: string) => ({
  imageViews: imageViewField(mildImages, title),
  signalViews: signalViewField(sameSignals, title),
});

export interface MildViewOptions {
  imageViews: ImageViewOptions;
  signalViews: SignalViewOptions;
}

/** The view, normalised by channel: float32 of the samples' shape. */
export function mildView(request: PreviewRequest<MildViewOptions>): Tensor {
  const { samples, seed, options, modality, channelStatistics } = request;
  const view = randomView(
    samples,
    childSeed(seed, 'view'),
    modality === 'image'
      ? { modality, options: options.imageViews }
      : { modality, options: options.signalViews },
    channelStatistics,
  );
  return normalizeChannels(view, channelStatistics);
}
