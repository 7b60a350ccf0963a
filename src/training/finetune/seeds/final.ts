/**
 * One final model: trained once more on all labels, of all the datasets whose heads are trained at once, by the settings
 * that other runs found and for as long as their validation scores say. What it was trained on cannot score it: the
 * scores of those runs are told as theirs.
 */
import { ofHead, type FinalMaking } from '../../../contract/model/making.ts';
import { seedsOf } from '../../../contract/messages/job.ts';
import type { RunOutcome } from '../../control.ts';
import type { HeadFacts } from '../../models/keep.ts';
import { finishedModel } from '../../checkpoints/state-arrays.ts';
import { keepModel } from '../../models/keep.ts';
import { modelDescription, scoreWith } from './model-facts.ts';
import { scoresOn } from './scores-on.ts';
import { tellTesting } from './seed.ts';
import { measuredOthers } from '../scores/labels.ts';
import { measuredHeads, planSeed, type ArmTraining, type MeasuredHead } from './seed-plan.ts';
import type { SeedProgress } from './seed-position.ts';
import { trainSteps } from './steps.ts';

/** @param startOf where the training of a seed starts */
export async function makeFinal(
  arm: ArmTraining,
  making: FinalMaking,
  startOf: (seed: number) => SeedProgress,
): Promise<RunOutcome> {
  const { job, program, control, channelStatistics } = arm;
  const [seed] = seedsOf(job);
  const plan = planSeed(arm, seed!);
  const position = { ...startOf(seed!) };
  const ending = await trainSteps(arm, plan, position, 0);
  if (ending !== 'trained') return ending;
  tellTesting(arm, plan, 0);
  const { temperature } = making;
  const weights = await arm.save({
    kind: 'best',
    step: position.step,
    epoch: position.step / plan.stepsPerEpoch,
    score: null,
    tensors: finishedModel(program.readState(), measuredOthers(job)),
    metadata: {
      ...modelDescription(arm, plan, { seed: seed! }),
      ...(temperature !== null && { temperature }),
    },
  });
  const [first, ...others] = measuredHeads(plan);
  const facts = { channelStatistics, ...(await factsOfHead(arm, making, first, position.step)) };
  const further = [];
  for (const other of others)
    further.push({
      job: other.head.job,
      scales: [other.head.scales],
      facts: await factsOfHead(arm, making, other, position.step),
    });
  const member = { ...weights, seed: seed!, scales: plan.scales };
  control.model(await keepModel(job, program, [member], facts, further));
  return 'done';
}

async function factsOfHead(
  { program }: ArmTraining,
  making: FinalMaking,
  { head: { job, labels, scales, asked }, place }: MeasuredHead,
  steps: number,
): Promise<HeadFacts> {
  const { followed, temperature, intervals } = ofHead(making, job.dataset.name, place);
  const train = await scoresOn({ job, program }, labels.indices, scales, place);
  return {
    temperature,
    intervals,
    labels: labels.indices.length,
    splits: making.splits,
    scores: { metric: job.metric, train: scoreWith(train), validation: null, test: null },
    made: { kind: making.kind, followed, epochs: steps / asked.stepsPerEpoch },
  };
}
