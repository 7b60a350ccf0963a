/** PatchTST (Nie et al. 2023): every channel for itself, cut into patches that look at each other. */
import { z } from 'zod';
import { integerField, numberField, switchField } from '../../../contract/fields.ts';
import { tf, withRowsOfSample, type Tensor } from '../../../tensor/index.ts';
import { presentChannels } from '../../channels.ts';
import { dropout } from '../../layers/dropout.ts';
import { functionLayer, sequence, variable, type Layer } from '../../layers/layer.ts';
import { fittingPatch } from '../../layers/patches.ts';
import { pointwise } from '../../layers/perceptron.ts';
import { stretching } from '../../layers/positions.ts';
import { residualAttention } from '../../layers/residual-attention.ts';
import { defineEncoder, sharedByHeads } from '../encoder.ts';
import { placesInside, signalEncoder } from './network.ts';

const POSITIONS = 'encoder/positions';

export const patchTransformer = defineEncoder({
  id: 'patch-transformer',
  title: 'Patch transformer, channel by channel',
  summary:
    'PatchTST: every channel is cut into patches of its own and read by the same transformer, and their features are averaged. Its weights do not depend on which channels there are.',
  modalities: ['signal'],
  can: ['any-channels'],
  options: z
    .strictObject({
      width: integerField({
        title: 'Width',
        help: 'Numbers of a token, and of the features. A multiple of the heads.',
        minimum: 8,
        maximum: 1024,
        default: 128,
      }),
      depth: integerField({
        title: 'Depth',
        help: 'Blocks of attention and perceptron.',
        minimum: 1,
        maximum: 12,
        default: 3,
        unit: 'blocks',
      }),
      heads: integerField({
        title: 'Heads',
        help: 'Ways of looking at the other patches in each block.',
        minimum: 1,
        maximum: 64,
        default: 16,
      }),
      hidden: integerField({
        title: 'Hidden',
        help: 'Numbers within the perceptron of a block.',
        minimum: 8,
        maximum: 4096,
        default: 256,
        advanced: true,
      }),
      patch: integerField({
        title: 'Patch',
        help: 'Points in time of a patch; 0 fits it to the window, about 32 patches that overlap by half.',
        minimum: 0,
        maximum: 1024,
        default: 0,
        unit: 'points',
      }),
      stride: integerField({
        title: 'Step',
        help: 'Points from one patch to the next; 0 is half a patch.',
        minimum: 0,
        maximum: 1024,
        default: 0,
        unit: 'points',
        advanced: true,
      }),
      dropout: numberField({
        title: 'Dropout',
        help: 'Share of values that are set to 0 in training.',
        minimum: 0,
        maximum: 0.9,
        default: 0.2,
      }),
      ownScale: switchField({
        title: 'Every window by its own scale',
        help: 'Each channel of each window is brought to mean 0 and deviation 1 first, as the paper does for forecasts. Amplitudes then tell nothing.',
        default: false,
      }),
    })
    .refine(...sharedByHeads('width')),
  build({ width, depth, heads, hidden, ownScale, ...options }, inputShape, { mayMiss = false }) {
    const length = inputShape[0]!;
    const { patch, stride } = patchesOf(options, length);
    const leastLength = patch;
    const places = (points: number) => placesInside(points + stride, patch, stride);
    const builtFor = places(Math.max(length, leastLength));
    const embedding = embedded({ patch, stride, width, builtFor, rate: options.dropout });
    const blocks = residualAttention({
      name: 'encoder/block',
      width,
      heads,
      hidden,
      depth,
      dropout: options.dropout,
    });
    return signalEncoder({
      inputShape,
      leastLength,
      places: 1,
      blocks: [
        {
          layer: channelByChannel(
            ownScale ? sequence([functionLayer(scaledByItself), embedding]) : embedding,
            blocks,
            mayMiss,
          ),
          places,
          ends: width,
        },
      ],
    });
  },
});

