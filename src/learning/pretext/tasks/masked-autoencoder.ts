/**
 * Masked autoencoder: the encoder reads a few patches of a sample, a light decoder must tell all others.
 *
 * Unlike masked reconstruction the encoder never sees what is covered, not even as a token that says so: it
 * reads a quarter of the patches in a quarter of the time, so it needs an encoder of tokens.
 */
import { z } from 'zod';
import { childSeed, tf, uniform, type Scalar, type Tensor } from '../../../tensor/index.ts';
import { PretextError } from '../../../contract/errors.ts';
import { restoreChannels } from '../../channels.ts';
import type { TokenEncoding } from '../../encoders/encoder.ts';
import { layerNorm } from '../../layers/layer-norm.ts';
import { sequence, variable } from '../../layers/layer.ts';
import { fittingPatch, fromPatches, patchGrid, pickRows, toPatches } from '../../layers/patches.ts';
import { pointwise } from '../../layers/perceptron.ts';
import { waves } from '../../layers/positions.ts';
import { transformerBlock } from '../../layers/transformer.ts';
import { patchReconstruction } from '../../losses/reconstruction.ts';
import { integerField, numberField, switchField } from '../../../contract/fields.ts';
import { mildViewFields, normalizedView } from '../parts/one-view.ts';
import { oneViewSuits } from '../parts/proposed-training.ts';
import {
  asksFor,
  logStrength,
  signalTargetField,
  targetChannels,
  targetColumns,
} from '../parts/signal-target.ts';
import { definePretextTask, pretextModel } from '../task.ts';

const options = z.strictObject({
  maskRatio: numberField({
    title: 'Covered share',
    help: 'Share of patches that the encoder does not see.',
    minimum: 0.1,
    maximum: 0.95,
    default: 0.75,
  }),
  decoderWidth: integerField({
    title: 'Decoder width',
    help: 'Numbers of a token in the decoder, which is dropped after pretraining, in steps of 16.',
    minimum: 16,
    maximum: 512,
    default: 64,
  }),
  decoderDepth: integerField({
    title: 'Decoder depth',
    help: 'Blocks of the decoder.',
    minimum: 1,
    maximum: 8,
    default: 1,
    unit: 'blocks',
  }),
  normalizeTargets: switchField({
    title: 'Normalised targets',
    help: 'Each patch is brought to mean 0 and deviation 1 before it is to be told: structure counts, not brightness.',
    default: true,
  }),
  signalTarget: signalTargetField,
  ...mildViewFields('Views before covering'),
});
type Options = z.output<typeof options>;

const MASK_TOKEN = 'decoder/mask';
/** Heads of the decoder, whose width is a multiple of 4 times as many. */
const DECODER_HEADS = 4;
/** Added to a patch's variance before it is divided by, as in the authors' program. */
const TARGET_EPSILON = 1e-6;

/**
 * All patches of each sample in random order: the first ones are read, the others covered.
 *
 * @returns int32 [count, places], every row a permutation
 */
export function patchOrder(seed: Tensor, count: number, places: number): Tensor {
  return tf.tidy(() => tf.topk(uniform([count, places], childSeed(seed, 'mask')), places, true).indices);
}

/** How many patches are read: at least one, and at least one is covered. */
export const visibleCount = (places: number, maskRatio: number): number =>
  Math.max(1, Math.min(places - 1, Math.round(places * (1 - maskRatio))));

/** What a covered patch is to be told as: its values, each patch normalised by itself where that is wanted. */
export function patchTargets(patches: Tensor, normalize: boolean): Tensor {
  if (!normalize) return patches;
  const { mean, variance } = tf.moments(patches, -1, true);
  // The unbiased variance, as the authors' program has it.
  const size = patches.shape.at(-1)!;
  const unbiased = tf.mul(variance, size / Math.max(1, size - 1));
  return tf.div(tf.sub(patches, mean), tf.sqrt(tf.add(unbiased, TARGET_EPSILON)));
}

function tokensOf(tokens: TokenEncoding | undefined): TokenEncoding {
  if (tokens) return tokens;
  throw new PretextError({
    code: 'pretext.encoder-misfit',
    message: 'A masked autoencoder needs an encoder that reads single patches, and this one does not.',
    place: 'encoder.family',
    remedy: 'Choose the encoder “vit”, or the task “masked-reconstruction”, which works with every encoder.',
  });
}

/** From the tokens of visible patches and the order of all to what stands on the covered ones. */
function lightDecoder(design: { inputs: number; outputs: number; options: Options }) {
  const { inputs, outputs, options } = design;
  const width = 16 * Math.round(options.decoderWidth / 16);
  const enter = pointwise('decoder/enter', inputs, width);
  const blocks = sequence(
    Array.from({ length: options.decoderDepth }, (_, index) =>
      transformerBlock({ name: `decoder/block${index}`, width, heads: DECODER_HEADS, expansion: 2 }),
    ),
  );
  const leave = sequence([layerNorm('decoder/norm', width), pointwise('decoder/leave', width, outputs)]);
  return { enter, blocks, leave, width };
}

