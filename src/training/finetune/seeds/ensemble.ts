/**
 * An ensemble: the seeds of a run are trained as that run trained them, all of their models are kept, and their answers
 * are averaged; the average is calibrated on validation data and scored on test data. A seed's training is repeated to
 * the bit on the same machine, so its model is the one that the run measured.
 */
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Making } from '../../../contract/model/making.ts';
import { seedsOf } from '../../../contract/messages/job.ts';
import { believableTemperature } from '../../../contract/results/temperature.ts';
import { fitTemperature } from '../../../learning/evaluation/predictions/calibration.ts';
import type { StateArrays } from '../../../tensor/index.ts';
import { readCheckpoint } from '../../checkpoints/file.ts';
import type { RunOutcome } from '../../control.ts';
import { keepModel, type KeptWeights } from '../../models/keep.ts';
import { requireLabeled } from '../../samples/selection.ts';
import { validationLabels } from '../scores/labels.ts';
import { intervalsOf, modelDescription, scoreWith } from './model-facts.ts';
import { scoresOf } from '../scores/scores.ts';
import { answersOn } from './scores-on.ts';
import { tellTesting } from './seed.ts';
import { planSeed, type ArmTraining } from './seed-plan.ts';
import type { SeedProgress } from './seed-position.ts';
import { trainSteps } from './steps.ts';

/** @param startOf where the training of a seed starts */
export async function makeEnsemble(
  arm: ArmTraining,
  making: Extract<Making, { kind: 'ensemble' }>,
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

async function keepEnsemble(
  arm: ArmTraining,
  { kind, followed }: Extract<Making, { kind: 'ensemble' }>,
  members: readonly KeptWeights[],
): Promise<void> {
  const { job, program, control, channelStatistics } = arm;
  const first = planSeed(arm, members[0]!.seed);
  tellTesting(arm, first, members.length - 1);
  const weightsOf = async ({ file, sha256 }: KeptWeights): Promise<StateArrays> =>
    (await readCheckpoint(join(job.projectFolder, 'checkpoints', file), sha256)).tensors;
  const held = {
    validation: validationLabels(job, members[0]!.seed),
    test: requireLabeled(job.dataset, 'test'),
  };
  const sums: Record<keyof typeof held, Float64Array | null> = { validation: null, test: null };
  for (const member of members) {
    // One at a time: all of them together may be large.
    program.writeState(await weightsOf(member));
    for (const split of ['validation', 'test'] as const) {
      const values = await answersOn(arm, held[split], member.scales);
      const sum = (sums[split] ??= new Float64Array(values.length));
      values.forEach((value, at) => (sum[at]! += value / members.length));
    }
  }
  const validation = scoresOf(job, held.validation, sums.validation!);
  const test = scoresOf(job, held.test, sums.test!);
  // The reference holds features of the first member, as predictions take them.
  program.writeState(await weightsOf(members[0]!));
  const facts = {
    channelStatistics,
    temperature: validation.predictions
      ? believableTemperature(fitTemperature(validation.predictions))
      : null,
    intervals: intervalsOf(job, validation),
    labels: first.labels.indices.length,
    splits: ['train' as const],
    // Each seed has drawn labels of its own: no sample is one that all were trained on.
    scores: { metric: job.metric, train: null, validation: scoreWith(validation), test: scoreWith(test) },
    made: { kind, followed, epochs: null },
  };
  control.model(await keepModel(job, program, members, facts));
}
