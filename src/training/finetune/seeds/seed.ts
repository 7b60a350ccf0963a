/** Trains one seed of a fine-tuning arm, goes back to its best weights, tests and keeps them. */
import { asGain } from '../../../contract/results/metric.ts';
import { seedsOf } from '../../../contract/messages/job.ts';
import type { SPLIT_CODE } from '../../../contract/data/splits/split.ts';
import { keepModel } from '../../models/keep.ts';
import { requireLabeled } from '../../samples/selection.ts';
import { keepAnswers } from '../scores/answers.ts';
import { validationLabels } from '../scores/labels.ts';
import { factsOf, modelDescription } from './model-facts.ts';
import type { ResultRow } from '../../../contract/results/result.ts';
import { resultRow, type SplitScores } from '../scores/scores.ts';
import { scoresOn } from './scores-on.ts';
import { jointGain } from '../scores/joint-gain.ts';
import { measuredHeads, planSeed, type ArmTraining, type MeasuredHead, type SeedPlan } from './seed-plan.ts';
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
  tellTesting(arm, plan, index);
  program.writeState(position.best!);
  const heads: TestedHead[] = [];
  for (const measured of measuredHeads(plan)) heads.push(await testHead(arm, plan, measured, position));
  const [first, ...others] = heads as [TestedHead, ...TestedHead[]];
  const gain = jointGain(
    heads.map(({ head, row }) => ({ metric: row.metric, score: row.validation, scales: head.yardsticks })),
  );
  const isBest = bestBefore === null || gain > bestBefore;
  // Before the result: a seed that has one is not trained again, and its model must then be there.
  if (isBest) {
    const weights = await arm.save({
      kind: 'best',
      step: index * plan.totalSteps + position.step,
      epoch: position.stopping.bestStep / plan.stepsPerEpoch,
      // As a score of the first head's metric, whichever way is better there: of one head it is its own.
      score: asGain(job.metric, gain),
      tensors: position.best!,
      metadata: modelDescription(arm, plan, first.row),
    });
    const member = { ...weights, seed: position.seed, scales: plan.scales };
    const further = others.map((other) => ({
      job: other.head.job,
      scales: [other.head.scales],
      facts: factsOfHead(arm, other),
    }));
    if (job.model) control.model(await keepModel(job, program, [member], factsOfHead(arm, first), further));
  }
  const answers = [];
  for (const { head, place, row, test, scores } of heads)
    answers.push({ row, answers: await keepAnswers(head.job, row, test, scores.test, place) });
  const [told, ...more] = answers;
  control.result(told!.row, told!.answers, more);
  return { kind: 'done', bestValidation: isBest ? gain : bestBefore };
}

/** A head with its scores. */
interface TestedHead extends MeasuredHead {
  row: ResultRow;
  /** Test samples. */
  test: Int32Array;
  scores: Record<keyof typeof SPLIT_CODE, SplitScores>;
}

async function testHead(
  { program }: ArmTraining,
  plan: SeedPlan,
  { head, place }: MeasuredHead,
  { seed, stopping, curve, otherCurves }: SeedProgress,
): Promise<TestedHead> {
  const { job, labels, scales } = head;
  const on = (indices: Int32Array) => scoresOn({ job, program }, indices, scales, place);
  const test = requireLabeled(job.dataset, 'test');
  const scores = {
    train: await on(labels.indices),
    validation: await on(validationLabels(job, seed)),
    test: await on(test),
  };
  const own = place === 0 ? curve : otherCurves[place - 1];
  const row = resultRow(job, seed, labels.indices.length, scores, own);
  const best = plan.others.length > 0 && { bestShare: stopping.bestStep / plan.totalSteps };
  return { head, place, test, scores, row: { ...row, ...best } };
}

const factsOfHead = (arm: ArmTraining, { head, row, scores }: TestedHead) =>
  factsOf({ ...arm, job: head.job }, row, scores);

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
