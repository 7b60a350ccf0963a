/** Context encoder: one block is cut out, and what was there must be told from what is around it. */
import { z } from 'zod';
import { childSeed, tf, type Scalar } from '../../../tensor/index.ts';
import { restoreChannels } from '../../channels.ts';
import { enlargingDecoder } from '../../layers/decoder.ts';
import { maskedReconstruction as maskedError } from '../../losses/reconstruction.ts';
import { choiceField, numberField } from '../../../contract/fields.ts';
import { sampleBlockMask } from '../../views/mask.ts';
import { normalizedView, mildViewFields } from '../parts/one-view.ts';
import { oneViewSuits } from '../parts/proposed-training.ts';
import {
  restorationTarget,
  signalTargetField,
  targetChannels,
  targetColumns,
} from '../parts/signal-target.ts';
import { definePretextTask, pretextModel, type PreviewRequest } from '../task.ts';

const options = z.strictObject({
  blockSize: numberField({
    title: 'Block',
    help: 'Side of the block as a share of the image’s, or its length as a share of the window’s.',
    minimum: 0.05,
    maximum: 0.9,
    default: 0.5,
  }),
  place: choiceField({
    title: 'Place',
    help: 'Where the block is cut out: always in the centre, or anywhere.',
    choices: ['random', 'centre'],
    default: 'random',
  }),
  signalTarget: signalTargetField,
  ...mildViewFields('Views before cutting'),
});
type Options = z.output<typeof options>;

/** Share of a sample that is cut out unless it is told otherwise: half of each side of an image. */
const COVERED = 0.25;

/** The whole samples (normalised), and where their blocks are. */
function cutTask(request: PreviewRequest<Options>) {
  const { samples, seed, options } = request;
  const [count, ...shape] = samples.shape as [number, ...number[]];
  const block = { share: options.blockSize, place: options.place };
  return {
    sample: normalizedView(request),
    mask: sampleBlockMask(childSeed(seed, 'block'), count, shape.slice(0, -1), block),
  };
}

export const contextEncoder = definePretextTask({
  id: 'context-encoder',
  title: 'Context encoder (inpainting)',
  summary:
    'Cuts one large block out of every sample and learns to fill it in from its surroundings. Teaches what belongs where; without the adversarial part of the paper, so what it fills in is smooth.',
  paper: {
    authors: 'Pathak, Krähenbühl, Donahue, Darrell, Efros',
    year: 2016,
    title: 'Context Encoders: Feature Learning by Inpainting',
    url: 'https://arxiv.org/abs/1604.07379',
  },
  family: 'generative',
  ofPlaces: true,
  meanOverSamples: true,
  pseudoLabel: 'What the block that was cut out shows.',
  healthy:
    'The squared error in the block starts near 1, which is what the mean of the data gives, falls within the first epochs and then slowly. If it stays near 1, the surroundings tell nothing about the block: make it smaller, or ask for the strength of signals alone.',
  options,
  defaults: ({ inputShape, sampleCount }) => ({
    options: { blockSize: COVERED ** (1 / (inputShape.length - 1)) },
    training: oneViewSuits(sampleCount),
  }),
  build({ encoder, options, modality, channelStatistics, inputShape }) {
    const decoder = enlargingDecoder({
      mapShape: encoder.stageShapes.at(-1)!,
      sides: inputShape.slice(0, -1),
      channels: targetChannels(inputShape.at(-1)!, options, modality),
    });
    return pretextModel({
      encoder,
      heads: [decoder],
      step({ samples, seed, encode, pass }) {
        const { sample, mask } = cutTask({ samples, seed, options, modality, channelStatistics });
        const rest = tf.mul(sample, tf.sub(1, mask));
        const prediction = decoder.apply(encode(rest).stages.at(-1)!, pass);
        const target = restorationTarget(sample, options, modality);
        const loss = maskedError(prediction, target, mask, 'l2');
        return { loss, metrics: { maskedError: maskedError(prediction, target, mask, 'l1') as Scalar } };
      },
    });
  },
  preview(request) {
    const { sample, mask } = cutTask(request);
    const { channelStatistics } = request;
    const hidden = `${Math.round(100 * request.options.blockSize)} % of each side`;
    return {
      columns: [
        { title: 'Sample', role: 'input', values: request.samples },
        {
          title: 'Cut',
          role: 'view',
          values: restoreChannels(tf.mul(sample, tf.sub(1, mask)), channelStatistics),
        },
        ...targetColumns(sample, mask, request),
      ],
      pseudoLabels: Array.from({ length: sample.shape[0]! }, () => `a block of ${hidden} to be filled in`),
    };
  },
});
