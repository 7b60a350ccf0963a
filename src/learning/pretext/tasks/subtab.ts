/** SubTab: every subset of the columns must tell the whole row, and agree with the other subsets. */
import { z } from 'zod';
import { PretextError } from '../../../contract/errors.ts';
import { integerField, numberField } from '../../../contract/fields.ts';
import { tf, type Scalar, type Tensor } from '../../../tensor/index.ts';
import { normalizeChannels } from '../../channels.ts';
import { projection } from '../../layers/dense.ts';
import { columnsOf } from '../../layers/row-columns.ts';
import { ntXent } from '../../losses/nt-xent.ts';
import { where } from '../../views/table.ts';
import { contrastiveTraining } from '../parts/contrastive-defaults.ts';
import { projectionHiddenField, projectionSizeField } from '../parts/head-fields.ts';
import { outputSigns } from '../parts/output-signs.ts';
import { rowHead } from '../parts/row-head.ts';
import { columnWords, rowPreview } from '../parts/row-preview.ts';
import { definePretextTask, pretextModel } from '../task.ts';

const weight = (title: string, help: string) =>
  numberField({ title, help, minimum: 0, maximum: 100, default: 1, advanced: true });

const options = z.strictObject({
  subsets: integerField({
    title: 'Subsets',
    help: 'Into so many subsets the columns are parted, side by side.',
    minimum: 2,
    maximum: 16,
    default: 4,
  }),
  overlap: numberField({
    title: 'Overlap',
    help: 'Share of a subset that it takes from the next one as well.',
    minimum: 0,
    maximum: 0.95,
    default: 0.75,
  }),
  temperature: numberField({
    title: 'Temperature',
    help: 'Lower makes the contrast of subsets harder.',
    minimum: 0.01,
    maximum: 2,
    default: 0.1,
  }),
  contrastWeight: weight('Weight of the contrast', 'How much it counts to find the subsets of one row.'),
  distanceWeight: weight(
    'Weight of the distance',
    'How much it counts that subsets of one row lie together.',
  ),
  hidden: projectionHiddenField('Hidden units of both heads, which are dropped after pretraining.'),
  projectionSize: projectionSizeField('Numbers in which subsets are compared.'),
});

/**
 * Which columns each subset has: K neighbouring pieces of D/K columns, each with a share of the next one, around the
 * end of the row.
 *
 * @returns K lists of D numbers, 1 where the subset has the column
 */
export function columnSubsets(columns: number, subsets: number, overlap: number): number[][] {
  const size = columns / subsets;
  const length = Math.min(columns, Math.max(1, Math.ceil(size * (1 + overlap))));
  return Array.from({ length: subsets }, (_, subset) => {
    const first = Math.floor(subset * size);
    return Array.from({ length: columns }, (_cell, column) =>
      (column - first + columns) % columns < length ? 1 : 0,
    );
  });
}

/** The rows as each subset shows them, one subset below the other: [K · N, D]; cells of other columns are unknown. */
function subsetViews(rows: Tensor, masks: readonly number[][]): Tensor {
  const [count, columns] = rows.shape as [number, number];
  const hidden = tf.fill(rows.shape, NaN);
  return tf.concat(
    masks.map((mask) => where(tf.tile(tf.tensor2d([mask], [1, columns]), [count, 1]), rows, hidden)),
    0,
  );
}

/** Means over all pairs of subsets: the contrast, and the squared distance of the two vectors of each row. */
export function subsetAgreement(
  vectors: readonly Tensor[],
  temperature: number,
): { contrast: Scalar; distance: Scalar; accuracy: Scalar } {
  const pairs = vectors.flatMap((first, i) =>
    vectors.slice(i + 1).map((second) => ({
      ...ntXent(first, second, temperature),
      distance: tf.mean(tf.squaredDifference(first, second)),
    })),
  );
  const mean = (values: Tensor[]) => tf.div(tf.addN(values), values.length) as Scalar;
  return {
    contrast: mean(pairs.map(({ loss }) => loss)),
    distance: mean(pairs.map(({ distance }) => distance)),
    accuracy: mean(pairs.map(({ accuracy }) => accuracy)),
  };
}

export const subtab = definePretextTask({
  id: 'subtab',
  title: 'SubTab',
  summary:
    'Shows subsets of the columns as views of a row: each must tell the whole row, and be found again by the others. Suits tables whose columns say the same in several ways.',
  paper: {
    authors: 'Ucar, Hajiramezanali, Edwards',
    year: 2021,
    title: 'SubTab: Subsetting Features of Tabular Data for Self-Supervised Representation Learning',
    url: 'https://arxiv.org/abs/2110.04361',
  },
  modalities: ['table'],
  family: 'generative',
  pseudoLabel: 'The whole row, from some of its columns; and which other subset is of the same row.',
  healthy:
    'The error of numbers falls below 1, the contrast from the logarithm of twice the batch size, and accuracy rises. If accuracy is near 1 at once, take less overlap or more subsets.',
  options,
  check(chosen, { inputShape }) {
    const [columns = 0] = inputShape;
    if (columns >= chosen.subsets) return;
    throw new PretextError({
      code: 'task.too-few-columns',
      message: `${chosen.subsets} subsets need at least as many columns. Found: ${columns}.`,
      place: 'pretext.options.subsets',
      remedy: 'Choose fewer subsets.',
    });
  },
  defaults: (context) => ({
    options: { subsets: Math.max(2, Math.min(4, Math.floor(context.inputShape[0]! / 2))) },
    training: contrastiveTraining(context),
  }),
  build({ encoder, options, channelStatistics, inputShape, about }) {
    const columns = columnsOf(inputShape, about);
    const masks = columnSubsets(columns.length, options.subsets, options.overlap);
    const common = { inputs: encoder.featureCount, hidden: options.hidden };
    const head = projection({ name: 'projection', ...common, outputs: options.projectionSize });
    const values = rowHead({ name: 'values', ...common, columns });
    const compares = options.contrastWeight > 0 || options.distanceWeight > 0;
    return pretextModel({
      encoder,
      heads: compares ? [values, head] : [values],
      step({ samples, encode, pass }) {
        const rows = normalizeChannels(samples, channelStatistics);
        const { features } = encode(subsetViews(rows, masks));
        const targets = tf.tile(rows, [masks.length, 1]);
        const { loss, ...metrics } = values.errors(features, targets, tf.onesLike(targets), pass);
        if (!compares) return { loss, metrics };
        const vectors = head.apply(features, pass);
        const parts = tf.split(vectors, masks.length, 0);
        const { contrast, distance, accuracy } = subsetAgreement(parts, options.temperature);
        const agreement = tf.add(
          tf.mul(contrast, options.contrastWeight),
          tf.mul(distance, options.distanceWeight),
        );
        return {
          loss: tf.add(loss, agreement),
          metrics: { ...metrics, contrast, accuracy, ...outputSigns(vectors) },
        };
      },
    });
  },
  preview({ samples, options, about }) {
    const [count, width] = samples.shape as [number, number];
    const masks = columnSubsets(width, options.subsets, options.overlap);
    const views = tf.split(subsetViews(samples, masks), masks.length, 0);
    const first = tf.tile(tf.tensor2d([masks[0]!]), [count, 1]);
    const words = columnWords(first, columnsOf([width], about));
    return rowPreview({
      samples,
      views: views.slice(0, 2).map((values, place) => ({ title: `Subset ${place + 1}`, values })),
      asked: tf.onesLike(samples),
      pseudoLabels: words.map((names) => `the whole row, first from ${names}`),
    });
  },
});
