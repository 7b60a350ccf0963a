/** What is fixed before a seed is trained: its labels, its steps, and when it is looked at. */
import type { Program, StateArrays } from '../../../tensor/index.ts';
import type { ChannelStatistics } from '../../../learning/channels.ts';
import type { TargetScale } from '../../../contract/model/model.ts';
import { plannedSteps } from '../../../contract/recipe/schedule.ts';
import type { FinetuneInputs } from '../../inputs.ts';
import type { SaveCheckpoint } from '../../checkpoints/writer.ts';
import type { RunControl } from '../../control.ts';
import { drawnIndices } from '../../samples/selection.ts';
import { drawLabels, targetScales, validationLabels, type LabelDraw } from '../scores/labels.ts';
import type { ArmProfile } from './profile.ts';

/** How often validation data are looked at in one training, and at most how many of them. */
const EVALUATIONS = 20;
const MOST_VALIDATION_SAMPLES = 1000;

export interface ArmTraining {
  job: FinetuneInputs;
  program: Program;
  batchSize: number;
  /** Of each of the other datasets. */
  otherBatches: readonly number[];
  /** Share of the steps at the start in which only the head moves. */
  frozenShare: number;
  noSlots: StateArrays;
  channelStatistics: ChannelStatistics;
  save: SaveCheckpoint;
  control: RunControl;
  /** Of all seeds that this process trains. */
  profile: ArmProfile;
}

export interface SeedPlan {
  labels: LabelDraw;
  /** Of each of the numbers that are predicted; null for others. */
  scales: TargetScale[] | null;
  /** Looked at on the way; none in the training of a final model, which stops where others were best. */
  validation: Int32Array;
  /** The schedule of the learning rate is over so many. */
  totalSteps: number;
  /** Training ends here at the latest. */
  lastStep: number;
  stepsPerEpoch: number;
  frozenSteps: number;
  evaluateEvery: number;
  patienceSteps: number;
}

export function planSeed({ job, batchSize, frozenShare }: ArmTraining, seed: number): SeedPlan {
  const { making } = job;
  const labels = drawLabels(job, seed);
  const { stepsPerEpoch, totalSteps } = plannedSteps(job.finetune, labels.indices.length, batchSize);
  const isFinal = making?.kind === 'final';
  return {
    labels,
    scales: targetScales(job, labels),
    validation: isFinal
      ? new Int32Array()
      : drawnIndices(validationLabels(job, seed), MOST_VALIDATION_SAMPLES, 'validation'),
    stepsPerEpoch,
    totalSteps,
    lastStep: isFinal ? Math.max(1, Math.round(totalSteps * making.share)) : totalSteps,
    frozenSteps: Math.round(totalSteps * frozenShare),
    evaluateEvery: Math.max(1, Math.floor(totalSteps / EVALUATIONS)),
    patienceSteps: Math.round(totalSteps * job.finetune.patience),
  };
}
