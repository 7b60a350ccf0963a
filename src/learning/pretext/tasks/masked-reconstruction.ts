/** Masked reconstruction: patches are covered, and the encoder's last maps must tell what was there. */
import { z } from 'zod';
import type { Modality } from '../../../contract/data/modality.ts';
import { tf, type Scalar } from '../../../tensor/index.ts';
import { restoreChannels } from '../../channels.ts';
import type { Encoder } from '../../encoders/encoder.ts';
import { patchDecoder } from '../../layers/decoder.ts';
import { variable } from '../../layers/layer.ts';
import { maskedReconstruction as maskedError } from '../../losses/reconstruction.ts';
import { choiceField, fieldsFor, integerField, numberField } from '../../../contract/fields.ts';
import { forModality, modalitiesOf } from '../../../contract/data/modality.ts';
import { samplePatchMask } from '../../views/mask.ts';
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
  maskRatio: numberField({
    title: 'Covered share',
    help: 'Share of patches that are covered.',
    minimum: 0.1,
    maximum: 0.95,
    default: 0.6,
  }),
  ...fieldsFor({
    image: {
      imagePatch: integerField({
        title: 'Patch side',
        help: 'Side of the square patches that are covered; a transformer covers whole tokens, so that it is the nearest multiple of its patch there.',
        minimum: 1,
        maximum: 128,
        default: 4,
        unit: 'pixels',
      }),
    },
    signal: {
      signalPatch: integerField({
        title: 'Patch length',
        help: 'Length of the stretches of time that are covered, in all channels; a transformer covers whole tokens, so that it is the nearest multiple of its patch there.',
        minimum: 1,
        maximum: 4096,
        default: 8,
        unit: 'points',
      }),
    },
  }),
  norm: choiceField({
    title: 'Error',
    help: 'Mean absolute error (l1), or mean squared error (l2).',
    choices: ['l1', 'l2'],
    default: 'l1',
  }),
  signalTarget: signalTargetField,
  ...mildViewFields('Views before covering'),
});
type Options = z.output<typeof options>;

const TOKEN = 'mask/token';

/** Which field tells the patch's side, and into how many the shorter side of a sample is cut by default. */
const PATCHES = {
  image: { field: 'imagePatch', places: 7 },
  signal: { field: 'signalPatch', places: 16 },
} as const;
const patchesOf = (modality: Modality) =>
  forModality<(typeof PATCHES)[keyof typeof PATCHES]>(PATCHES, modality);

/**
 * The side of what is covered. Encoders of tokens have whole tokens covered, as SimMIM does: one that is covered in part
 * would show what is asked for beside it.
 */
function coveredSide(options: Options, modality: Modality, encoder: Encoder | undefined): number {
  const wished = options[patchesOf(modality).field];
  const token = encoder?.tokens?.patch ?? 1;
  return token * Math.max(1, Math.round(wished / token));
}

/** The samples as the task takes them (normalised), and the mask. */
function maskedTask(request: PreviewRequest<Options>) {
  const { samples, seed, options, modality, encoder } = request;
  const [count, ...shape] = samples.shape as [number, ...number[]];
  const side = coveredSide(options, modality, encoder);
  return {
    side,
    sample: normalizedView(request),
    mask: samplePatchMask(seed, count, shape.slice(0, -1), side, options.maskRatio),
  };
}

export const maskedReconstruction = definePretextTask({
  id: 'masked-reconstruction',
  title: 'Masked reconstruction (SimMIM)',
  summary:
    'Covers patches of every sample and learns to fill them in. Needs no choice of views and no large batches; learns structure more than meaning, so it pays most when the whole model is fine-tuned.',
  paper: {
    authors: 'Xie, Zhang, Cao, Lin, Bao, Yao, Dai, Hu',
    year: 2022,
    title: 'SimMIM: A Simple Framework for Masked Image Modeling',
    url: 'https://arxiv.org/abs/2111.09886',
  },
  modalities: modalitiesOf(PATCHES),
  family: 'generative',
  meanOverSamples: true,
  pseudoLabel: 'What the covered patches show.',
  healthy:
    'The error falls steeply at first, then slowly for a long time, and never reaches 0. An error that stays where the first epoch left it means that only the mean is predicted: cover less, use larger patches for very smooth data, or ask for the strength of signals alone.',
  options,
  defaults({ modality, inputShape, sampleCount }) {
    const { field, places } = patchesOf(modality);
    const patch = Math.max(2, Math.round(Math.min(...inputShape.slice(0, -1)) / places));
    return { options: { [field]: patch }, training: oneViewSuits(sampleCount) };
  },
  build({ encoder, options, modality, channelStatistics, inputShape }) {
    const channels = inputShape.at(-1)!;
    const decoder = patchDecoder({
      mapShape: encoder.stageShapes.at(-1)!,
      sides: inputShape.slice(0, -1),
      channels: targetChannels(channels, options, modality),
    });
    return pretextModel({
      encoder,
      heads: [decoder],
      extraParameters: [{ name: TOKEN, shape: [channels], initial: { kind: 'normal', deviation: 0.02 } }],
      step({ parameters, samples, seed, encode, pass }) {
        const { sample, mask } = maskedTask({
          samples,
          seed,
          options,
          modality,
          channelStatistics,
          encoder,
        });
        const visible = tf.mul(sample, tf.sub(1, mask));
        const covered = tf.add(visible, tf.mul(mask, variable(parameters, TOKEN)));
        const prediction = decoder.apply(encode(covered).stages.at(-1)!, pass);
        const target = restorationTarget(sample, options, modality);
        const loss = maskedError(prediction, target, mask, options.norm);
        return { loss, metrics: { maskedError: maskedError(prediction, target, mask, 'l1') as Scalar } };
      },
    });
  },
  preview(request) {
    const { sample, mask, side } = maskedTask(request);
    const { channelStatistics } = request;
    return {
      columns: [
        { title: 'Sample', role: 'input', values: request.samples },
        {
          title: 'Covered',
          role: 'view',
          values: restoreChannels(tf.mul(sample, tf.sub(1, mask)), channelStatistics),
        },
        ...targetColumns(sample, mask, request),
      ],
      pseudoLabels: Array.from(
        { length: sample.shape[0]! },
        () =>
          `${Math.round(100 * request.options.maskRatio)} % covered in patches of ${side}, to be filled in`,
      ),
    };
  },
});
