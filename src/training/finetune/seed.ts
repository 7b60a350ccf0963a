/** Trains one seed of a fine-tuning arm: steps, early stopping on validation data, best weights, test scores. */
import { createBatchSource } from '../../data/index.ts';
import { PretextError } from '../../contract/errors.ts';
import { seedOf, type Program, type StateArrays } from '../../tensor/index.ts';
import { asGain } from '../../contract/results/metric.ts';
import type { ResultRow } from '../../contract/results/result.ts';
import type { FinetuneInputs } from '../inputs.ts';
import { seedsOf } from '../../contract/messages/job.ts';
import type { SPLIT_CODE } from '../../contract/data/split.ts';
import type { ChannelStatistics } from '../../learning/channels.ts';
import { TEMPERATURE_RANGE } from '../../learning/evaluation/predictions/calibration.ts';
import { conformalIntervals } from '../../learning/evaluation/predictions/conformal.ts';
import type { SaveCheckpoint } from '../checkpoints/writer.ts';
import type { RunControl } from '../control.ts';
import { keepAnswers } from './answers.ts';
import { judge } from './early-stopping.ts';
import {
  balancesBatches,
  drawLabels,
  targetScale,
  validationLabels,
  type LabelDraw,
  type TargetScale,
} from './labels.ts';
import { keepModel, type ModelFacts } from '../models/keep.ts';
import type { ArmProfile } from './profile.ts';
import { createPaceMeter } from '../step/pace.ts';
import { runOverSamples, sampleBytes } from '../samples/reader.ts';
import { cosineLearningRate } from '../step/learning-rate.ts';
import { classScoresOf, numberScoresOf, resultRow, type SplitScores } from './scores.ts';
import { progressContents, type SeedProgress } from './seed-position.ts';
import { drawnIndices, requireLabeled } from '../samples/selection.ts';
import { withoutSlots } from '../checkpoints/state-arrays.ts';

/** How often validation data are looked at in one training, and at most how many of them. */
const EVALUATIONS = 20;
const MOST_VALIDATION_SAMPLES = 1000;
const WARMUP_SHARE = 0.05;

export interface ArmTraining {
  job: FinetuneInputs;
  program: Program;
  batchSize: number;
  /** Share of the steps at the start in which only the head moves. */
  frozenShare: number;
  noSlots: StateArrays;
  channelStatistics: ChannelStatistics;
  save: SaveCheckpoint;
  control: RunControl;
  /** Of all seeds that this process trains. */
  profile: ArmProfile;
}

export type SeedOutcome = { kind: 'paused' | 'cancelled' } | { kind: 'done'; bestValidation: number | null };

interface SeedPlan {
  labels: LabelDraw;
  /** Of the numbers that are predicted; null for classes. */
  scale: TargetScale | null;
  validation: Int32Array;
  totalSteps: number;
  stepsPerEpoch: number;
  frozenSteps: number;
  evaluateEvery: number;
  patienceSteps: number;
}

/** Steps of one training: the epochs asked for, but with few labels at least the least number of steps. */
function plannedSteps(finetune: FinetuneInputs['finetune'], labels: number, batchSize: number) {
  const stepsPerEpoch = Math.max(1, Math.floor(labels / batchSize));
  return { stepsPerEpoch, totalSteps: Math.max(finetune.epochs * stepsPerEpoch, finetune.minimumSteps) };
}

function planSeed({ job, batchSize, frozenShare }: ArmTraining, seed: number): SeedPlan {
  const labels = drawLabels(job, seed);
  const { stepsPerEpoch, totalSteps } = plannedSteps(job.finetune, labels.indices.length, batchSize);
  return {
    labels,
    scale: targetScale(job, labels),
    validation: drawnIndices(validationLabels(job, seed), MOST_VALIDATION_SAMPLES, 'validation'),
    stepsPerEpoch,
    totalSteps,
    frozenSteps: Math.round(totalSteps * frozenShare),
    evaluateEvery: Math.max(1, Math.floor(totalSteps / EVALUATIONS)),
    patienceSteps: Math.round(totalSteps * job.finetune.patience),
  };
}

/**
 * @param index place of the seed among the seeds of the run, for the progress
 * @param bestValidation best validation gain of all seeds finished so far, to know the run's best model
 */
