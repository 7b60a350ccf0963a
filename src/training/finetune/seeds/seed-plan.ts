/** What is fixed before a seed is trained: its labels, its steps, and when it is looked at. */
import type { Program, StateArrays } from '../../../tensor/index.ts';
import type { ChannelStatistics } from '../../../learning/channels.ts';
import type { TargetScale } from '../../../contract/model/model.ts';
import { plannedSteps } from '../../../contract/recipe/schedule.ts';
import type { FinetuneInputs } from '../../inputs.ts';
import type { SaveCheckpoint } from '../../checkpoints/writer.ts';
import type { RunControl } from '../../control.ts';
import { drawnIndices } from '../../samples/selection.ts';
import {
  drawLabels,
  otherJobs,
  scalesOfAll,
  targetScales,
  validationLabels,
  type LabelDraw,
} from '../scores/labels.ts';
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

/** What is fixed of one head. */
export interface HeadPlan {
  /** What the run would be on the head's dataset. */
  job: FinetuneInputs;
  labels: LabelDraw;
  /** Of each of the numbers that are predicted; null for others. */
  scales: TargetScale[] | null;
  /** The same for every seed: how much the head's errors count beside those of others. */
  yardsticks: TargetScale[] | null;
  /** Looked at on the way; none in the training of a final model, which stops where others were best. */
  validation: Int32Array;
  /** What its own labels ask for. */
  asked: ReturnType<typeof plannedSteps>;
}

/** Of the first head, and of all those that are trained at once. */
export interface SeedPlan extends HeadPlan {
  others: HeadPlan[];
  /** The schedule of the learning rate is over so many. */
  totalSteps: number;
  /** Training ends here at the latest. */
  lastStep: number;
  /** Of the dataset that decides how long all are trained. */
  stepsPerEpoch: number;
  frozenSteps: number;
  evaluateEvery: number;
  patienceSteps: number;
}

export const headsOfPlan = (plan: SeedPlan): HeadPlan[] => [plan, ...plan.others];

/** A head that the run measures, and its place among those of the model. */
export interface MeasuredHead {
  head: HeadPlan;
  place: number;
}

/** The first, and those beside it whose heads the model keeps; from the rest the encoder learns, and no more. */
export const measuredHeads = (plan: SeedPlan): [MeasuredHead, ...MeasuredHead[]] => [
  { head: plan, place: 0 },
  ...plan.others.flatMap((head, at) => (head.job.model ? [{ head, place: at + 1 }] : [])),
];

/** The dataset with the most steps to an epoch says how long all heads are trained, whichever is the first. */
export function planSeed({ job, batchSize, otherBatches, frozenShare }: ArmTraining, seed: number): SeedPlan {
  const { making } = job;
  const batches = [batchSize, ...otherBatches];
  const heads = [job, ...otherJobs(job)].map((own, at) => planHead(own, seed, batches[at]!));
  const [first, ...others] = heads as [HeadPlan, ...HeadPlan[]];
  const { stepsPerEpoch, totalSteps } = heads
    .map(({ asked }) => asked)
    .reduce((most, one) => (one.stepsPerEpoch > most.stepsPerEpoch ? one : most));
  const isFinal = making?.kind === 'final';
  return {
    ...first,
    others,
    stepsPerEpoch,
    totalSteps,
    lastStep: isFinal ? Math.max(1, Math.round(totalSteps * making.share)) : totalSteps,
    frozenSteps: Math.round(totalSteps * frozenShare),
    evaluateEvery: Math.max(1, Math.floor(totalSteps / EVALUATIONS)),
    patienceSteps: Math.round(totalSteps * job.finetune.patience),
  };
}

function planHead(job: FinetuneInputs, seed: number, batchSize: number): HeadPlan {
  const labels = drawLabels(job, seed);
  return {
    job,
    labels,
    scales: targetScales(job, labels),
    yardsticks: scalesOfAll(job),
    validation:
      job.making?.kind === 'final'
        ? new Int32Array()
        : drawnIndices(validationLabels(job, seed), MOST_VALIDATION_SAMPLES, 'validation'),
    asked: plannedSteps(job.finetune, labels.indices.length, batchSize),
  };
}
