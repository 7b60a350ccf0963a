/** SCARF: a row must be found again among others by a copy of it in which cells were replaced. */
import { z } from 'zod';
import { numberField } from '../../../contract/fields.ts';
import {
  childSeed,
  l2Normalize,
  ownReplacedCells,
  tf,
  wholeBatch,
  type Tensor,
} from '../../../tensor/index.ts';
import { normalizeChannels } from '../../channels.ts';
import { projection } from '../../layers/dense.ts';
import { columnsOf } from '../../layers/row-columns.ts';
import { infoNceOfUnits } from '../../losses/info-nce.ts';
import { drawPatches, greatest } from '../../views/mask.ts';
import { fromOtherRows, sampleCorruption, where } from '../../views/table.ts';
import { contrastiveTraining } from '../parts/contrastive-defaults.ts';
import { projectionHiddenField, projectionSizeField } from '../parts/head-fields.ts';
import { signsOfUnits } from '../parts/output-signs.ts';
import { featuresOfViews } from '../parts/view-features.ts';
import { columnWords } from '../parts/row-preview.ts';
import { definePretextTask, pretextModel } from '../task.ts';

const options = z.strictObject({
  corruption: numberField({
    title: 'Replaced share',
    help: 'Share of the cells of a row that take values of other rows.',
    minimum: 0.05,
    maximum: 0.95,
    default: 0.6,
  }),
  temperature: numberField({
    title: 'Temperature',
    help: 'Lower makes the task harder: rows must be told apart from more similar ones.',
    minimum: 0.01,
    maximum: 2,
    default: 1,
  }),
  projectionHidden: projectionHiddenField(),
  projectionSize: projectionSizeField(),
});

/** The same number of cells of every row, chosen alike, each with a value of its column in some row of the batch. */
export function corruptRows(rows: Tensor, seed: Tensor, share: number): { view: Tensor; replaced: Tensor } {
  const [count, columns] = rows.shape as [number, number];
  const { draws, covered } = drawPatches(seed, count, columns, share);
  const { rows: picked } = sampleCorruption(childSeed(seed, 'values'), count, columns, 1);
  const own = ownReplacedCells({ rows, draws, sources: wholeBatch(rows), picked }, covered);
  if (own) return own;
  const replaced = greatest(draws, covered);
  return { view: where(replaced, fromOtherRows(rows, picked), rows), replaced };
}

export const scarf = definePretextTask({
  id: 'scarf',
  title: 'SCARF',
  summary:
    'Replaces more than half of the cells of every row by values of other rows, and learns to tell which row it was. Needs no choice of views, and copes with mixed columns.',
  paper: {
    authors: 'Bahri, Jiang, Tay, Metzler',
    year: 2022,
    title: 'SCARF: Self-Supervised Contrastive Learning using Random Feature Corruption',
    url: 'https://arxiv.org/abs/2106.15147',
  },
  modalities: ['table'],
  family: 'contrastive',
  pseudoLabel: 'Which row of the batch a corrupted one was made of.',
  healthy:
    'The loss starts near the logarithm of the batch size and falls; accuracy rises well above chance. If accuracy is near 1 at once, replace more cells; if it stays at chance, replace fewer.',
  options,
  defaults: (context) => ({ options: {}, training: contrastiveTraining(context) }),
  build({ encoder, options, channelStatistics }) {
    const head = projection({
      name: 'projection',
      inputs: encoder.featureCount,
      hidden: options.projectionHidden,
      outputs: options.projectionSize,
    });
    return pretextModel({
      encoder,
      heads: [head],
      step({ samples, seed, encode, pass }) {
        const { view } = corruptRows(samples, seed, options.corruption);
        const views = [samples, view].map((rows) => normalizeChannels(rows, channelStatistics));
        const units = l2Normalize(head.apply(featuresOfViews(encoder, encode, views), pass));
        const [anchors, corrupted] = tf.split(units, 2, 0).map(wholeBatch) as [Tensor, Tensor];
        const { loss, accuracy } = infoNceOfUnits(anchors, corrupted, options.temperature);
        return { loss, metrics: { accuracy, ...signsOfUnits(units) } };
      },
    });
  },
  preview({ samples, seed, options, about }) {
    const { view, replaced } = corruptRows(samples, seed, options.corruption);
    const words = columnWords(replaced, columnsOf(samples.shape.slice(1), about));
    return {
      columns: [
        { title: 'Row', role: 'input', values: samples },
        { title: 'Corrupted', role: 'view', values: view },
      ],
      pseudoLabels: words.map((names) => `the same row; replaced: ${names}`),
    };
  },
});
