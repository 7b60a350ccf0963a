/** One view of every sample, as the task's own options make it, and a mild one for tasks that restore what was there. */
import { childSeed, type Tensor } from '../../../tensor/index.ts';
import { normalizeChannels } from '../../channels.ts';
import { imageViewField } from '../../views/image.ts';
import { signalViewField } from '../../views/signal.ts';
import { randomView } from '../../views/view.ts';
import type { PreviewRequest } from '../task.ts';
import type { ViewChoices } from './two-views.ts';

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

/** The view, float32 of the samples' shape, in stored units. */
export function oneView(request: PreviewRequest<ViewChoices>): Tensor {
  const { samples, seed, options, modality, channelStatistics } = request;
  return randomView(
    samples,
    childSeed(seed, 'view'),
    modality === 'image'
      ? { modality, options: options.imageViews }
      : { modality, options: options.signalViews },
    channelStatistics,
  );
}

/** The view, normalised by channel. */
export const normalizedView = (request: PreviewRequest<ViewChoices>): Tensor =>
  normalizeChannels(oneView(request), request.channelStatistics);
