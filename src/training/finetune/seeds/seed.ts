/** Trains one seed of a fine-tuning arm, goes back to its best weights, tests and keeps them. */
import { asGain } from '../../../contract/results/metric.ts';
import { seedsOf } from '../../../contract/messages/job.ts';
import type { SPLIT_CODE } from '../../../contract/data/splits/split.ts';
import { keepModel } from '../../models/keep.ts';
import { requireLabeled } from '../../samples/selection.ts';
import { keepAnswers } from '../scores/answers.ts';
import { validationLabels } from '../scores/labels.ts';
import { factsOf, modelDescription } from './model-facts.ts';
import { resultRow, type SplitScores } from '../scores/scores.ts';
import { scoresOn } from './scores-on.ts';
import { planSeed, type ArmTraining, type SeedPlan } from './seed-plan.ts';
import type { SeedProgress } from './seed-position.ts';
import { trainSteps } from './steps.ts';

export type SeedOutcome = { kind: 'paused' | 'cancelled' } | { kind: 'done'; bestValidation: number | null };

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
  const plan = planSeed(arm, start.seed);
  const position = { ...start };
  const ending = await trainSteps(arm, plan, position, index);
  if (ending !== 'trained') return { kind: ending };
  return finishSeed(arm, plan, position, index, bestValidation);
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
  tellTesting(arm, plan, index);
  program.writeState(position.best!);
  const test = requireLabeled(dataset, 'test');
  const scores: Record<keyof typeof SPLIT_CODE, SplitScores> = {
    train: await scoresOn(arm, plan.labels.indices, plan.scales),
    validation: await scoresOn(arm, validationLabels(job, position.seed), plan.scales),
    test: await scoresOn(arm, test, plan.scales),
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
    const member = { ...weights, seed: position.seed, scales: plan.scales };
    if (job.model) control.model(await keepModel(job, program, [member], factsOf(arm, row, scores)));
  }
  control.result(row, await keepAnswers(job, row, test, scores.test));
  return { kind: 'done', bestValidation: isBest ? gain : bestBefore };
}

/** After its last step: what comes now has no steps to count. */
export function tellTesting({ job, control }: ArmTraining, plan: SeedPlan, index: number): void {
  const count = seedsOf(job).length;
  control.progress({
    step: (index + 1) * plan.lastStep,
    steps: count * plan.lastStep,
    epoch: plan.lastStep / plan.stepsPerEpoch,
    epochs: plan.lastStep / plan.stepsPerEpoch,
    seed: { index, count },
    loss: null,
    learningRate: null,
    samplesPerSecond: null,
    secondsLeft: null,
    phase: 'Testing',
  });
}
