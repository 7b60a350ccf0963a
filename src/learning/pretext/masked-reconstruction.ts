/** Masked reconstruction: patches are covered, and the encoder's last maps must tell what was there. */
import { z } from 'zod';
import { childSeed, tf, uniform, type Scalar, type Tensor } from '../../tensor/index.ts';
import type { Modality } from '../../contract/recipe.ts';
import { normalizeChannels, restoreChannels } from '../channels.ts';
import { convolution } from '../layers/convolution.ts';
import { variable, type Layer } from '../layers/layer.ts';
import { maskedReconstruction as maskedError } from '../losses/reconstruction.ts';
import { choiceField, integerField, numberField } from '../options.ts';
import { imageViewField } from '../views/image.ts';
import { signalViewField } from '../views/signal.ts';
import { randomView, type ViewOptions } from '../views/view.ts';
import { definePretextTask, pretextModel, type PreviewRequest } from './task.ts';

const noSignalChanges = {
  cropProbability: 0,
  scaleProbability: 0,
  noiseProbability: 0,
  channelDropProbability: 0,
  timeMaskProbability: 0,
};

const options = z.strictObject({
  maskRatio: numberField({
    title: 'Covered share',
    help: 'Share of patches that are covered.',
    minimum: 0.1,
    maximum: 0.95,
    default: 0.6,
  }),
  imagePatch: integerField({
    title: 'Patch side',
    help: 'Side of the square patches that are covered.',
    minimum: 1,
    maximum: 128,
    default: 4,
    unit: 'pixels',
    modality: 'image',
  }),
  signalPatch: integerField({
    title: 'Patch length',
    help: 'Length of the stretches of time that are covered, in all channels.',
    minimum: 1,
    maximum: 4096,
    default: 8,
    unit: 'points',
    modality: 'signal',
  }),
  norm: choiceField({
    title: 'Error',
    help: 'Mean absolute error (l1), or mean squared error (l2).',
    choices: ['l1', 'l2'],
    default: 'l1',
  }),
  imageViews: imageViewField(
    { cropMinimum: 0.67, jitterProbability: 0, greyProbability: 0 },
    'Views before covering',
  ),
  signalViews: signalViewField(noSignalChanges, 'Views before covering'),
});
type Options = z.output<typeof options>;

const TOKEN = 'mask/token';

/**
 * Covers a fixed number of patches of each sample, drawn without regard to what they show.
 *
 * @param sides [H, W] or [L]
 * @returns float32 [count, …sides, 1], 1 where covered
 */
export function sampleMask(
  seed: Tensor,
  count: number,
  sides: readonly number[],
  patch: number,
  ratio: number,
): Tensor {
  return tf.tidy(() => {
    const grid = sides.map((side) => Math.ceil(side / patch));
    const patches = grid.reduce((product, side) => product * side, 1);
    const covered = Math.min(patches - 1, Math.max(1, Math.round(ratio * patches)));
    const draws = uniform([count, patches], childSeed(seed, 'mask'));
    const { values } = tf.topk(draws, covered, true);
    const limit = tf.slice(values, [0, covered - 1], [count, 1]);
    const mask = tf.cast(tf.greaterEqual(draws, limit), 'float32');
    const spread = grid.flatMap((side) => [side, 1]);
    const repeats = grid.flatMap(() => [1, patch]);
    const tiled = tf.tile(tf.reshape(mask, [count, ...spread]), [1, ...repeats]);
    const whole = tf.reshape(tiled, [count, ...grid.map((side) => side * patch), 1]);
    return tf.slice(whole, new Array(whole.rank).fill(0), [count, ...sides, 1]);
  });
}

/** The samples as the task takes them (normalised), and the mask. */
function maskedTask({ samples, seed, options, modality, channelStatistics }: PreviewRequest<Options>) {
  const [count, ...shape] = samples.shape as [number, ...number[]];
  const views: ViewOptions =
    modality === 'image'
      ? { modality, options: options.imageViews }
      : { modality, options: options.signalViews };
  const view = randomView(samples, childSeed(seed, 'view'), views, channelStatistics);
  const patch = modality === 'image' ? options.imagePatch : options.signalPatch;
  return {
    target: normalizeChannels(view, channelStatistics),
    mask: sampleMask(seed, count, shape.slice(0, -1), patch, options.maskRatio),
  };
}

/**
 * The decoder: each place of the last maps predicts the whole patch of the input that it stands for, by one
 * convolution of size 1 (SimMIM found that a light decoder makes the encoder learn more).
 */
