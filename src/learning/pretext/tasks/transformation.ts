/** Transformation recognition: which of a list of changes was made to the sample, and how strong is it? */
import { z } from 'zod';
import { PretextError } from '../../../contract/errors.ts';
import type { Modality } from '../../../contract/data/modality.ts';
import {
  childSeed,
  softmaxCrossEntropy,
  sumOfBatch,
  tf,
  type Scalar,
  type Tensor,
} from '../../../tensor/index.ts';
import { normalizeChannels } from '../../channels.ts';
import { projection } from '../../layers/dense.ts';
import { agreement } from '../../losses/nt-xent.ts';
import { fieldsFor, groupField, integerField, numberField, switchField } from '../../../contract/fields.ts';
import { forModality, modalitiesOf } from '../../../contract/data/modality.ts';
import {
  changeImages,
  changeSignals,
  imageChanges,
  sampleChanges,
  signalChanges,
  type Change,
} from '../../views/one-change.ts';
import { oneView } from '../parts/one-view.ts';
import { viewFields } from '../parts/two-views.ts';
import { oneViewSuits } from '../parts/proposed-training.ts';
import { definePretextTask, pretextModel, type PreviewRequest } from '../task.ts';

const yes = (title: string, help: string, value = true) => switchField({ title, help, default: value });

const options = z.strictObject({
  ...fieldsFor({
    image: {
      imageChanges: groupField({
        title: 'Changes',
        help: 'One of these, or none, is made to each image.',
        fields: {
          zoom: yes('Zoomed', 'A part is cut out and enlarged.'),
          tall: yes('Drawn out', 'A part of the height is enlarged to all of it.'),
          upsideDown: yes('Upside down', 'Without use for images that have no upright position.'),
          mirror: yes('Mirrored', 'Without use for images in which left and right are alike.'),
          blur: yes('Blurred', 'The image is blurred.'),
          noise: yes('Noisy', 'Random noise is added.'),
          gap: yes('Gap', 'A square is covered.'),
          fade: yes('Faded', 'Colours are taken back; only used on colour images.'),
          dark: yes('Darkened', 'Brightness is lowered.', false),
          pale: yes('Pale', 'Contrast is lowered.', false),
        },
      }),
    },
    signal: {
      signalChanges: groupField({
        title: 'Changes',
        help: 'One of these, or none, is made to each window.',
        fields: {
          stretch: yes('Stretched', 'A part is cut out in time and stretched to full length.'),
          scale: yes('Larger', 'The amplitude of all channels is raised.'),
          noise: yes('Noisy', 'Random noise is added.'),
          gap: yes('Gap', 'A stretch of time is covered.'),
          permute: yes('Permuted', 'Four segments change places.'),
          reverse: yes('Backwards', 'Time runs backwards.'),
          negate: yes('Turned', 'The sign is turned; not for signals that mean the same upside down.', false),
        },
      }),
    },
  }),
  // On chest X-rays crops before the change cost what the encoder is worth to a linear probe: off unless asked for.
  ...viewFields(
    {
      image: { cropMinimum: 1, flipProbability: 0, jitterProbability: 0, greyProbability: 0 },
      signal: { cropProbability: 0, scaleProbability: 0, noiseProbability: 0, timeMaskProbability: 0 },
    },
    'Views before the change',
  ),
  strengthWeight: numberField({
    title: 'Weight of strength',
    help: 'How much it counts to tell the strength of the change, beside its kind; 0: not at all.',
    minimum: 0,
    maximum: 10,
    default: 2,
  }),
  hidden: integerField({
    title: 'Hidden width',
    help: 'Hidden units of the head, which is dropped after pretraining.',
    minimum: 8,
    maximum: 8192,
    default: 128,
    unit: 'units',
    advanced: true,
  }),
});
type Options = z.output<typeof options>;

/** The changes of a kind of data: all of them, how they are made, and which are used. */
interface Changes {
  field: 'imageChanges' | 'signalChanges';
  all: readonly Change[];
  make: typeof changeImages;
  suits(change: Change, channels: number): boolean;
}
const CHANGES: Record<string, Changes> = {
  image: {
    field: 'imageChanges',
    all: imageChanges,
    make: changeImages,
    suits: ({ id }, channels) => id !== 'fade' || channels === 3,
  },
  signal: { field: 'signalChanges', all: signalChanges, make: changeSignals, suits: () => true },
};

/** The changes that are made, in the order of their numbers; number 0 is none. */
export function changesOf(options: Options, modality: Modality, channels: number): readonly Change[] {
  const { field, all, suits } = forModality(CHANGES, modality);
  const chosen: Readonly<Record<string, boolean>> = options[field];
  return all.filter((change) => chosen[change.id] && suits(change, channels));
}

