/** Masked features: cells of a row are hidden, and must be told from the others. */
import { z } from 'zod';
import { numberField } from '../../../contract/fields.ts';
import { tf, type Tensor } from '../../../tensor/index.ts';
import { normalizeChannels } from '../../channels.ts';
import { columnsOf } from '../../layers/row-columns.ts';
import { samplePatchMask } from '../../views/mask.ts';
import { where } from '../../views/table.ts';
import { projectionHiddenField } from '../parts/head-fields.ts';
import { oneViewSuits } from '../parts/proposed-training.ts';
import { rowHead } from '../parts/row-head.ts';
import { columnWords, rowPreview } from '../parts/row-preview.ts';
import { definePretextTask, pretextModel } from '../task.ts';

const options = z.strictObject({
  maskRatio: numberField({
    title: 'Hidden share',
    help: 'Share of the cells of a row that are hidden.',
    minimum: 0.05,
    maximum: 0.95,
    default: 0.4,
  }),
  hidden: projectionHiddenField(),
});

/** As many cells of every row, chosen alike, become unknown. */
export function hideCells(rows: Tensor, seed: Tensor, share: number): { view: Tensor; hidden: Tensor } {
  const [count, columns] = rows.shape as [number, number];
  const hidden = tf.reshape(samplePatchMask(seed, count, [columns], 1, share), [count, columns]);
  return { view: where(hidden, tf.fill(rows.shape, NaN), rows), hidden };
}

export const maskedFeatures = definePretextTask({
  id: 'masked-features',
  title: 'Masked features',
  summary:
    'Hides some cells of every row and learns to tell them from the others: numbers by their rank, categories by name. Suits tables with missing values, which it meets as hidden ones.',
  paper: {
    authors: 'Majmundar, Goyal, Netrapalli, Jain',
    year: 2022,
    title: 'MET: Masked Encoding for Tabular Data',
    url: 'https://arxiv.org/abs/2206.08564',
  },
  modalities: ['table'],
  family: 'generative',
  meanOverSamples: true,
  pseudoLabel: 'What the hidden cells hold.',
  healthy:
    'The error of numbers starts near 1 (nothing is known) and falls; the share of right categories rises above that of the most frequent ones. If the error stays near 1, columns do not tell of each other: try another task.',
  options,
  defaults: ({ sampleCount }) => ({ options: {}, training: oneViewSuits(sampleCount) }),
  build({ encoder, options, channelStatistics, inputShape, about }) {
    const columns = columnsOf(inputShape, about);
    const { hidden: units } = options;
    const head = rowHead({ name: 'values', inputs: encoder.featureCount, hidden: units, columns });
    return pretextModel({
      encoder,
      heads: [head],
      step({ samples, seed, encode, pass }) {
        const { view, hidden } = hideCells(samples, seed, options.maskRatio);
        const { features } = encode(normalizeChannels(view, channelStatistics));
        const rows = normalizeChannels(samples, channelStatistics);
        const { loss, ...metrics } = head.errors(features, rows, hidden, pass);
        return { loss, metrics };
      },
    });
  },
  preview({ samples, seed, options, about }) {
    const { view, hidden } = hideCells(samples, seed, options.maskRatio);
    const words = columnWords(hidden, columnsOf(samples.shape.slice(1), about));
    return rowPreview({
      samples,
      views: [{ title: 'What the encoder reads', values: view }],
      asked: hidden,
      pseudoLabels: words.map((names) => `to be told: ${names}`),
    });
  },
});
