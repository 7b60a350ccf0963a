/** The program of an arm that trains the downstream model: for running it, and for telling what it would take. */
import { armSettings } from '../../contract/recipe/arm-settings.ts';
import type { SampleDescription } from '../../contract/data/sample-description.ts';
import type { Arm, FinetuneConfig, Modality } from '../../contract/recipe/recipe.ts';
import { statisticsFor, type ChannelStatistics } from '../../learning/channels.ts';
import type { HeadKind } from '../../learning/downstream/head.ts';
import { buildDownstreamModel, layerRates } from '../../learning/downstream/model.ts';
import { batchOfLabels } from '../../contract/recipe/schedule.ts';
import { buildEncoder } from '../../learning/encoders/registry.ts';
import type { Precision } from '../../tensor/index.ts';
import type { FinetuneProgramDesign } from './program.ts';
import { createOptimizer } from '../step/optimizers.ts';

export interface ArmBuild {
  arm: Arm;
  finetune: FinetuneConfig;
  encoder: { family: string; options: Record<string, unknown> };
  modality: Modality;
  inputShape: number[];
  dtype: 'uint8' | 'float32';
  head: HeadKind;
  channelStatistics: ChannelStatistics;
  about?: SampleDescription | undefined;
  /** Labels that are trained on: no batch is larger. */
  labels: number;
  /** Datasets whose heads are trained beside; left out: none. */
  others?: readonly { name: string; head: HeadKind; labels: number }[];
  precision: Precision;
}

export function designArm(build: ArmBuild): FinetuneProgramDesign {
  const { arm, finetune, modality, inputShape, precision, others = [] } = build;
  const channelStatistics = statisticsFor(build.channelStatistics, build.about);
  const { layerDecay, frozenShare } = armSettings(arm, finetune);
  const model = buildDownstreamModel({
    encoder: buildEncoder(build.encoder, modality, inputShape, build.about),
    head: build.head,
    others,
    modality,
    augmentation: finetune.augmentation,
    channelStatistics,
  });
  return {
    model,
    channelStatistics,
    optimizer: createOptimizer({
      kind: 'adamw',
      weightDecay: finetune.weightDecay,
      learningRateScales: layerRates(model.layers, layerDecay),
    }),
    sample: { shape: inputShape, dtype: build.dtype },
    batchSize: batchOfLabels(finetune.batchSize, build.labels),
    otherBatches: others.map(({ labels }) => batchOfLabels(finetune.batchSize, labels)),
    precision,
    steps: stepsOf(frozenShare),
  };
}

function stepsOf(frozenShare: number): ('train' | 'trainHead')[] {
  if (frozenShare === 1) return ['trainHead'];
  return frozenShare > 0 ? ['train', 'trainHead'] : ['train'];
}
