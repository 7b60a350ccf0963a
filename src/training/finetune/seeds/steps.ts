/** Steps of one seed of a fine-tuning arm, with early stopping on validation data and its best weights remembered. */
import { PretextError } from '../../../contract/errors.ts';
import { seedsOf } from '../../../contract/messages/job.ts';
import { seedOf } from '../../../tensor/index.ts';
import { finishedModel } from '../../checkpoints/state-arrays.ts';
import { cosineLearningRate } from '../../step/learning-rate.ts';
import { createPaceMeter } from '../../step/pace.ts';
import { judge } from './early-stopping.ts';
import { otherInput } from '../program.ts';
import { gainAt, jointGain } from '../scores/joint-gain.ts';
import { measuredOthers } from '../scores/labels.ts';
import { labelBatches, type LabelBatches } from './label-batches.ts';
import { scoresOn } from './scores-on.ts';
import { headsOfPlan, type ArmTraining, type SeedPlan } from './seed-plan.ts';
import { progressContents, type SeedProgress } from './seed-position.ts';

const WARMUP_SHARE = 0.05;

/**
 * Trains until the planned end, or until validation scores say so. The position moves on with every step; the program
 * is left at the last one's weights.
 *
 * @param index place of the seed among the seeds of the run, for the progress
 */
export async function trainSteps(
  arm: ArmTraining,
  plan: SeedPlan,
  position: SeedProgress,
  index: number,
): Promise<'trained' | 'paused' | 'cancelled'> {
  const { job, program, batchSize, control, profile } = arm;
  const { finetune } = job;
  const seedCount = seedsOf(job).length;
  const { totalSteps, lastStep } = plan;
  const schedule = {
    peak: finetune.learningRate,
    warmupSteps: Math.round(totalSteps * WARMUP_SHARE),
    totalSteps,
  };
  program.writeState(position.state);
  measureBestAnew(plan, position);
  const pace = createPaceMeter();
  const sources = await openBatches(arm, plan, position);
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
    while (position.step < lastStep && !stopped) {
      // The head's slots tell nothing about the encoder: with the whole model, the optimizer begins anew.
      if (position.step === plan.frozenSteps && plan.frozenSteps > 0) program.writeState(arm.noSlots);
      const [own, ...others] = await profile.clock.input(() =>
        Promise.all(sources.map((source) => source.next())),
      );
      const learningRate = cosineLearningRate(schedule, position.step);
      const entry = position.step < plan.frozenSteps ? 'trainHead' : 'train';
      const inputs = {
        ...own!,
        ...Object.fromEntries(
          others.flatMap((batch, at) =>
            Object.entries(batch).map(([name, values]) => [otherInput(name, at), values]),
          ),
        ),
        seed: seedOf(position.seed, position.step),
        learningRate,
      };
      const outputs = profile.clock.compute(() => program.run(entry, inputs));
      profile.began();
      const loss = outputs['loss']![0]!;
      requireFinite(loss, position.step, position.seed);
      position.step++;
      position.lossSum += loss;
      position.lossCount++;
      pace.mark(position.step);
      control.progress({
        step: index * lastStep + position.step,
        steps: seedCount * lastStep,
        epoch: position.step / plan.stepsPerEpoch,
        epochs: lastStep / plan.stepsPerEpoch,
        seed: { index, count: seedCount },
        loss,
        learningRate,
        ...pace.pace(seedCount * lastStep - (index * lastStep + position.step), batchSize),
        phase: position.step <= plan.frozenSteps ? 'Training the head' : 'Training',
      });
      const looking = position.step % plan.evaluateEvery === 0 || position.step === lastStep;
      if (looking) {
        stopped = await evaluateMoment(arm, plan, position, learningRate, index);
        pace.restart();
      }
      const request = await control.requested();
      if (request === 'cancel') return 'cancelled';
      // A checkpoint would not know that training has stopped: the one before leads here again.
      const saving = !stopped && (request === 'pause' || position.step % finetune.checkpointEverySteps === 0);
      if (saving) await save('last');
      profile.clock.endStep(!looking && !saving);
      if (saving || stopped || position.step === lastStep)
        profile.tell(() => program.runViews?.(entry, inputs));
      if (request === 'pause' && !stopped) return 'paused';
    }
  } finally {
    await Promise.all(sources.map((source) => source.close()));
  }
  return 'trained';
}

/** Labeled batches of the run's first dataset, and of each whose head is trained at once. */
function openBatches(
  { batchSize, otherBatches }: ArmTraining,
  plan: SeedPlan,
  { seed, step }: SeedProgress,
): Promise<LabelBatches[]> {
  const sizes = [batchSize, ...otherBatches];
  return Promise.all(
    headsOfPlan(plan).map(({ job, labels, scales }, at) =>
      labelBatches(job, labels, { scales, batchSize: sizes[at]!, seed, step }),
    ),
  );
}

/** Of heads together, by the formula of today: the checkpoint that this goes on from may be of an older build. */
function measureBestAnew(plan: SeedPlan, position: SeedProgress): void {
  const { bestScore, bestStep } = position.stopping;
  if (bestScore === null || plan.others.length === 0) return;
  const heads = headsOfPlan(plan).map(({ job, yardsticks }) => ({ metric: job.metric, scales: yardsticks }));
  const gain = gainAt(heads, [position.curve, ...position.otherCurves], bestStep);
  position.stopping = { bestScore: gain ?? bestScore, bestStep };
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
  const loss = position.lossSum / position.lossCount;
  const looks = await lookAtHeads(arm, plan);
  const { train, validation } = looks[0]!;
  [position.curve = [], ...position.otherCurves] = looks.map((look, at) => {
    const before = (at === 0 ? position.curve : position.otherCurves[at - 1]) ?? [];
    if (look.validation === null) return before;
    return [...before, { step: position.step, train: look.train, validation: look.validation, loss }];
  });
  position.lossSum = 0;
  position.lossCount = 0;
  control.metrics({
    step: index * plan.lastStep + position.step,
    epoch: position.step / plan.stepsPerEpoch,
    values: {
      seed: position.seed,
      seedStep: position.step,
      loss,
      learningRate,
      train,
      ...(validation !== null && { validation }),
    },
  });
  if (validation === null) return false;
  const gain = jointGain(looks.map((look) => ({ ...look, score: look.validation! })));
  const judged = judge(position.stopping, position.step, gain, plan.patienceSteps);
  position.stopping = judged.state;
  if (judged.improved) position.best = finishedModel(program.readState(), measuredOthers(job));
  return judged.stop && position.step > plan.frozenSteps;
}

/** Scores of each head on its own samples; on validation data null where there are none to look at. */
async function lookAtHeads({ program }: ArmTraining, plan: SeedPlan) {
  const looks = [];
  for (const [at, { job, labels, scales, yardsticks, validation }] of headsOfPlan(plan).entries()) {
    const scoreOn = async (indices: Int32Array) =>
      (await scoresOn({ job, program }, indices, scales, at)).score;
    looks.push({
      metric: job.metric,
      scales: yardsticks,
      validation: validation.length > 0 ? await scoreOn(validation) : null,
      train: await scoreOn(labels.indices),
    });
  }
  return looks;
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