export async function trainSeed(
  arm: ArmTraining,
  start: SeedProgress,
  index: number,
  bestValidation: number | null,
): Promise<SeedOutcome> {
  const { job, program, batchSize, control, profile } = arm;
  const { finetune, dataset } = job;
  const plan = planSeed(arm, start.seed);
  const seedCount = seedsOf(job).length;
  const { labels, totalSteps } = plan;
  const schedule = {
    peak: finetune.learningRate,
    warmupSteps: Math.round(totalSteps * WARMUP_SHARE),
    totalSteps,
  };
  const position = { ...start };
  program.writeState(start.state);
  const pace = createPaceMeter();
  const placeOf = new Map(Array.from(labels.indices, (sample, place) => [sample, place]));
  const targets = scaledTargets(labels.targets, plan.scale);
  const source = await createBatchSource({
    datasets: [
      {
        name: dataset.name,
        shard: dataset.shard,
        offsets: dataset.offsets,
        sampleBytes: sampleBytes(dataset),
        dtype: dataset.dtype,
        indices: labels.indices,
      },
    ],
    ...(balancesBatches(job) && { strata: labels.targets }),
    batchSize,
    seed: start.seed,
    startStep: start.step,
  });
  const save = (kind: 'last') =>
    arm.save({
      kind,
      step: position.step,
      epoch: position.step / plan.stepsPerEpoch,
      score: null,
      ...progressContents({ ...position, state: program.readState() }),
    });
  try {
    let stopped = false;
    while (position.step < totalSteps && !stopped) {
      // The head's slots tell nothing about the encoder: with the whole model, the optimizer begins anew.
      if (position.step === plan.frozenSteps && plan.frozenSteps > 0) program.writeState(arm.noSlots);
      const batch = await profile.clock.input(() => source.next());
      const places = Array.from(batch.indices, (sample) => placeOf.get(sample)!);
      const learningRate = cosineLearningRate(schedule, position.step);
      const entry = position.step < plan.frozenSteps ? 'trainHead' : 'train';
      const inputs = {
        samples: batch.samples,
        targets: gathered(targets, places),
        weights: gathered(labels.weights, places),
        seed: seedOf(start.seed, position.step),
        learningRate,
      };
      const outputs = profile.clock.compute(() => program.run(entry, inputs));
      profile.began();
      const loss = outputs['loss']![0]!;
      requireFinite(loss, position.step, start.seed);
      position.step++;
      position.lossSum += loss;
      position.lossCount++;
      pace.mark(position.step);
      control.progress({
        step: index * totalSteps + position.step,
        steps: seedCount * totalSteps,
        epoch: position.step / plan.stepsPerEpoch,
        epochs: totalSteps / plan.stepsPerEpoch,
        seed: { index, count: seedCount },
        loss,
        learningRate,
        ...pace.pace(seedCount * totalSteps - (index * totalSteps + position.step), batchSize),
        phase: position.step <= plan.frozenSteps ? 'Training the head' : 'Training',
      });
      const looking = position.step % plan.evaluateEvery === 0 || position.step === totalSteps;
      if (looking) {
        stopped = await evaluateMoment(arm, plan, position, learningRate, index);
        pace.restart();
      }
      const request = await control.requested();
      if (request === 'cancel') return { kind: 'cancelled' };
      // A checkpoint would not know that training has stopped: the one before leads here again.
      const saving = !stopped && (request === 'pause' || position.step % finetune.checkpointEverySteps === 0);
      if (saving) await save('last');
      profile.clock.endStep(!looking && !saving);
      if (saving || stopped || position.step === totalSteps)
        profile.tell(() => program.runViews?.(entry, inputs));
      if (request === 'pause' && !stopped) return { kind: 'paused' };
    }
  } finally {
    await source.close();
  }
  return finishSeed(arm, plan, position, index, bestValidation);
}

function scaledTargets(targets: LabelDraw['targets'], scale: TargetScale | null): LabelDraw['targets'] {
  if (!scale) return targets;
  return Float32Array.from(targets, (value) => (value - scale.mean) / scale.deviation);
}

function restored(answers: Float32Array, scale: TargetScale | null): Float32Array {
  return scale ? answers.map((value) => value * scale.deviation + scale.mean) : answers;
}

function gathered<Values extends Int32Array | Float32Array>(values: Values, places: number[]): Values {
  const chosen = values.slice(0, places.length) as Values;
  places.forEach((place, i) => (chosen[i] = values[place]!));
  return chosen;
}

/** Looks at train and validation scores, keeps the best weights. Returns whether to stop early. */
async function evaluateMoment(
  arm: ArmTraining,
  plan: SeedPlan,
  position: SeedProgress,
  learningRate: number,
  index: number,
): Promise<boolean> {
  const { job, program, control } = arm;
  const validation = await scoresOn(arm, plan.validation, plan.scale);
  const train = await scoresOn(arm, plan.labels.indices, plan.scale);
  const loss = position.lossSum / position.lossCount;
  position.curve = [
    ...position.curve,
    { step: position.step, train: train.score, validation: validation.score, loss },
  ];
  position.lossSum = 0;
  position.lossCount = 0;
  control.metrics({
    step: index * plan.totalSteps + position.step,
    epoch: position.step / plan.stepsPerEpoch,
    values: {
      seed: position.seed,
      seedStep: position.step,
      loss,
      learningRate,
      train: train.score,
      validation: validation.score,
    },
  });
  const judged = judge(
    position.stopping,
    position.step,
    asGain(job.metric, validation.score),
    plan.patienceSteps,
  );
  position.stopping = judged.state;
  if (judged.improved) position.best = withoutSlots(program.readState());
  return judged.stop && position.step > plan.frozenSteps;
}

