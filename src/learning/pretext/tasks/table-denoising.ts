/** Denoising for table rows: numbers get noise, cells wrong values, and the row must be given as it was. */
import { z } from 'zod';
import { childSeed, tf } from '../../../tensor/index.ts';
import { normalizeChannels } from '../../channels.ts';
import { columnsOf } from '../../layers/row-columns.ts';
import { tableViewField, applyTableView, sampleTableView } from '../../views/table.ts';
import { projectionHiddenField } from '../parts/head-fields.ts';
import { oneViewSuits } from '../parts/proposed-training.ts';
import { rowHead } from '../parts/row-head.ts';
import { rowPreview } from '../parts/row-preview.ts';
import { definePretextTask, pretextModel, type PreviewRequest } from '../task.ts';

const options = z.strictObject({
  noise: tableViewField({ corruption: 0.15, missing: 0.05, noise: 0.3 }, 'Noise'),
  hidden: projectionHiddenField(),
});
type Options = z.output<typeof options>;

function noisyRows({
  samples,
  seed,
  options,
  channelStatistics,
}: Pick<PreviewRequest<Options>, 'samples' | 'seed' | 'options' | 'channelStatistics'>) {
  const [count, columns] = samples.shape as [number, number];
  const drawn = sampleTableView(childSeed(seed, 'noise'), count, columns, options.noise);
  return applyTableView(samples, drawn, channelStatistics);
}

export const tableDenoising = definePretextTask({
  id: 'table-denoising',
  title: 'Denoising rows',
  summary:
    'Adds noise to the numbers of every row, gives some cells values of other rows or none, and learns to restore the row. The simplest of the tasks for tables.',
  paper: {
    authors: 'Vincent, Larochelle, Bengio, Manzagol',
    year: 2008,
    title: 'Extracting and Composing Robust Features with Denoising Autoencoders',
    url: 'https://doi.org/10.1145/1390156.1390294',
  },
  modalities: ['table'],
  family: 'generative',
  meanOverSamples: true,
  pseudoLabel: 'The row as it was before the noise.',
  healthy:
    'The error of numbers falls quickly towards the noise that cannot be known, and the share of right categories rises towards 1. If both are perfect at once, replace more cells.',
  options,
  defaults: ({ sampleCount }) => ({ options: {}, training: oneViewSuits(sampleCount) }),
  build({ encoder, options, channelStatistics, inputShape, about }) {
    const columns = columnsOf(inputShape, about);
    const { hidden } = options;
    const head = rowHead({ name: 'values', inputs: encoder.featureCount, hidden, columns });
    return pretextModel({
      encoder,
      heads: [head],
      step({ samples, seed, encode, pass }) {
        const noisy = noisyRows({ samples, seed, options, channelStatistics });
        const { features } = encode(normalizeChannels(noisy, channelStatistics));
        const rows = normalizeChannels(samples, channelStatistics);
        const { loss, ...metrics } = head.errors(features, rows, tf.onesLike(samples), pass);
        return { loss, metrics };
      },
    });
  },
  preview: (request) =>
    rowPreview({
      samples: request.samples,
      views: [{ title: 'With noise', values: noisyRows(request) }],
      asked: tf.onesLike(request.samples),
      pseudoLabels: Array.from({ length: request.samples.shape[0]! }, () => 'the row without noise'),
    }),
});
