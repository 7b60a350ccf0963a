/**
 * An ensemble: the seeds of a run are trained as that run trained them, all of their models are kept, and their answers
 * are averaged; the average is calibrated on validation data and scored on test data. A seed's training is repeated to
 * the bit on the same machine, so its model is the one that the run measured. Of several heads each is averaged,
 * calibrated and scored on samples of its own dataset.
 */
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ofHead, type EnsembleMaking } from '../../../contract/model/making.ts';
import { seedsOf } from '../../../contract/messages/job.ts';
import { believableTemperature } from '../../../contract/results/temperature.ts';
import { fitTemperature } from '../../../learning/evaluation/predictions/calibration.ts';
import type { StateArrays } from '../../../tensor/index.ts';
import { readCheckpoint } from '../../checkpoints/file.ts';
import type { RunOutcome } from '../../control.ts';
import { keepModel, type HeadFacts, type KeptWeights } from '../../models/keep.ts';
import { requireLabeled } from '../../samples/selection.ts';
import { validationLabels } from '../scores/labels.ts';
import { intervalsOf, modelDescription, scoreWith } from './model-facts.ts';
import { scoresOf, type SplitScores } from '../scores/scores.ts';
import { answersOn } from './scores-on.ts';
import { tellTesting } from './seed.ts';
import { headsOfPlan, measuredHeads, planSeed, type ArmTraining, type MeasuredHead } from './seed-plan.ts';
import type { SeedProgress } from './seed-position.ts';
import { trainSteps } from './steps.ts';

/** @param startOf where the training of a seed starts */
export async function makeEnsemble(
  arm: ArmTraining,
  making: EnsembleMaking,
  startOf: (seed: number) => SeedProgress,
): Promise<RunOutcome> {
  const { job } = arm;
  const seeds = seedsOf(job);
  const members: KeptWeights[] = [];
  for (const [index, { file, sha256 }] of (job.members ?? []).entries()) {
    const seed = seeds[index]!;
    const { size: bytes } = await stat(file);
    members.push({ file: basename(file), sha256, bytes, seed, scales: planSeed(arm, seed).scales });
  }
  for (const [index, seed] of seeds.entries()) {
    if (index < members.length) continue;
    const trained = await trainMember(arm, startOf(seed), index);
    if (typeof trained === 'string') return trained;
    members.push(trained);
  }
  await keepEnsemble(arm, making, members);
  return 'done';
}

/** Its weights at the moment when its validation score was best, in the project's checkpoints. */
async function trainMember(
  arm: ArmTraining,
  start: SeedProgress,
  index: number,
): Promise<KeptWeights | 'paused' | 'cancelled'> {
  const { seed } = start;
  const plan = planSeed(arm, seed);
  const position = { ...start };
  const ending = await trainSteps(arm, plan, position, index);
  if (ending !== 'trained') return ending;
  const weights = await arm.save({
    kind: 'member',
    // No two members have the same: it stands in the name of the file.
    step: index * plan.totalSteps + position.step,
    epoch: position.stopping.bestStep / plan.stepsPerEpoch,
    score: position.stopping.bestScore,
    tensors: position.best!,
    metadata: modelDescription(arm, plan, { seed }),
  });
  return { ...weights, seed, scales: plan.scales };
}

/** A head of the ensemble, and what its members answer. */
interface AveragedHead extends MeasuredHead {
  /** For each member. */
  scales: KeptWeights['scales'][];
  held: Record<'validation' | 'test', Int32Array>;
  /** Means over the members that have answered; null before the first. */
  means: Record<'validation' | 'test', Float64Array | null>;
}

async function keepEnsemble(
  arm: ArmTraining,
  making: EnsembleMaking,
  members: readonly KeptWeights[],
): Promise<void> {
  const { job, program, control, channelStatistics } = arm;
  const first = planSeed(arm, members[0]!.seed);
  tellTesting(arm, first, members.length - 1);
  const scales = members.map(({ seed }) => headsOfPlan(planSeed(arm, seed)).map((head) => head.scales));
  const heads = measuredHeads(first).map(({ head, place }): AveragedHead => ({
    head,
    place,
    scales: scales.map((ofHeads) => ofHeads[place]!),
    held: {
      validation: validationLabels(head.job, members[0]!.seed),
      test: requireLabeled(head.job.dataset, 'test'),
    },
    means: { validation: null, test: null },
  }));
  for (const [at, member] of members.entries()) {
    // One at a time: all of them together may be large.
    program.writeState(await weightsOf(arm, member));
    for (const head of heads) await addAnswers(arm, head, at, members.length);
  }
  // The reference holds features of the first member, as predictions take them.
  program.writeState(await weightsOf(arm, members[0]!));
  const [facts, ...others] = heads.map((head) => factsOfHead(making, head));
  const further = others.map((told, at) => {
    const { head, scales: own } = heads[at + 1]!;
    return { job: head.job, scales: own, facts: told };
  });
  control.model(await keepModel(job, program, members, { channelStatistics, ...facts! }, further));
}

const weightsOf = async ({ job }: ArmTraining, { file, sha256 }: KeptWeights): Promise<StateArrays> =>
  (await readCheckpoint(join(job.projectFolder, 'checkpoints', file), sha256)).tensors;

/** Adds the answers of the member that the program holds. @param at its place */
async function addAnswers(
  { program }: ArmTraining,
  { head: { job }, place, scales, held, means }: AveragedHead,
  at: number,
  members: number,
): Promise<void> {
  for (const split of ['validation', 'test'] as const) {
    const values = await answersOn({ job, program }, held[split], scales[at]!, place);
    const mean = (means[split] ??= new Float64Array(values.length));
    values.forEach((value, i) => (mean[i]! += value / members));
  }
}

function factsOfHead(making: EnsembleMaking, { head, place, held, means }: AveragedHead): HeadFacts {
  const { job } = head;
  const on = (split: 'validation' | 'test'): SplitScores => scoresOf(job, held[split], means[split]!);
  const [validation, test] = [on('validation'), on('test')];
  return {
    temperature: validation.predictions
      ? believableTemperature(fitTemperature(validation.predictions))
      : null,
    intervals: intervalsOf(job, validation),
    labels: head.labels.indices.length,
    splits: ['train'],
    // Each seed has drawn labels of its own: no sample is one that all were trained on.
    scores: { metric: job.metric, train: null, validation: scoreWith(validation), test: scoreWith(test) },
    made: {
      kind: making.kind,
      followed: ofHead(making, job.dataset.name, place).followed,
      epochs: null,
    },
  };
}