/** Goes back to the best weights, tests them, and tells the result. */
async function finishSeed(
  arm: ArmTraining,
  plan: SeedPlan,
  position: SeedProgress,
  index: number,
  bestBefore: number | null,
): Promise<SeedOutcome> {
  const { job, program, control } = arm;
  const { dataset } = job;
  control.progress({
    step: (index + 1) * plan.totalSteps,
    steps: seedsOf(job).length * plan.totalSteps,
    epoch: position.step / plan.stepsPerEpoch,
    epochs: plan.totalSteps / plan.stepsPerEpoch,
    seed: { index, count: seedsOf(job).length },
    loss: null,
    learningRate: null,
    samplesPerSecond: null,
    secondsLeft: null,
    phase: 'Testing',
  });
  program.writeState(position.best!);
  const test = requireLabeled(dataset, 'test');
  const scores: Record<keyof typeof SPLIT_CODE, SplitScores> = {
    train: await scoresOn(arm, plan.labels.indices, plan.scale),
    validation: await scoresOn(arm, validationLabels(job, position.seed), plan.scale),
    test: await scoresOn(arm, test, plan.scale),
  };
  const row = resultRow(job, position.seed, plan.labels.indices.length, scores, position.curve);
  const gain = asGain(job.metric, scores.validation.score);
  const isBest = bestBefore === null || gain > bestBefore;
  // Before the result: a seed that has one is not trained again, and its model must then be there.
  if (isBest) {
    const weights = await arm.save({
      kind: 'best',
      step: index * plan.totalSteps + position.step,
      epoch: position.stopping.bestStep / plan.stepsPerEpoch,
      score: scores.validation.score,
      tensors: position.best!,
      metadata: modelDescription(arm, plan, row),
    });
    if (job.model) control.model(await keepModel(job, program, weights, factsOf(arm, plan, row, scores)));
  }
  control.result(row, await keepAnswers(job, row, test, scores.test));
  return { kind: 'done', bestValidation: isBest ? gain : bestBefore };
}

function modelDescription(
  { job, channelStatistics }: ArmTraining,
  { scale }: SeedPlan,
  { seed, calibration }: ResultRow,
): Record<string, unknown> {
  const { encoder, modality, inputShape, target, dataset, arm } = job;
  return {
    stage: 'finetune',
    arm,
    seed,
    encoder,
    modality,
    inputShape,
    target,
    classNames: dataset.classNames,
    channelStatistics,
    // What the head answers, times the deviation, plus the mean, is a number in its own unit.
    ...(scale && { targetScale: scale }),
    // Divides the logits for probabilities that can be believed.
    ...(calibration && { temperature: calibration.temperature }),
  };
}

/** Levels of the intervals around predicted numbers, the first of which is shown. */
const INTERVAL_LEVELS = [0.9, 0.8, 0.95];

/**
 * Where no validation sample is answered wrongly, ever lower temperatures fit ever better, up to the end of the range:
 * that says nothing of how sure a model may be, and its probabilities stay as they are.
 */
const believable = (temperature: number | null): number | null =>
  temperature !== null && temperature <= TEMPERATURE_RANGE[0] * 1.001 ? 1 : temperature;

/** What a kept model says of itself beside what its job knows. */
function factsOf(
  { job, channelStatistics }: ArmTraining,
  { scale }: SeedPlan,
  { seed, labels, calibration }: ResultRow,
  scores: Record<keyof typeof SPLIT_CODE, SplitScores>,
): ModelFacts {
  const scoreWith = ({ score, answers }: SplitScores) => ({ score, samples: answers.targets.length });
  const { predictions, targets } = scores.validation.answers;
  return {
    seed,
    scale,
    channelStatistics,
    temperature: believable(calibration?.temperature ?? null),
    intervals: job.target === 'number' ? conformalIntervals(predictions, targets, INTERVAL_LEVELS) : [],
    labels,
    splits: ['train'],
    scores: {
      metric: job.metric,
      train: scoreWith(scores.train),
      validation: scoreWith(scores.validation),
      test: scoreWith(scores.test),
    },
  };
}

async function scoresOn(
  { job, program }: ArmTraining,
  indices: Int32Array,
  scale: TargetScale | null,
): Promise<SplitScores> {
  const { dataset, metric } = job;
  const { values } = await runOverSamples({
    program,
    entry: 'predict',
    output: 'answers',
    dataset,
    indices,
  });
  return job.target === 'classes'
    ? classScoresOf(dataset, indices, values, metric)
    : numberScoresOf(dataset, indices, restored(values, scale), metric);
}

function requireFinite(loss: number, step: number, seed: number): void {
  if (Number.isFinite(loss)) return;
  throw new PretextError({
    code: 'training.diverged',
    message: `The loss is no number any more at step ${step} of seed ${seed}: training diverged.`,
    place: 'finetune.learningRate',
    remedy: 'Start again with a learning rate three to ten times lower.',
  });
}
