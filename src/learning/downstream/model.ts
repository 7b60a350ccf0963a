/** The downstream model: an encoder and a head, the same whether its weights are pretrained or random. */
import type { Modality } from '../../contract/recipe/recipe.ts';
import { tf, type Scalar, type State, type Tensor } from '../../tensor/index.ts';
import { normalizeChannels, type ChannelStatistics } from '../channels.ts';
import type { Encoder } from '../encoders/encoder.ts';
import { createPass, initialState, type LayerState } from '../layers/layer.ts';
import { augmentationViews, randomView, type Augmentation } from '../modalities/views.ts';
import { createHead, type HeadKind } from './head.ts';

export interface DownstreamBuild {
  encoder: Encoder;
  head: HeadKind;
  modality: Modality;
  augmentation: Augmentation;
  /** Those of pretraining, where there was one: the encoder must go on seeing samples on one scale. */
  channelStatistics: ChannelStatistics;
}

export interface DownstreamLossInput extends LayerState {
  /** Raw: uint8 [N, H, W, C] or float32 [N, L, C]. */
  samples: Tensor;
  /** int32 [N] class ids, or float32 [N] numbers in their own unit; of several targets float32 [N, width]. */
  targets: Tensor;
  /** float32 [N] (of several targets [N, width]): weights in the loss, 0 for what is not known. */
  weights: Tensor;
  /** int32 [2]: augmentation, and whatever is random in encoder and head. */
  seed: Tensor;
  /** The encoder is only read: its batch norm uses and keeps the moving statistics. */
  encoderFrozen: boolean;
}

export interface Prediction {
  /** [N, F] */
  features: Tensor;
  /** Probabilities of classes or labels [N, …], or numbers in their own unit [N, 1] or [N, width]. */
  answers: Tensor;
}

export interface DownstreamModel {
  /** Names of trainable variables grouped from input to output; the last group is the head. */
  layers: readonly (readonly string[])[];
  targetType: 'int32' | 'float32';
  /** How many targets a sample has, where it has several. */
  targetWidth: number | null;
  parameters(seed: number): State;
  statistics(): State;
  /** The loss in training, with augmentation; and all statistics afterwards. */
  loss(input: DownstreamLossInput): { loss: Scalar; statistics: State };
  /** Answers without augmentation, by moving statistics. */
  predict(state: LayerState, samples: Tensor): Prediction;
}

/** Puts encoder and head together. Variables: `encoder/…` and `head/…`. */
export function buildDownstreamModel(build: DownstreamBuild): DownstreamModel {
  const { encoder, modality, channelStatistics } = build;
  const head = createHead(build.head, encoder.featureCount);
  const views = augmentationViews(build.augmentation, modality);
  const answerTo = (state: LayerState, input: Tensor, training: boolean, seed?: Tensor) => {
    const random = (pass: string) => (seed ? { random: { seed, pass } } : {});
    const { features, statistics } = encoder.apply(state, input, { training, ...random('encoder') });
    const pass = createPass(state, training, random('head').random);
    return { features, statistics, raw: head.layer.apply(features, pass) };
  };
  return {
    layers: [...encoder.layers, head.layer.parameters.map(({ name }) => name)],
    targetType: head.targetType,
    targetWidth: head.targetWidth,
    parameters: (seed) => ({ ...encoder.parameters(seed), ...initialState(head.layer.parameters, seed) }),
    statistics: () => encoder.statistics(),
    loss: (input) =>
      tf.tidy(() => {
        const { samples, seed, targets, weights, encoderFrozen } = input;
        const changed = views ? randomView(samples, seed, views, channelStatistics) : samples;
        const { raw, statistics } = answerTo(
          input,
          normalizeChannels(changed, channelStatistics),
          !encoderFrozen,
          seed,
        );
        return { loss: head.loss(raw, targets, weights), statistics };
      }) as { loss: Scalar; statistics: State },
    predict: (state, samples) =>
      tf.tidy(() => {
        const { features, raw } = answerTo(state, normalizeChannels(samples, channelStatistics), false);
        return { features, answers: head.answer(raw) };
      }) as unknown as Prediction,
  };
}

/**
 * Factor of the learning rate of each trainable variable: 1 for the head and the last group of the encoder,
 * times `decay` for each group before (layer-wise learning rate decay, Clark et al. 2020).
 */
export function layerRates(layers: readonly (readonly string[])[], decay: number): Record<string, number> {
  const lastEncoderGroup = layers.length - 2;
  return Object.fromEntries(
    layers.flatMap((names, depth) =>
      names.map((name) => [name, decay ** Math.max(0, lastEncoderGroup - depth)] as const),
    ),
  );
}

/** Weight of each class so that all classes count alike: samples / (classes × samples of the class). */
export function balancedClassWeights(classIds: ArrayLike<number>, classCount: number): number[] {
  const counts = new Array<number>(classCount).fill(0);
  for (let i = 0; i < classIds.length; i++) counts[classIds[i]!]!++;
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count === 0 ? 0 : classIds.length / (present * count)));
}
