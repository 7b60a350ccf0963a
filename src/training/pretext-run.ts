/** A pretext run, from its job to its last checkpoint: repeatable, and resumable bit for bit. */
import { PretextError } from '../contract/errors.ts';
import type { PretextJob } from '../contract/trainer.ts';
import { seedOf, startTensorFlow } from '../tensor/index.ts';
import { readCheckpoint } from './checkpoint-file.ts';
import type { RunControl, RunOutcome } from './control.ts';
import { addToInterval, emptyInterval, intervalMeans, stepsBetweenPoints } from './curve.ts';
import { countValues, environmentOf } from './machine.ts';
import { planPretext, type PretextPlan } from './pretext-plan.ts';
import { firstPosition, positionSchema, type Position } from './pretext-position.ts';
import { createPaceMeter } from './progress.ts';
import { cosineLearningRate } from './schedule.ts';
import { createStepClock } from './step-clock.ts';

export async function runPretext(job: PretextJob, control: RunControl): Promise<RunOutcome> {
  const info = await startTensorFlow({ threads: job.threads ?? undefined });
  const resumed = job.resumeFrom ? await readCheckpoint(job.resumeFrom.file, job.resumeFrom.sha256) : null;
  const position = resumed ? positionSchema.parse(resumed.metadata) : firstPosition();
  const plan = await planPretext(job, control, position.step);
  try {
    if (resumed) plan.program.writeState(resumed.tensors);
    control.environment({
      ...environmentOf(info),
      encoderParameters: countValues(plan.program.readState(), ['encoder/']),
    });
    return await trainSteps(job, plan, position, control);
  } finally {
    await plan.source.close();
    plan.program.dispose();
  }
}

/** Trains from a position to the end, or until somebody asks for a pause or the end. */
async function trainSteps(
  job: PretextJob,
  plan: PretextPlan,
  start: Position,
  control: RunControl,
): Promise<RunOutcome> {
  const { pretext } = job;
  const { program, source, totalSteps, stepsPerEpoch } = plan;
  const pace = createPaceMeter();
  const clock = createStepClock();
  const pointEvery = stepsBetweenPoints(totalSteps);
  const learningRateAt = (step: number) =>
    cosineLearningRate(
      {
        peak: pretext.learningRate,
        warmupSteps: Math.round(pretext.warmupEpochs * stepsPerEpoch),
        totalSteps,
      },
      step,
    );
  let { step, bestScore, interval } = start;
  const save = (kind: 'last' | 'best', score: number | null) =>
    plan.save({
      kind,
      step,
      epoch: step / stepsPerEpoch,
      score,
      tensors: program.readState(),
      metadata: { ...plan.description, bestScore, interval },
    });

  while (step < totalSteps) {
    const batch = await clock.input(() => source.next());
    const learningRate = learningRateAt(step);
    const outputs = clock.compute(() =>
      program.run('train', {
        samples: batch.samples,
        ...(plan.labels && { labels: plan.labels.of(batch) }),
        seed: seedOf(pretext.seed, step),
        learningRate,
        progress: step / totalSteps,
      }),
    );
    if (step === start.step) control.environment({ secondsToFirstStep: secondsOfThisProcess() });
    step++;
    pace.mark(step);
    const values = Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, value[0]!]));
    requireFinite(values['loss']!, step, learningRate);
    interval = addToInterval(interval, values);
    const epoch = step / stepsPerEpoch;
    control.progress({
      step,
      steps: totalSteps,
      epoch,
      epochs: pretext.epochs,
      loss: values['loss']!,
      learningRate,
      ...pace.pace(totalSteps - step, pretext.batchSize),
      phase: 'Training',
    });
    const probing = plan.probe !== null && isProbeStep(step, plan, pretext.probeEveryEpochs);
    if (probing || step % pointEvery === 0 || step === totalSteps) {
      const probed = probing ? await plan.probe!() : {};
      control.metrics({ step, epoch, values: { ...intervalMeans(interval), learningRate, ...probed } });
      interval = emptyInterval();
      const score = probed['knnAccuracy'];
      if (score !== undefined && (bestScore === null || score > bestScore)) {
        bestScore = score;
        await save('best', score);
      }
      if (probing) pace.restart();
    }
    const request = await control.requested();
    if (request === 'cancel') return 'cancelled';
    const saving = request === 'pause' || step % pretext.checkpointEverySteps === 0 || step === totalSteps;
    if (saving) await save('last', null);
    clock.endStep(!probing && !saving);
    if (saving) control.environment({ ...clock.times() });
    if (request === 'pause' && step < totalSteps) return 'paused';
  }
  return 'done';
}

/** A trainer lives for one run, so its clock began when the run did. */
const secondsOfThisProcess = () => Math.round(performance.now()) / 1000;

function isProbeStep(step: number, { stepsPerEpoch, totalSteps }: PretextPlan, everyEpochs: number): boolean {
  return step === totalSteps || step % (stepsPerEpoch * everyEpochs) === 0;
}

function requireFinite(loss: number, step: number, learningRate: number): void {
  if (Number.isFinite(loss)) return;
  throw new PretextError({
    code: 'training.diverged',
    message: `The loss is no number any more at step ${step}: training diverged.`,
    place: `learning rate ${learningRate.toPrecision(3)}`,
    remedy: 'Start again with a learning rate three to ten times lower.',
  });
}