function patchDecoder(modality: Modality, inputShape: readonly number[], mapShape: readonly number[]): Layer {
  const sides = inputShape.slice(0, -1);
  const channels = inputShape.at(-1)!;
  const scales = sides.map((side, axis) => Math.ceil(side / mapShape[axis]!));
  const kernel = convolution({
    name: 'decoder',
    dimensions: modality === 'image' ? 2 : 1,
    size: 1,
    inputs: mapShape.at(-1)!,
    outputs: scales.reduce((product, scale) => product * scale, channels),
  });
  const bias = {
    name: 'decoder/bias',
    shape: [kernel.parameters[0]!.shape.at(-1)!],
    initial: { kind: 'constant' as const, value: 0 },
  };
  return {
    parameters: [...kernel.parameters, bias],
    statistics: [],
    apply(maps, pass) {
      const patches = tf.add(kernel.apply(maps, pass), variable(pass.parameters, bias.name));
      return patchesToSamples(patches, scales, sides, channels);
    },
  };
}

/** [N, h, w, s·s·C] to [N, H, W, C] (and [N, l, s·C] to [N, L, C]); what is left over at the ends is cut. */
function patchesToSamples(
  patches: Tensor,
  scales: readonly number[],
  sides: readonly number[],
  channels: number,
): Tensor {
  const [count, ...rest] = patches.shape as [number, ...number[]];
  const grid = rest.slice(0, -1);
  const apart = tf.reshape(patches, [count, ...grid, ...scales, channels]);
  const axes = grid.flatMap((_, axis) => [1 + axis, 1 + grid.length + axis]);
  const woven = tf.transpose(apart, [0, ...axes, 1 + 2 * grid.length]);
  const whole = tf.reshape(woven, [count, ...grid.map((side, axis) => side * scales[axis]!), channels]);
  return tf.slice(whole, new Array(whole.rank).fill(0), [count, ...sides, channels]);
}

export const maskedReconstruction = definePretextTask({
  id: 'masked-reconstruction',
  title: 'Masked reconstruction',
  summary:
    'Covers patches of every sample and learns to fill them in. Needs no choice of views and no large batches; learns structure more than meaning, so it pays most when the whole model is fine-tuned.',
  paper: {
    authors: 'Xie, Zhang, Cao, Lin, Bao, Yao, Dai, Hu',
    year: 2022,
    title: 'SimMIM: A Simple Framework for Masked Image Modeling',
    url: 'https://arxiv.org/abs/2111.09886',
  },
  modalities: ['image', 'signal'],
  pseudoLabel: 'What the covered patches show.',
  healthy:
    'The error falls steeply at first, then slowly for a long time, and never reaches 0. An error that stays near 0.8 (absolute) means that only the mean is predicted: cover less, or use larger patches for very smooth data.',
  options,
  defaults: ({ modality, inputShape, sampleCount }) => ({
    options:
      modality === 'image'
        ? { imagePatch: Math.max(2, Math.round(Math.min(inputShape[0]!, inputShape[1]!) / 7)) }
        : { signalPatch: Math.max(2, Math.round(inputShape[0]! / 16)) },
    training: { batchSize: sampleCount >= 1280 ? 128 : 64, learningRate: 0.002, epochs: 25, warmupEpochs: 1 },
  }),
  build({ encoder, options, modality, channelStatistics, inputShape }) {
    const decoder = patchDecoder(modality, inputShape, encoder.stageShapes.at(-1)!);
    const channels = inputShape.at(-1)!;
    return pretextModel({
      encoder,
      heads: [decoder],
      extraParameters: [{ name: TOKEN, shape: [channels], initial: { kind: 'normal', deviation: 0.02 } }],
      step({ parameters, samples, seed, encode, pass }) {
        const { target, mask } = maskedTask({ samples, seed, options, modality, channelStatistics });
        const visible = tf.mul(target, tf.sub(1, mask));
        const covered = tf.add(visible, tf.mul(mask, variable(parameters, TOKEN)));
        const prediction = decoder.apply(encode(covered).stages.at(-1)!, pass);
        const loss = maskedError(prediction, target, mask, options.norm);
        return { loss, metrics: { maskedError: maskedError(prediction, target, mask, 'l1') as Scalar } };
      },
    });
  },
  preview(request) {
    const { target, mask } = maskedTask(request);
    const { channelStatistics } = request;
    return {
      columns: [
        { title: 'Sample', role: 'input', values: request.samples },
        {
          title: 'Covered',
          role: 'view',
          values: restoreChannels(tf.mul(target, tf.sub(1, mask)), channelStatistics),
        },
        { title: 'Target', role: 'target', values: restoreChannels(tf.mul(target, mask), channelStatistics) },
      ],
      pseudoLabels: Array.from(
        { length: target.shape[0]! },
        () => `${Math.round(100 * request.options.maskRatio)} % covered, to be filled in`,
      ),
    };
  },
});
