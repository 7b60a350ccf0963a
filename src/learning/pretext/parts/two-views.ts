/** Two random views of every sample: where most tasks that compare views begin. */
import type { z } from 'zod';
import { childSeed, type Tensor } from '../../../tensor/index.ts';
import { normalizeChannels } from '../../channels.ts';
import { learningModalities } from '../../modalities/registry.ts';
import { chosenViews, randomView, type ViewChoices } from '../../modalities/views.ts';
import type { Preview, PreviewRequest } from '../task.ts';

/** The options of a task that makes views of every kind of data; `changes` by kind replace the usual ones. */
export function viewFields(changes: Readonly<Record<string, object>> = {}, title?: string): ViewFields {
  const fields = learningModalities.map(({ id, views }) => [views.field, views.schema(changes[id], title)]);
  return Object.fromEntries(fields) as ViewFields;
}

type ViewFields = Record<`${string}Views`, z.ZodType<object>>;

/** Both views are drawn alike, from independent seeds; float32 in stored units. */
export function twoViews({
  samples,
  seed,
  options,
  modality,
  channelStatistics,
}: PreviewRequest<ViewChoices>): [Tensor, Tensor] {
  const views = chosenViews(options, modality);
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
