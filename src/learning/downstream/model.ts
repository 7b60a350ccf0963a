/** The downstream model: an encoder and a head, the same whether its weights are pretrained or random. */
import type { Modality } from '../../contract/recipe/recipe.ts';
import { tf, type Scalar, type State, type Tensor } from '../../tensor/index.ts';
import { normalizeChannels, type ChannelStatistics } from '../channels.ts';
import type { Encoder } from '../encoders/encoder.ts';
import { createPass, initialState, type LayerState } from '../layers/layer.ts';
import { augmentationViews, randomView, type Augmentation } from '../modalities/views.ts';
import { createHead, type Head, type HeadKind } from './head.ts';

export interface DownstreamBuild {
  encoder: Encoder;
  head: HeadKind;
  /** Heads for other datasets, on the same encoder: trained at once. */
  others?: readonly { name: string; head: HeadKind }[] | undefined;
  modality: Modality;
  augmentation: Augmentation;
  /** Those of pretraining, where there was one: the encoder must go on seeing samples on one scale. */
  channelStatistics: ChannelStatistics;
}

/** Samples of one dataset with what its head is to answer. */
export interface LabeledBatch {
  /** Raw: uint8 [N, H, W, C] or float32 [N, L, C]. */
  samples: Tensor;
  /** int32 [N] class ids, or float32 [N] numbers in their own unit; of several targets float32 [N, width]. */
  targets: Tensor;
  /** float32 [N] (of several targets [N, width]): weights in the loss, 0 for what is not known. */
  weights: Tensor;
}

export interface DownstreamLossInput extends LayerState, LabeledBatch {
  /** A batch for each of the other heads, in their order; left out: there are none. */
  others?: readonly LabeledBatch[];
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
  /** Of the heads for other datasets, in their order. */
  others: Tensor[];
}

/** What a head is told. */
type TargetForm = Pick<Head, 'targetType' | 'targetWidth'>;

/** Names of the variables of heads for other datasets begin with it. */
export const OTHER_HEADS = 'heads/';

export interface DownstreamModel extends TargetForm {
  /** Names of trainable variables grouped from input to output; the last group is the head. */
  layers: readonly (readonly string[])[];
  /** Of the heads for other datasets. */
  others: readonly TargetForm[];
  parameters(seed: number): State;
  statistics(): State;
  /** The loss in training, with augmentation, the mean over the heads; and all statistics afterwards. */
  loss(input: DownstreamLossInput): { loss: Scalar; statistics: State };
  /** Answers without augmentation, by moving statistics. */
  predict(state: LayerState, samples: Tensor): Prediction;
}

/**
 * Puts encoder and head together. Variables: `encoder/…` and `head/…`, and `heads/…` for those of other datasets. In a
 * step the encoder sees the samples of all datasets as one batch, and each head those of its own.
 */
export function buildDownstreamModel(build: DownstreamBuild): DownstreamModel {
  const { encoder, modality, channelStatistics } = build;
  const head = createHead(build.head, encoder.featureCount);
  const others = (build.others ?? []).map((other) =>
    createHead(other.head, encoder.featureCount, `${OTHER_HEADS}${other.name}`),
  );
  const heads = [head, ...others];
  const headParameters = heads.flatMap(({ layer }) => layer.parameters);
  const views = augmentationViews(build.augmentation, modality);
  const answerTo = (state: LayerState, input: Tensor, training: boolean, seed?: Tensor) => {
    const random = (pass: string) => (seed ? { random: { seed, pass } } : {});
    const { features, statistics } = encoder.apply(state, input, { training, ...random('encoder') });
    const pass = createPass(state, training, random('head').random);
    return { features, statistics, pass };
  };
  return {
    layers: [...encoder.layers, headParameters.map(({ name }) => name)],
    targetType: head.targetType,
    targetWidth: head.targetWidth,
    others: others.map(({ targetType, targetWidth }) => ({ targetType, targetWidth })),
    parameters: (seed) => ({ ...encoder.parameters(seed), ...initialState(headParameters, seed) }),
    statistics: () => encoder.statistics(),
    loss: (input) =>
      tf.tidy(() => {
        const { seed, encoderFrozen } = input;
        const batches: LabeledBatch[] = [input, ...(input.others ?? [])];
        const samples =
          batches.length === 1
            ? input.samples
            : tf.concat(
                batches.map((batch) => batch.samples),
                0,
              );
        const changed = views ? randomView(samples, seed, views, channelStatistics) : samples;
        const { features, statistics, pass } = answerTo(
          input,
          normalizeChannels(changed, channelStatistics),
          !encoderFrozen,
          seed,
        );
        const parts =
          batches.length === 1
            ? [features]
            : tf.split(
                features,
                batches.map((batch) => batch.samples.shape[0]!),
              );
        const losses = batches.map(({ targets, weights }, at) =>
          heads[at]!.loss(heads[at]!.layer.apply(parts[at]!, pass), targets, weights),
        );
        return { loss: losses.length === 1 ? losses[0]! : tf.mean(tf.stack(losses)), statistics };
      }) as { loss: Scalar; statistics: State },
    predict: (state, samples) =>
      tf.tidy(() => {
        const { features, pass } = answerTo(state, normalizeChannels(samples, channelStatistics), false);
        const [answers, ...rest] = heads.map((one) => one.answer(one.layer.apply(features, pass)));
        return { features, answers: answers!, others: rest };
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