export const maskedAutoencoder = definePretextTask({
  id: 'masked-autoencoder',
  family: 'generative',
  ofPlaces: true,
  title: 'Masked autoencoder',
  summary:
    'Shows a transformer a quarter of the patches of every sample and asks for the others. Each step is quick, as the encoder never reads what is covered; needs many epochs, and pays most when the whole model is fine-tuned.',
  paper: {
    authors: 'He, Chen, Xie, Li, Dollár, Girshick',
    year: 2022,
    title: 'Masked Autoencoders Are Scalable Vision Learners',
    url: 'https://arxiv.org/abs/2111.06377',
  },
  needs: ['tokens'],
  meanOverSamples: true,
  pseudoLabel:
    'What the covered patches show, each brought to mean 0 and deviation 1; of signals their strength as well.',
  healthy:
    'With normalised targets the error starts near 1 (nothing is known) and falls slowly for as long as you train; 0.3 to 0.7 is common. If it stays near 1, use smaller patches or cover less; if it falls to nearly 0 at once, cover more.',
  options,
  defaults: ({ sampleCount }) => ({
    options: {},
    training: { ...oneViewSuits(sampleCount), epochs: 60, warmupEpochs: 3 },
  }),
  build({ encoder, options, modality, channelStatistics, inputShape }) {
    const { patch, encode } = tokensOf(encoder.tokens);
    const sides = inputShape.slice(0, -1);
    const grid = patchGrid(sides, patch);
    const places = grid.reduce((product, length) => product * length, 1);
    const visible = visibleCount(places, options.maskRatio);
    const outputs = targetChannels(inputShape.at(-1)!, options, modality) * patch ** sides.length;
    const { enter, blocks, leave, width } = lightDecoder({ inputs: encoder.featureCount, outputs, options });
    return pretextModel({
      encoder,
      heads: [enter, blocks, leave],
      extraParameters: [{ name: MASK_TOKEN, shape: [width], initial: { kind: 'normal', deviation: 0.02 } }],
      step({ parameters, samples, seed, pass }) {
        const view = normalizedView({ samples, seed, options, modality, channelStatistics });
        const patches = toPatches(view, patch);
        const count = patches.shape[0]!;
        const order = patchOrder(seed, count, places);
        const read = tf.slice(order, [0, 0], [count, visible]);
        const tokens = encode(parameters, patches, grid, read, { seed, pass: 'encoder' });
        const token = tf.reshape(variable(parameters, MASK_TOKEN), [1, 1, width]);
        const covered = tf.tile(token, [count, places - visible, 1]);
        // In the order of reading and covering: a transformer knows places by their codes alone.
        const codes = tf.gather(waves(grid, grid, width), order as never);
        const decoded = blocks.apply(tf.add(tf.concat([enter.apply(tokens, pass), covered], 1), codes), pass);
        const asked = tf.slice(decoded, [0, visible, 0], [count, places - visible, width]);
        const covering = tf.slice(order, [0, visible], [count, places - visible]);
        const { values, strength } = asksFor(options, modality);
        // Strength is never normalised by patch: that would leave nothing of it.
        const targets = [
          ...(values ? [patchTargets(pickRows(patches, covering), options.normalizeTargets)] : []),
          ...(strength ? [pickRows(toPatches(logStrength(view), patch), covering)] : []),
        ];
        const loss = patchReconstruction(leave.apply(asked, pass), tf.concat(targets, -1));
        return { loss, metrics: { maskedError: loss.clone() as Scalar } };
      },
    });
  },
  preview(request) {
    const { samples, seed, options, channelStatistics } = request;
    const view = normalizedView(request);
    const [count, ...shape] = samples.shape as [number, ...number[]];
    const sides = shape.slice(0, -1);
    // Without an encoder, the patches that one takes unless it is told otherwise.
    const patch = request.encoder?.tokens?.patch ?? fittingPatch(sides);
    const grid = patchGrid(sides, patch);
    const places = grid.reduce((product, length) => product * length, 1);
    const visible = visibleCount(places, options.maskRatio);
    const read = tf.slice(patchOrder(seed, count, places), [0, 0], [count, visible]);
    const seen = tf.expandDims(tf.sum(tf.oneHot(read as never, places), 1), -1);
    const everywhere = tf.onesLike(toPatches(view, patch));
    const mask = fromPatches(tf.mul(everywhere, tf.sub(1, seen)), sides, patch);
    return {
      columns: [
        { title: 'Sample', role: 'input', values: samples },
        {
          title: 'What the encoder reads',
          role: 'view',
          values: restoreChannels(tf.mul(view, tf.sub(1, mask)), channelStatistics),
        },
        ...targetColumns(view, mask, request),
      ],
      pseudoLabels: Array.from(
        { length: count },
        () => `${places - visible} of ${places} patches covered, to be told`,
      ),
    };
  },
});
