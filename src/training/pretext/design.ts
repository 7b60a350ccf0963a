/** What a pretext run computes with, from its settings: the same for training it and for telling what it will need. */
import type { PretextConfig, Modality } from '../../contract/recipe/recipe.ts';
import type { SampleDescription } from '../../contract/data/sample-description.ts';
import { statisticsFor, type ChannelStatistics } from '../../learning/channels.ts';
import { buildEncoder, type EncoderChoice } from '../../learning/encoders/registry.ts';
import { buildPretextModel, companionsOf, findPretextTask } from '../../learning/pretext/registry.ts';
import type { PretextModel } from '../../learning/pretext/task.ts';
import type { Precision, TensorSpec } from '../../tensor/index.ts';
import { createOptimizer } from '../step/optimizers.ts';
import type { Part, PretextProgramDesign } from './program.ts';

export interface PretextWork {
  pretext: PretextConfig;
  encoder: EncoderChoice;
  modality: Modality;
  inputShape: readonly number[];
  about?: SampleDescription | undefined;
  dtype: TensorSpec['dtype'];
  channelStatistics: ChannelStatistics;
  /** Samples that are trained on, which some tasks propose their options by. */
  sampleCount: number;
  precision: Precision;
  /** Which of several processes this is, each of which computes as many samples of a batch as the others. */
  part?: Part | undefined;
}

export interface PretextDesign extends PretextProgramDesign {
  /** The same model for batches of another size. */
  modelFor(batchSize: number): PretextModel;
}

export function designPretext(work: PretextWork): PretextDesign {
  const { pretext, modality, inputShape, about, sampleCount, precision, part } = work;
  const channelStatistics = statisticsFor(work.channelStatistics, about);
  const { needsLabels = false, asks = [] } = findPretextTask(pretext.task, modality);
  const encoder = buildEncoder(work.encoder, modality, inputShape, about);
  const known = { modality, inputShape, ...(about && { about }) };
  const modelFor = (batchSize: number) =>
    buildPretextModel(
      { task: pretext.task, options: pretext.options, sampleCount, runLength: pretext },
      { ...known, encoder, batchSize, channelStatistics },
    );
  const context = { ...known, sampleCount, runLength: pretext };
  const whole = pretext.batchSize / pretext.accumulation;
  return {
    model: modelFor(whole),
    modelFor,
    encoder,
    channelStatistics,
    optimizer: createOptimizer({ kind: pretext.optimizer, weightDecay: pretext.weightDecay }),
    sample: { shape: [...inputShape], dtype: work.dtype },
    batchSize: whole / (part?.processes ?? 1),
    part,
    seed: pretext.seed,
    precision,
    accumulation: pretext.accumulation,
    needsLabels,
    asked: { asks, companions: companionsOf(pretext.task, pretext.options, context) },
  };
}
