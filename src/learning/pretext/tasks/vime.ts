/** VIME: which cells of a row were replaced, and what stood there? */
import { z } from 'zod';
import { numberField } from '../../../contract/fields.ts';
import { childSeed, tf, type Tensor } from '../../../tensor/index.ts';
import { normalizeChannels } from '../../channels.ts';
import { projection } from '../../layers/dense.ts';
import { columnsOf } from '../../layers/row-columns.ts';
import { maskCrossEntropy } from '../../losses/row-reconstruction.ts';
import { fromOtherRows, sampleCorruption, where } from '../../views/table.ts';
import { projectionHiddenField } from '../parts/head-fields.ts';
import { oneViewSuits } from '../parts/proposed-training.ts';
import { rowHead } from '../parts/row-head.ts';
import { columnWords, rowPreview } from '../parts/row-preview.ts';
import { definePretextTask, pretextModel } from '../task.ts';

const options = z.strictObject({
  corruption: numberField({
    title: 'Replaced share',
    help: 'Share of cells that take the value of another row.',
    minimum: 0.05,
    maximum: 0.95,
    default: 0.3,
  }),
  valueWeight: numberField({
    title: 'Weight of values',
    help: 'How much telling the values counts beside telling which cells were replaced.',
    minimum: 0,
    maximum: 100,
    default: 2,
  }),
  hidden: projectionHiddenField('Hidden units of both heads, which are dropped after pretraining.'),
});

/**
 * Replaced rows, and which cells differ now: a cell that was given the value it had is not to be found.
 *
 * @returns both float32 [N, D]
 */
export function replaceCells(rows: Tensor, seed: Tensor, share: number): { view: Tensor; changed: Tensor } {
  const [count, columns] = rows.shape as [number, number];
  const { replaced, rows: sources } = sampleCorruption(childSeed(seed, 'cells'), count, columns, share);
  const view = where(replaced, fromOtherRows(rows, sources), rows);
  const unknown = tf.logicalAnd(tf.isNaN(view), tf.isNaN(rows));
  return {
    view,
    changed: where(
      tf.cast(unknown, 'float32'),
      tf.zerosLike(view),
      tf.cast(tf.notEqual(view, rows), 'float32'),
    ),
  };
}

export const vime = definePretextTask({
  id: 'vime',
  title: 'VIME',
  summary:
    'Replaces some cells of every row by values of other rows, and learns to tell which these are and what stood there. Learns how columns hang together.',
  paper: {
    authors: 'Yoon, Zhang, Jordon, van der Schaar',
    year: 2020,
    title: 'VIME: Extending the Success of Self- and Semi-supervised Learning to Tabular Domain',
    url: 'https://papers.nips.cc/paper/2020/hash/7d97667a3e056acab9aaf653807b4a03-Abstract.html',
  },
  modalities: ['table'],
  family: 'generative',
  meanOverSamples: true,
  pseudoLabel: 'Which cells were replaced, and what they held.',
  healthy:
    'The mask’s loss starts near 0.69 and falls below what always answering “not replaced” would give; the error of numbers falls below 1 and the share of right categories rises. If the mask’s loss stays, columns do not tell of each other, or too many cells are replaced.',
  options,
  defaults: ({ sampleCount }) => ({ options: {}, training: oneViewSuits(sampleCount) }),
  build({ encoder, options, channelStatistics, inputShape, about }) {
    const columns = columnsOf(inputShape, about);
    const common = { inputs: encoder.featureCount, hidden: options.hidden };
    const masks = projection({ name: 'mask', ...common, outputs: columns.length, normalizeHidden: false });
    const values = rowHead({ name: 'values', ...common, columns });
    return pretextModel({
      encoder,
      heads: options.valueWeight > 0 ? [masks, values] : [masks],
      step({ samples, seed, encode, pass }) {
        const { view, changed } = replaceCells(samples, seed, options.corruption);
        const { features } = encode(normalizeChannels(view, channelStatistics));
        const maskLoss = maskCrossEntropy(masks.apply(features, pass), changed);
        if (options.valueWeight === 0) return { loss: maskLoss, metrics: {} };
        const rows = normalizeChannels(samples, channelStatistics);
        const { loss, ...metrics } = values.errors(features, rows, tf.onesLike(samples), pass);
        return {
          loss: tf.add(maskLoss, tf.mul(loss, options.valueWeight)),
          metrics: { maskLoss: maskLoss.clone(), ...metrics },
        };
      },
    });
  },
  preview({ samples, seed, options, about }) {
    const { view, changed } = replaceCells(samples, seed, options.corruption);
    const words = columnWords(changed, columnsOf(samples.shape.slice(1), about));
    return rowPreview({
      samples,
      views: [{ title: 'Corrupted', values: view }],
      asked: changed,
      pseudoLabels: words.map((names) => `replaced: ${names}`),
    });
  },
});
