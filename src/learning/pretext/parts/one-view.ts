/** One view of every sample, as the task's own options make it, and a mild one for tasks that restore what was there. */
import { childSeed, type Tensor } from '../../../tensor/index.ts';
import { normalizeChannels } from '../../channels.ts';
import { learningModalities } from '../../modalities/registry.ts';
import { chosenViews, randomView, type ViewChoices } from '../../modalities/views.ts';
import type { PreviewRequest } from '../task.ts';
import { viewFields } from './two-views.ts';

/** The options of a view that leaves what is to be restored as it is; `title` says what it comes before. */
export const mildViewFields = (title: string) =>
  viewFields(Object.fromEntries(learningModalities.map(({ id, views }) => [id, views.gentle])), title);

/** The view, float32 of the samples' shape, in stored units. */
export function oneView(request: PreviewRequest<ViewChoices>): Tensor {
  const { samples, seed, options, modality, channelStatistics } = request;
  return randomView(samples, childSeed(seed, 'view'), chosenViews(options, modality), channelStatistics);
}

/** The view, normalised by channel. */
export const normalizedView = (request: PreviewRequest<ViewChoices>): Tensor =>
  normalizeChannels(oneView(request), request.channelStatistics);