/** Points of a patch and from one to the next, for windows of that many points. */
export function patchesOf(options: { patch: number; stride: number }, length: number) {
  const patch = options.patch || 2 * fittingPatch([length]);
  return { patch, stride: options.stride || Math.max(1, Math.floor(patch / 2)) };
}

/** Mean 0 and deviation 1 along time: [N, E, L, 1] to the same shape. */
function scaledByItself(x: Tensor): Tensor {
  const { mean, variance } = tf.moments(x, 2, true);
  return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
}

/** [N, E, L, 1] to tokens [N, E, P, width]: patches, embedded, with learned positions. */
function embedded(options: {
  patch: number;
  stride: number;
  width: number;
  builtFor: number;
  rate: number;
}): Layer {
  const { patch, stride, width, builtFor, rate } = options;
  const embedding = pointwise('encoder/patches', patch, width);
  const drop = dropout('encoder/patches/dropout', rate);
  const positions = {
    name: POSITIONS,
    shape: [builtFor, width],
    initial: { kind: 'normal' as const, deviation: 0.01 },
  };
  return {
    parameters: [...embedding.parameters, positions],
    statistics: [],
    apply(x, pass) {
      const tokens = embedding.apply(overlappingPatches(x, patch, stride), pass);
      const learned = variable(pass.parameters, POSITIONS);
      const places = tokens.shape[2]!;
      const own = places === builtFor ? learned : tf.matMul(stretching([places], [builtFor]), learned);
      return drop.apply(tf.add(tokens, own), pass);
    },
  };
}

/** The last value is repeated for one step more, as in the paper: [N, E, L, 1] to [N, E, P, patch]. */
function overlappingPatches(x: Tensor, patch: number, stride: number): Tensor {
  const [count, electrodes, length] = x.shape as [number, number, number, number];
  const rows = tf.reshape(x, [count, electrodes, length]);
  const last = tf.slice(rows, [0, 0, length - 1], [-1, -1, 1]);
  const longer = tf.concat([rows, tf.tile(last, [1, 1, stride])], 2);
  const places = placesInside(length + stride, patch, stride);
  const at = Array.from(
    { length: places * patch },
    (_, index) => Math.floor(index / patch) * stride + (index % patch),
  );
  const gathered = tf.gather(longer, tf.tensor1d(at, 'int32'), 2);
  return tf.reshape(gathered, [count, electrodes, places, patch]);
}

/**
 * Tokens of each channel alone, then the mean over channels: [N, E, L, 1] to [N, 1, P, F].
 *
 * @param mayMiss channels that are 0 throughout are missing, and have no part in the mean
 */
const channelByChannel = (embedding: Layer, blocks: Layer, mayMiss: boolean): Layer => ({
  parameters: [...embedding.parameters, ...blocks.parameters],
  statistics: [...embedding.statistics, ...blocks.statistics],
  apply(x, pass) {
    const embedded = embedding.apply(x, pass);
    const [count, electrodes, places, width] = embedded.shape as [number, number, number, number];
    const rows = tf.reshape(embedded, [count * electrodes, places, width]);
    const encoded = withRowsOfSample(electrodes, () => blocks.apply(rows, pass));
    const tokens = tf.reshape(encoded, [count, electrodes, places, width]);
    return mayMiss ? meanOfPresent(tokens, x) : tf.mean(tokens, 1, true);
  },
});

/** [N, E, P, F] to [N, 1, P, F], over the channels that [N, E, L, 1] holds. */
function meanOfPresent(tokens: Tensor, x: Tensor): Tensor {
  const [count, electrodes, length] = x.shape as [number, number, number];
  const windows = tf.reshape(x, [count * electrodes, length, 1]);
  const present = tf.reshape(presentChannels(windows), [count, electrodes, 1, 1]);
  const sum = tf.sum(tf.mul(tokens, present), 1, true);
  return tf.div(sum, tf.maximum(tf.sum(present, 1, true), 1));
}
