/** Contrastive predictive coding: from some windows of a recording, the features of the next ones are to be found. */
import { z } from 'zod';
import { integerField, numberField } from '../../../../contract/fields.ts';
import { tf, wholeBatch, type Scalar, type Tensor } from '../../../../tensor/index.ts';
import { dense } from '../../../layers/dense.ts';
import { gatedRecurrentUnits } from '../../../layers/recurrent.ts';
import { choiceAmongCounted } from '../../../losses/counted-contrast.ts';
import { windowTraining } from '../../parts/proposed-training.ts';
import {
  apart,
  everywhere,
  previewOfWindows,
  severalWindowViews,
  windowViews,
} from '../../parts/several-windows.ts';
import { following } from '../../parts/window-draws.ts';
import { definePretextTask, pretextModel, type PretextBuild } from '../../task.ts';

/** Windows in a row by default: what is looked at, and what is to be found. */
const [CONTEXT, AHEAD] = [4, 2];

const options = z.strictObject({
  context: integerField({
    title: 'Context',
    help: 'Windows in a row that are looked at, the sample first.',
    minimum: 1,
    maximum: 32,
    default: CONTEXT,
    unit: 'windows',
  }),
  ahead: integerField({
    title: 'Ahead',
    help: 'Windows behind them whose features are to be found.',
    minimum: 1,
    maximum: 16,
    default: AHEAD,
    unit: 'windows',
  }),
  gap: numberField({
    title: 'Gap',
    help: 'How much later than the end of one window the next may begin, as a share of a window. 0: none, as in the paper; windows that were left out part the row.',
    minimum: 0,
    maximum: 10,
    default: 1,
    unit: 'windows',
  }),
  contextUnits: integerField({
    title: 'Context size',
    help: 'Units of the recurrent layer that sums up the context, which is dropped after pretraining.',
    minimum: 8,
    maximum: 2048,
    default: 128,
    unit: 'units',
    advanced: true,
  }),
  signalViews: severalWindowViews(),
});
type Options = z.output<typeof options>;

export const predictiveCoding = definePretextTask({
  id: 'predictive-coding',
  title: 'Contrastive predictive coding',
  summary:
    'Looks at some windows of a recording in a row and must find the next ones among those of the whole batch, by their features. For recordings in which what comes next follows from what was; each step is costly, as it encodes whole rows of windows.',
  paper: {
    authors: 'van den Oord, Li, Vinyals',
    year: 2018,
    title: 'Representation Learning with Contrastive Predictive Coding',
    url: 'https://arxiv.org/abs/1807.03748',
  },
  modalities: ['signal'],
  family: 'contrastive',
  asks: ['companions', 'found'],
  companions: ({ context, ahead, gap }) => ({
    count: context + ahead - 1,
    among: 'recording',
    words: `${context + ahead - 1} more windows that follow it in its recording, each at most ${gap} window lengths behind the one before`,
    span: everywhere(context + ahead),
    draw: (places) => following(places, context + ahead - 1, gap),
  }),
  pseudoLabel: 'Which windows of the batch come next.',
  healthy:
    'The loss starts near the logarithm of the batch size and falls; accuracy rises above one in the batch size. Accuracy of windows farther ahead is lower. If it is near 1 early, what only says which recording it is gives the answer away.',
  options,
  defaults: (context) => ({
    options: {},
    training: { ...windowTraining(context, CONTEXT + AHEAD), batchSize: 32 },
  }),
  build: buildModel,
  preview(request) {
    const { context, ahead } = request.options;
    const titles = [
      ...Array.from({ length: context - 1 }, (_, place) => `Context ${place + 2}`),
      ...Array.from({ length: ahead }, (_, place) => `To be found: ${place + 1} ahead`),
    ];
    return previewOfWindows(request, titles, `the last ${ahead} follow from the ${context} before`);
  },
});

function buildModel({ encoder, options: chosen, modality, channelStatistics }: PretextBuild<Options>) {
  const { context, ahead, contextUnits } = chosen;
  const { featureCount } = encoder;
  const memory = gatedRecurrentUnits('context', featureCount, contextUnits);
  const predictions = Array.from({ length: ahead }, (_, place) =>
    dense({
      name: `ahead/${place + 1}`,
      inputs: contextUnits,
      outputs: featureCount,
      bias: false,
      initial: { kind: 'glorot', fanIn: contextUnits, fanOut: featureCount },
    }),
  );
  return pretextModel({
    encoder,
    heads: [memory, ...predictions],
    step({ samples, facts, seed, encode, pass }) {
      const request = { samples, facts, seed, options: chosen, modality, channelStatistics };
      const windows = apart(encode(windowViews(request)).features, request);
      const summary = memory.apply(tf.stack(windows.slice(0, context), 1), pass);
      const found = foundOf(facts!.found!);
      const answers = predictions.map((head, place) => {
        const told = wholeBatch(head.apply(summary, pass));
        const logits = tf.matMul(told, wholeBatch(windows[context + place]!), false, true);
        return choiceAmongCounted(logits, { counted: wholeBatch(found[context - 1 + place]!) });
      });
      const mean = (of: (answer: (typeof answers)[number]) => Scalar) =>
        tf.mean(tf.stack(answers.map(of))) as Scalar;
      return {
        loss: mean(({ loss }) => loss),
        metrics: {
          accuracy: mean(({ accuracy }) => accuracy),
          found: tf.mean(found.at(-1)!) as Scalar,
        },
      };
    },
  });
}

/** Whether each companion was there, [N] for each of them. */
const foundOf = (found: Tensor): Tensor[] =>
  tf.split(found, found.shape[1]!, 1).map((column) => tf.reshape(column, [-1]));
