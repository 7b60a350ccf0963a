/** A pretext run, from its job to its last checkpoint: repeatable, and resumable bit for bit. */
import type { PretextInputs } from '../inputs.ts';
import { healthyRecord, recordStep } from '../../learning/evaluation/health/health.ts';
import { seedOf, startTensorFlow } from '../../tensor/index.ts';
import { isBetter, scoreAmong } from './best.ts';
import { readCheckpoint, requireNotes } from '../checkpoints/file.ts';
import type { RunControl, RunOutcome } from '../control.ts';
import { addToInterval, emptyInterval, intervalMeans } from '../step/curve.ts';
import type { HealthLook } from './health/check.ts';
import { diverged, watch } from './health/watch.ts';
import { countValues, environmentOf } from '../machine.ts';
import { occasionsAfter } from './occasions.ts';
import { planPretext, type PretextPlan } from './plan.ts';
import { firstPosition, positionSchema, type Position } from './position.ts';
import { pretextFacts, PRETEXT_ENTRIES } from './program.ts';
import { checkMemory, memoryNeedOf } from '../memory.ts';
import { microBatches, runStep, runViews } from '../step/micro-batches.ts';
import { precisionOf } from '../step/precision.ts';
import { createPaceMeter } from '../step/pace.ts';
import { cosineLearningRate } from '../step/learning-rate.ts';
import { warmStart } from './warm-start.ts';
import { createStepClock, timeViews } from '../step/clock.ts';

export async function runPretext(job: PretextInputs, control: RunControl): Promise<RunOutcome> {
  const info = await startTensorFlow({ threads: job.threads ?? undefined });
  const resumed = job.resumeFrom ? await readCheckpoint(job.resumeFrom.file, job.resumeFrom.sha256) : null;
  const position = resumed
    ? requireNotes(positionSchema, resumed.metadata, job.resumeFrom!.file)
    : firstPosition();
  const precision = precisionOf(job.precision, info.device);
  const plan = await planPretext(job, control, position, precision);
  try {
    if (resumed) plan.program.writeState(resumed.tensors);
    else await beginWarm(job, plan, control);
    control.environment({
      ...environmentOf(info),
      precision,
      encoderParameters: countValues(plan.program.readState(), ['encoder/']),
      ...plan.facts,
    });
    checkMemory(needOf(job, plan), info.device, control);
    return await trainSteps(job, plan, position, control);
  } finally {
    await plan.source.close();
    plan.program.dispose();
  }
}

/** The run's need, from the graph that it has compiled. */
function needOf({ pretext, modality }: PretextInputs, { program }: PretextPlan) {
  return memoryNeedOf(program, pretextFacts(pretext, modality), PRETEXT_ENTRIES);
}

async function beginWarm(job: PretextInputs, { program }: PretextPlan, control: RunControl): Promise<void> {
  const report = await warmStart(program, job);
  if (!report) return;
  control.transfer(report);
  control.environment({
    startedFrom: job.startFrom!.id,
    startedWithTensors: report.taken.length,
    startedWithoutTensors: report.missing.length,
  });
}

/** Trains from a position to the end, or until somebody asks for a pause or the end. */
async function trainSteps(
  job: PretextInputs,
  plan: PretextPlan,
  start: Position,
  control: RunControl,
): Promise<RunOutcome> {
  const { pretext } = job;
  const { program, source, schedule } = plan;
  const { totalSteps, stepsPerEpoch } = schedule;
  const pace = createPaceMeter();
  const clock = createStepClock();
  let viewsMilliseconds: number | undefined;
  const learningRateAt = (step: number) =>
    cosineLearningRate(
      {
        peak: pretext.learningRate,
        warmupSteps: Math.round(pretext.warmupEpochs * stepsPerEpoch),
        totalSteps,
      },
      step,
    );
  let { step, bestScore, health = healthyRecord(), interval } = start;
  const save = (kind: 'last' | 'best') =>
    plan.save({
      kind,
      step,
      epoch: step / stepsPerEpoch,
      ...(kind === 'best' ? { score: bestScore, scoreOf: plan.bestBy } : { score: null }),
      tensors: program.readState(),
      metadata: { ...plan.description, bestScore, health, interval },
    });

  while (step < totalSteps) {
    const batch = await clock.input(() => source.next());
    const learningRate = learningRateAt(step);
    const inputs = {
      samples: batch.samples,
      ...(plan.labels && { labels: plan.labels.of(batch) }),
      ...plan.asked?.of(batch),
    };
    const parts = microBatches(inputs, pretext.accumulation);
    const shared = { learningRate, progress: step / totalSteps };
    const seedOfPart = (part: number) => seedOf(pretext.seed, step * pretext.accumulation + part);
    const values = clock.compute(() => runStep(program, parts, shared, seedOfPart));
    if (step === start.step) control.environment({ secondsToFirstStep: secondsOfThisProcess() });
    step++;
    pace.mark(step);
    const epoch = step / stepsPerEpoch;
    if (!Number.isFinite(values['loss'])) throw diverged(control, { step, epoch }, learningRate);
    interval = addToInterval(interval, values);
    health = recordStep(health, values);
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
    const due = occasionsAfter(step, schedule);
    if (due.point) {
      const probed = due.probe && plan.probe ? await plan.probe({ resample: step === totalSteps }) : null;
      for (const probe of probed?.resamples ?? []) control.probe(probe);
      const found: HealthLook = {
        ...probed?.values,
        ...(due.look && (await plan.health.look({ views: due.views, progress: step / totalSteps }))),
      };
      control.metrics({ step, epoch, values: { ...intervalMeans(interval), learningRate, ...found } });
      interval = emptyInterval();
      if (due.look) health = watch(job, plan, control, { record: health, step, found });
      const score = due.best ? scoreAmong(found, plan.bestBy) : null;
      // A collapsed encoder may solve its task best of all.
      if (score !== null && health.present.length === 0 && isBetter(plan.bestBy, score, bestScore)) {
        bestScore = score;
        await save('best');
      }
      if (due.probe) pace.restart();
    }
    const request = await control.requested();
    if (request === 'cancel') return 'cancelled';
    const saving = due.checkpoint || request === 'pause';
    if (saving) await save('last');
    clock.endStep(!due.look && !due.probe && !saving);
    if (saving) {
      viewsMilliseconds ??= timeViews(() => runViews(program, parts, shared, seedOfPart));
      control.environment({ ...clock.times(viewsMilliseconds) });
    }
    if (request === 'pause' && step < totalSteps) return 'paused';
  }
  return 'done';
}

/** A trainer lives for one run, so its clock began when the run did. */
const secondsOfThisProcess = () => Math.round(performance.now()) / 1000;