function changedSamples(request: PreviewRequest<Options>) {
  const { samples, seed, options, modality, channelStatistics } = request;
  const list = changesOf(options, modality, samples.shape.at(-1)!);
  const draw = sampleChanges(childSeed(seed, 'change'), samples.shape[0]!, list);
  const { make } = forModality(CHANGES, modality);
  const view = oneView(request);
  return { list, draw, view, changed: make(view, childSeed(seed, 'how'), list, draw, channelStatistics) };
}

/**
 * Mean squared error of the strengths, of those samples whose change has one.
 *
 * @param answers float32 [N, kinds]: one strength for each kind
 */
export function strengthError(answers: Tensor, kinds: Tensor, strengths: Tensor, graded: Tensor): Scalar {
  const own = tf.sum(tf.mul(answers, tf.cast(tf.oneHot(kinds as never, answers.shape[1]!), 'float32')), 1);
  const errors = tf.mul(graded, tf.square(tf.sub(own, strengths)));
  return tf.div(sumOfBatch(errors), tf.maximum(sumOfBatch(graded), 1)) as Scalar;
}

export const transformation = definePretextTask({
  id: 'transformation',
  title: 'Transformation recognition',
  summary:
    'Makes one of a list of changes (or none) to every sample and learns to tell which one, and how strong it is. Quick, and for any kind of data; leave out changes that occur in your data anyway.',
  paper: {
    authors: 'Saeed, Ozcelebi, Lukkien',
    year: 2019,
    title: 'Multi-task Self-Supervised Learning for Human Activity Detection',
    url: 'https://arxiv.org/abs/1907.11879',
  },
  modalities: modalitiesOf(CHANGES),
  family: 'predictive',
  pseudoLabel: 'Which of the changes was made, and its strength from 0 to 1.',
  healthy:
    'Accuracy leaves chance (one divided by the number of changes and one: 0.125 for seven) within the first epoch and rises steadily; the error of strength falls below 0.083, which a constant answer gives. Kinds that stay confused may be left out; if accuracy is near 1 at once, the task is too easy to teach much.',
  options,
  defaults: ({ sampleCount }) => ({
    options: {},
    training: oneViewSuits(sampleCount),
  }),
  check(chosen, { modality, inputShape }) {
    if (changesOf(chosen, modality, inputShape.at(-1)!).length > 0) return;
    const { field } = forModality(CHANGES, modality);
    throw new PretextError({
      code: 'task.nothing-to-tell',
      message: 'All changes are switched off, so there is nothing to recognise.',
      place: `pretext.options.${field}`,
      remedy: 'Switch on at least one change; three and more make a better task.',
    });
  },
  build({ encoder, options, modality, channelStatistics, inputShape }) {
    const kinds = 1 + changesOf(options, modality, inputShape.at(-1)!).length;
    const gradesStrength = options.strengthWeight > 0;
    const head = projection({
      name: 'head',
      inputs: encoder.featureCount,
      hidden: options.hidden,
      outputs: gradesStrength ? 2 * kinds : kinds,
    });
    return pretextModel({
      encoder,
      heads: [head],
      step({ samples, seed, encode, pass }) {
        const { draw, changed } = changedSamples({ samples, seed, options, modality, channelStatistics });
        const answers = head.apply(encode(normalizeChannels(changed, channelStatistics)).features, pass);
        const logits = tf.slice(answers, [0, 0], [-1, kinds]);
        const kindLoss = tf.mean(softmaxCrossEntropy(logits, draw.kinds)) as Scalar;
        const metrics: Record<string, Scalar> = { accuracy: agreement(logits, draw.kinds) };
        if (!gradesStrength) return { loss: kindLoss, metrics };
        const told = tf.slice(answers, [0, kinds], [-1, kinds]);
        const strength = strengthError(told, draw.kinds, draw.strengths, draw.graded);
        return {
          loss: tf.add(kindLoss, tf.mul(strength, options.strengthWeight)) as Scalar,
          metrics: { ...metrics, strengthError: strength },
        };
      },
    });
  },
  preview(request) {
    const { list, draw, view, changed } = changedSamples(request);
    const strengths = draw.strengths.dataSync();
    return {
      columns: [
        { title: 'Sample', role: 'input', values: request.samples },
        { title: 'Before', role: 'view', values: view },
        { title: 'Changed', role: 'view', values: changed },
      ],
      pseudoLabels: Array.from(draw.kinds.dataSync(), (kind, sample) => {
        if (kind === 0) return 'not changed';
        const { title, graded } = list[kind - 1]!;
        return graded ? `${title}, strength ${strengths[sample]!.toFixed(2)}` : title;
      }),
    };
  },
});
