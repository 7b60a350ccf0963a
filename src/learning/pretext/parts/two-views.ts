/** Two random views of every sample: where most tasks that compare views begin. */
import { childSeed, type Tensor } from '../../../tensor/index.ts';
import { normalizeChannels } from '../../channels.ts';
import { imageViewField, type ImageViewOptions } from '../../views/image.ts';
import { signalViewField, type SignalViewOptions } from '../../views/signal.ts';
import { randomView, type ViewOptions } from '../../views/view.ts';
import type { Preview, PreviewRequest } from '../task.ts';

/** The options of a task that makes views of both kinds of data. */
export const viewFields = () => ({ imageViews: imageViewField(), signalViews: signalViewField() });

export interface ViewChoices {
  imageViews: ImageViewOptions;
  signalViews: SignalViewOptions;
}

/** Both views are drawn alike, from independent seeds; float32 in stored units. */
export function twoViews({
  samples,
  seed,
  options,
  modality,
  channelStatistics,
}: PreviewRequest<ViewChoices>): [Tensor, Tensor] {
  const views: ViewOptions =
    modality === 'image'
      ? { modality, options: options.imageViews }
      : { modality, options: options.signalViews };
  const view = (name: string) => randomView(samples, childSeed(seed, name), views, channelStatistics);
  return [view('first-view'), view('second-view')];
}

/** Both views as the encoder takes them. */
export function normalizedViews(request: PreviewRequest<ViewChoices>): [Tensor, Tensor] {
  const [first, second] = twoViews(request);
  return [
    normalizeChannels(first, request.channelStatistics),
    normalizeChannels(second, request.channelStatistics),
  ];
}

/** Sample and views side by side, all with the same words below. */
export function previewOfTwoViews(request: PreviewRequest<ViewChoices>, pseudoLabel: string): Preview {
  const [first, second] = twoViews(request);
  return {
    columns: [
      { title: 'Sample', role: 'input', values: request.samples },
      { title: 'First view', role: 'view', values: first },
      { title: 'Second view', role: 'view', values: second },
    ],
    pseudoLabels: Array.from({ length: request.samples.shape[0]! }, () => pseudoLabel),
  };
}
