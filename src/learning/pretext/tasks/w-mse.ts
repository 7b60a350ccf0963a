/** W-MSE: whitened over the batch, vectors cannot collapse; so views need only agree. */
import { z } from 'zod';
import { tf } from '../../../tensor/index.ts';
import { projection } from '../../layers/dense.ts';
import { whitenInParts, whitenedDistance } from '../../losses/whitening.ts';
import { integerField, numberField } from '../../../contract/fields.ts';
import { outputSigns } from '../parts/output-signs.ts';
import { stepsSuit } from '../parts/proposed-training.ts';
import { projectionHiddenField } from '../parts/head-fields.ts';
import { definePretextTask, pretextModel } from '../task.ts';
import { normalizedViews, previewOfTwoViews, viewFields } from '../parts/two-views.ts';

const options = z.strictObject({
  projectionSize: integerField({
    title: 'Projection size',
    help: 'Numbers in which views are compared. Never more than half of the samples that are whitened together.',
    minimum: 2,
    maximum: 1024,
    default: 32,
  }),
  whitenedTogether: integerField({
    title: 'Whitened together',
    help: 'Samples that are whitened together; larger batches are parted.',
    minimum: 8,
    maximum: 4096,
    default: 128,
    unit: 'samples',
  }),
  projectionHidden: projectionHiddenField('Hidden units of the projection head.'),
  shrinkage: numberField({
    title: 'Shrinkage',
    help: 'Share of the unit matrix mixed into the correlations before they are taken out; keeps the numbers safe.',
    minimum: 0.00001,
    maximum: 0.5,
    default: 0.001,
    advanced: true,
  }),
  ...viewFields(),
});

export const wMse = definePretextTask({
  id: 'w-mse',
  title: 'W-MSE',
  summary:
    'Makes two random views of every sample, takes all correlations out of the batch’s vectors, and lets the views agree. Whitened vectors cannot collapse, so nothing else is needed.',
  paper: {
    authors: 'Ermolov, Siarohin, Sangineto, Sebe',
    year: 2021,
    title: 'Whitening for Self-Supervised Representation Learning',
    url: 'https://arxiv.org/abs/2007.06346',
  },
  family: 'joint',
  pseudoLabel: 'The whitened vector of the same sample’s other view.',
  healthy:
    'The loss (0 to 4) starts near 2, falls quickly, then slowly, and stays well above 0. If it stays near 2, the views are too strong, the projection too wide for the batch, or the learning rate too high.',
  options,
  defaults: (context) => ({ options: {}, training: stepsSuit(context) }),
  build({ encoder, options, modality, channelStatistics, batchSize }) {
    const rows = Math.min(options.whitenedTogether, batchSize);
    const head = projection({
      name: 'projection',
      inputs: encoder.featureCount,
      hidden: options.projectionHidden,
      outputs: Math.max(2, Math.min(options.projectionSize, Math.floor(rows / 2))),
      outputBias: false,
    });
    return pretextModel({
      encoder,
      heads: [head],
      step({ samples, seed, encode, pass }) {
        const views = normalizedViews({ samples, seed, options, modality, channelStatistics });
        const whitening = { rows, shrinkage: options.shrinkage };
        const [first, second] = views.map((view) =>
          whitenInParts(head.apply(encode(view).features, pass), whitening),
        );
        const loss = whitenedDistance(first!, second!);
        // Of the whitened vectors: before that they may lie along a line, which whitening undoes.
        return { loss, metrics: outputSigns(tf.concat([first!, second!], 0)) };
      },
    });
  },
  preview: (request) => previewOfTwoViews(request, 'the whitened vector of the other view'),
});
