/** Forecasting: how a recording goes on behind the window. */
import { z } from 'zod';
import { integerField, numberField } from '../../../../contract/fields.ts';
import { averagePool1d, childSeed, tf, type Scalar, type Tensor } from '../../../../tensor/index.ts';
import { normalizeChannels, restoreChannels } from '../../../channels.ts';
import { projection } from '../../../layers/dense.ts';
import { meanOfCounted } from '../../../losses/counted-contrast.ts';
import { learningModality } from '../../../modalities/registry.ts';
import { randomView } from '../../../modalities/views.ts';
import { signalViewField } from '../../../views/signal.ts';
import { oneViewSuits } from '../../parts/proposed-training.ts';
import { complete, everywhere, headWidthField } from '../../parts/several-windows.ts';
import {
  asksFor,
  restorationTarget,
  signalTargetField,
  strengthAround,
  targetChannels,
} from '../../parts/signal-target.ts';
import { following } from '../../parts/window-draws.ts';
import { definePretextTask, pretextModel, type PreviewRequest, type SampleFacts } from '../../task.ts';

const options = z.strictObject({
  horizon: numberField({
    title: 'Horizon',
    help: 'How far ahead is told, as a share of the next window.',
    minimum: 0.05,
    maximum: 1,
    default: 0.5,
  }),
  points: integerField({
    title: 'Points',
    help: 'In so many stretches is the horizon divided; of each the mean is told.',
    minimum: 1,
    maximum: 512,
    default: 16,
    unit: 'points',
  }),
  signalTarget: signalTargetField,
  hidden: headWidthField(256),
  signalViews: signalViewField(learningModality('signal').views.gentle, 'Views of the window'),
});
type Options = z.output<typeof options>;
type Request = Omit<PreviewRequest<Options>, 'facts'> & { facts?: SampleFacts | undefined };

/** Values of each stretch of the horizon, for windows of that many values. */
export function stretchOf(length: number, { horizon, points }: Pick<Options, 'horizon' | 'points'>): number {
  return Math.max(1, Math.floor((horizon * length) / points));
}

/** How many stretches there are: fewer than asked for where they would be shorter than a value. */
const stretchesOf = (length: number, chosen: Pick<Options, 'horizon' | 'points'>): number =>
  Math.max(1, Math.min(chosen.points, Math.floor((chosen.horizon * length) / stretchOf(length, chosen))));

/**
 * Means over the stretches of what follows.
 *
 * @param x float32 [N, L, C]
 * @returns float32 [N, stretches, C]
 */
export function horizonMeans(x: Tensor, chosen: Pick<Options, 'horizon' | 'points'>): Tensor {
  const [count, length, channels] = x.shape as [number, number, number];
  const [size, stretches] = [stretchOf(length, chosen), stretchesOf(length, chosen)];
  const ahead = tf.slice(x, [0, 0, 0], [count, size * stretches, channels]);
  return averagePool1d(ahead, size, size, 'valid');
}

/** The window that follows, normalised by channel: [N, L, C]. */
function nextWindow({ facts, channelStatistics }: Request): Tensor {
  const [count, , ...shape] = facts!.companions!.shape as [number, number, number, number];
  return normalizeChannels(tf.reshape(facts!.companions!, [count, ...shape]), channelStatistics);
}

const viewOf = ({ samples, seed, options: chosen, modality, channelStatistics }: Request): Tensor =>
  randomView(samples, childSeed(seed, 'view'), { modality, options: chosen.signalViews }, channelStatistics);

export const forecasting = definePretextTask({
  id: 'forecasting',
  title: 'Forecasting',
  summary:
    'Looks at a window and tells how the recording goes on: its values, its strength, or both, in steps. For recordings in which what comes next follows from what was, such as movement, heart, weather or load.',
  paper: {
    authors: 'Jawed, Grabocka, Schmidt-Thieme',
    year: 2020,
    title: 'Self-supervised Learning for Semi-supervised Time Series Classification',
    url: 'https://doi.org/10.1007/978-3-030-47426-3_39',
  },
  modalities: ['signal'],
  family: 'generative',
  asks: ['companions', 'found'],
  companions: () => ({
    count: 1,
    encoded: 0,
    among: 'recording',
    words: 'a window that begins where it ends',
    span: everywhere(2),
    draw: (places) => following(places, 1, 0),
  }),
  pseudoLabel: 'Values or strength of the recording behind the window.',
  healthy:
    'The error starts near the variance of what is told and falls, quickly at first. It does not reach 0, as no recording can be told for sure. If it hardly falls, what comes next does not follow from a window: ask for strength alone, use longer windows, or another task.',
  options,
  defaults: ({ sampleCount }) => ({ options: {}, training: oneViewSuits(sampleCount) }),
  build({ encoder, options: chosen, modality, channelStatistics, inputShape }) {
    const [length, channels] = inputShape as [number, number];
    const outputs = stretchesOf(length, chosen) * targetChannels(channels, chosen, modality);
    const head = projection({
      name: 'head',
      inputs: encoder.featureCount,
      hidden: chosen.hidden,
      outputs,
    });
    return pretextModel({
      encoder,
      heads: [head],
      step({ samples, facts, seed, encode, pass }) {
        const request = { samples, facts, seed, options: chosen, modality, channelStatistics };
        const { features } = encode(normalizeChannels(viewOf(request), channelStatistics));
        const told = head.apply(features, pass);
        const target = horizonMeans(restorationTarget(nextWindow(request), chosen, modality), chosen);
        const counted = complete(facts);
        const errors = tf.mean(tf.square(tf.sub(told, tf.reshape(target, told.shape))), 1);
        return { loss: meanOfCounted(errors, counted), metrics: { found: tf.mean(counted) as Scalar } };
      },
    });
  },
  preview(request) {
    const { options: chosen, modality, channelStatistics } = request;
    const next = nextWindow(request);
    const { values, strength } = asksFor(chosen, modality);
    const column = (title: string, of: Tensor) => ({
      title,
      role: 'target' as const,
      values: restoreChannels(horizonMeans(of, chosen), channelStatistics),
    });
    const found = Array.from(complete(request.facts).dataSync());
    return {
      columns: [
        { title: 'Sample', role: 'input', values: request.samples },
        { title: 'View', role: 'view', values: viewOf(request) },
        ...(values ? [column('What follows', next)] : []),
        ...(strength ? [column('Its strength', strengthAround(next))] : []),
      ],
      pseudoLabels: found.map((there) =>
        there === 1 ? 'how the recording goes on' : 'not used: no window follows without a gap',
      ),
    };
  },
});
