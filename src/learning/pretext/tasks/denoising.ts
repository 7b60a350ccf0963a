/** Denoising autoencoder: noise is added and values are lost, and the decoder must give the clean sample. */
import { z } from 'zod';
import { addNoise, childSeed, tf, type Scalar, type Tensor } from '../../../tensor/index.ts';
import { restoreChannels } from '../../channels.ts';
import { enlargingDecoder } from '../../layers/decoder.ts';
import { numberField } from '../../../contract/fields.ts';
import { drawYes } from '../../views/chance.ts';
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
  noise: numberField({
    title: 'Noise',
    help: 'Standard deviation of the noise, relative to each channel’s own.',
    minimum: 0,
    maximum: 5,
    default: 0.5,
  }),
  lost: numberField({
    title: 'Lost values',
    help: 'Share of pixels (or points in time) that are replaced by the mean, in all channels.',
    minimum: 0,
    maximum: 0.95,
    default: 0.2,
  }),
  signalTarget: signalTargetField,
  ...mildViewFields('Views before the noise'),
});
type Options = z.output<typeof options>;

/**
 * Adds noise, then loses places.
 *
 * @param clean float32 [N, …, C], normalised by channel, so that 0 is the mean
 */
export function corrupt(
  clean: Tensor,
  seed: Tensor,
  { noise, lost }: { noise: number; lost: number },
): Tensor {
  return tf.tidy(() => {
    const noisy = addNoise(clean, tf.fill([clean.shape[0]!], noise), childSeed(seed, 'noise'));
    const places = [...clean.shape.slice(0, -1), 1];
    return tf.mul(noisy, drawYes(seed, 'kept', places, 1 - lost));
  });
}

function noisyTask(request: PreviewRequest<Options>) {
  const clean = normalizedView(request);
  return { clean, noisy: corrupt(clean, childSeed(request.seed, 'corruption'), request.options) };
}

const meanSquare = (a: Tensor, b: Tensor) => tf.mean(tf.square(tf.sub(a, b))) as Scalar;

export const denoising = definePretextTask({
  id: 'denoising',
  title: 'Denoising autoencoder',
  summary:
    'Adds noise to every sample, loses some of its values, and learns to restore it. The oldest of these tasks: safe and easy to judge by eye; what it learns is closer to texture and shape than to meaning.',
  paper: {
    authors: 'Vincent, Larochelle, Bengio, Manzagol',
    year: 2008,
    title: 'Extracting and Composing Robust Features with Denoising Autoencoders',
    url: 'https://doi.org/10.1145/1390156.1390294',
  },
  family: 'generative',
  ofPlaces: true,
  meanOverSamples: true,
  pseudoLabel: 'The sample as it was before the noise.',
  healthy:
    'The share of noise left starts above 1 and falls below it within the first epochs: at 1 the result is as far from the sample as the noisy input was, so nothing was gained. It never reaches 0. If it stays near 1, add noise; if it is near 0 at once, the task is too easy.',
  options,
  defaults: ({ sampleCount }) => ({
    options: {},
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
        const { clean, noisy } = noisyTask({ samples, seed, options, modality, channelStatistics });
        const target = restorationTarget(clean, options, modality);
        const loss = meanSquare(decoder.apply(encode(noisy).stages.at(-1)!, pass), target);
        const added = tf.maximum(meanSquare(restorationTarget(noisy, options, modality), target), 1e-6);
        return { loss, metrics: { noiseLeft: tf.div(loss, added) as Scalar } };
      },
    });
  },
  preview(request) {
    const { clean, noisy } = noisyTask(request);
    const restore = (x: Tensor) => restoreChannels(x, request.channelStatistics);
    return {
      columns: [
        { title: 'Sample', role: 'input', values: request.samples },
        { title: 'With noise', role: 'view', values: restore(noisy) },
        ...targetColumns(clean, tf.scalar(1), request),
      ],
      pseudoLabels: Array.from({ length: clean.shape[0]! }, () => 'to be freed of noise'),
    };
  },
});
