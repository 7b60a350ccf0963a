/**
 * One final model: trained once more on all labels, by the settings that other runs found and for as long as their
 * validation scores say. What it was trained on cannot score it: the scores of those runs are told as theirs.
 */
import type { FinalMaking } from '../../../contract/model/making.ts';
import { seedsOf } from '../../../contract/messages/job.ts';
import type { RunOutcome } from '../../control.ts';
import { finishedModel } from '../../checkpoints/state-arrays.ts';
import { keepModel } from '../../models/keep.ts';
import { modelDescription, scoreWith } from './model-facts.ts';
import { scoresOn } from './scores-on.ts';
import { tellTesting } from './seed.ts';
import { planSeed, type ArmTraining } from './seed-plan.ts';
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
  const { temperature, intervals, splits, followed } = making;
  const epochs = position.step / plan.stepsPerEpoch;
  const train = await scoresOn(arm, plan.labels.indices, plan.scales);
  const weights = await arm.save({
    kind: 'best',
    step: position.step,
    epoch: epochs,
    score: null,
    tensors: finishedModel(program.readState()),
    metadata: {
      ...modelDescription(arm, plan, { seed: seed! }),
      ...(temperature !== null && { temperature }),
    },
  });
  const facts = {
    channelStatistics,
    temperature,
    intervals,
    labels: plan.labels.indices.length,
    splits,
    scores: { metric: job.metric, train: scoreWith(train), validation: null, test: null },
    made: { kind: making.kind, followed, epochs },
  };
  control.model(await keepModel(job, program, [{ ...weights, seed: seed!, scales: plan.scales }], facts));
  return 'done';
}
