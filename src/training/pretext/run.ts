/** A pretext run, from its job to its last checkpoint: repeatable, and resumable bit for bit. */
import type { PretextInputs } from '../inputs.ts';
import { healthyRecord, recordStep } from '../../learning/evaluation/health/health.ts';
import { seedOf, startTensorFlow, type TensorFlowInfo } from '../../tensor/index.ts';
import { isBetter, scoreAmong } from './best.ts';
import { readCheckpoint, requireNotes } from '../checkpoints/file.ts';
import type { Request, RunControl, RunOutcome } from '../control.ts';
import { addToInterval, emptyInterval, intervalMeans } from '../step/curve.ts';
import type { HealthLook } from './health/check.ts';
import { diverged, watch } from './health/watch.ts';
import { countValues, environmentOf, threadUseOf } from '../machine.ts';
import { occasionsAfter } from './occasions.ts';
import { agreedOn, asLost, leads, meetOthers, wishOf, type Meeting } from './meeting.ts';
import { planPretext, type PretextPlan } from './plan.ts';
import { firstPosition, positionSchema, type Position } from './position.ts';
import { pretextFacts, PRETEXT_ENTRIES, SPREAD, WISH } from './program.ts';
import { checkMemory, memoryNeedOf } from '../memory.ts';
import { microBatches, runStep, runViews, type StepNumbers } from '../step/micro-batches.ts';
import { precisionOf } from '../step/precision.ts';
import { createPaceMeter } from '../step/pace.ts';
import { cosineLearningRate } from '../step/learning-rate.ts';
import { warmStart } from './warm-start.ts';
import { createStepClock, timeViews, type StepClock } from '../step/clock.ts';

export async function runPretext(job: PretextInputs, control: RunControl): Promise<RunOutcome> {
  const info = await startTensorFlow(threadUseOf(job));
  try {
    return await runFrom(job, info, control);
  } catch (error) {
    throw job.meeting ? asLost(error, job.meeting.addresses) : error;
  }
}

async function runFrom(job: PretextInputs, info: TensorFlowInfo, control: RunControl): Promise<RunOutcome> {
  const resumed = job.resumeFrom ? await readCheckpoint(job.resumeFrom.file, job.resumeFrom.sha256) : null;
  const own = resumed
    ? requireNotes(positionSchema, resumed.metadata, job.resumeFrom!.file)
    : firstPosition();
  const meeting = meetOthers(job, info, { step: own.step, looksAtHealth: own.health !== undefined });
  const position = positionIn(own, meeting);
  const precision = precisionOf(job.precision, info.device);
  const plan = await planPretext(job, control, position, precision, meeting?.part);
  const spread = (own: number) => meeting?.watch.during(() => plan.program.run(SPREAD, { leads: own }));
  try {
    if (!leads(meeting)) {
      spread(0);
      return await followSteps(job, plan, position.step, meeting!, control);
    }
    if (resumed) plan.program.writeState(resumed.tensors);
    else await beginWarm(job, plan, control);
    spread(1);
    control.environment({
      ...environmentOf(info),
      precision,
      encoderParameters: countValues(plan.program.readState(), ['encoder/']),
      ...plan.facts,
      ...(meeting && { processes: meeting.part.processes, processesAlike: meeting.alike }),
    });
    checkMemory(needOf(job, plan), info.device, control);
    return await trainSteps(job, plan, position, meeting, control);
  } finally {
    await plan.source.close();
    plan.program.dispose();
    meeting?.watch.end();
  }
}

/** Where this process begins: where the one that leads does, which alone keeps more than the step. */
function positionIn(own: Position, meeting: Meeting | null): Position {
  if (!meeting || leads(meeting)) return own;
  const first = firstPosition();
  return { ...first, step: meeting.step, health: meeting.looksAtHealth ? first.health : undefined };
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

/** One step after the other of one process, from the batch on. */
function stepsOf(
  job: PretextInputs,
  { program, source, labels, asked, schedule }: PretextPlan,
  meeting: Meeting | null,
) {
  const during = meeting?.watch.during ?? (<Value>(work: () => Value) => work());
  const { pretext } = job;
  const { totalSteps, stepsPerEpoch } = schedule;
  const learningRateAt = (step: number) =>
    cosineLearningRate(
      {
        peak: pretext.learningRate,
        warmupSteps: Math.round(pretext.warmupEpochs * stepsPerEpoch),
        totalSteps,
      },
      step,
    );
  return async (step: number, clock: StepClock, wish: Pick<StepNumbers, 'wish'> = {}) => {
    const batch = await clock.input(() => source.next());
    const inputs = {
      samples: batch.samples,
      ...(labels && { labels: labels.of(batch) }),
      ...asked?.of(batch),
    };
    const parts = microBatches(inputs, pretext.accumulation);
    const shared = { learningRate: learningRateAt(step), progress: step / totalSteps, ...wish };
    const seedOfPart = (part: number) => seedOf(pretext.seed, step * pretext.accumulation + part);
    const { [WISH]: wished = 0, ...values } = clock.compute(() =>
      during(() => runStep(program, parts, shared, seedOfPart)),
    );
    return {
      values,
      wished,
      learningRate: shared.learningRate,
      runViews: () => runViews(program, parts, shared, seedOfPart),
    };
  };
}

/** The steps of a process that does not lead: it computes its part of each until all agree on the end. */
async function followSteps(
  job: PretextInputs,
  plan: PretextPlan,
  first: number,
  meeting: Meeting,
  control: RunControl,
): Promise<RunOutcome> {
  const take = stepsOf(job, plan, meeting);
  const clock = createStepClock();
  let request: Request | null = null;
  for (let step = first; step < plan.schedule.totalSteps; step++) {
    const { values, wished } = await take(step, clock, { wish: wishOf(request) });
    if (!Number.isFinite(values['loss'])) throw new Error('The loss is no number any more.');
    const agreed = agreedOn(wished, meeting.part);
    if (agreed) return agreed === 'cancel' ? 'cancelled' : 'paused';
    request = await control.requested();
  }
  return 'done';
}

/** Trains from a position to the end, or until somebody asks for a pause or the end. */
async function trainSteps(
  job: PretextInputs,
  plan: PretextPlan,
  start: Position,
  meeting: Meeting | null,
  control: RunControl,
): Promise<RunOutcome> {
  const { pretext } = job;
  const { program, schedule } = plan;
  const { totalSteps, stepsPerEpoch } = schedule;
  const take = stepsOf(job, plan, meeting);
  const pace = createPaceMeter();
  const clock = createStepClock();
  let viewsMilliseconds: number | undefined;
  let own: Request | null = null;
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
    const taken = await take(step, clock, meeting ? { wish: wishOf(own) } : {});
    const { values, learningRate } = taken;
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
    own = await control.requested();
    // Of several processes none may end alone: what one wishes is known to all with the next step.
    const request = meeting ? agreedOn(taken.wished, meeting.part) : own;
    if (request === 'cancel') return 'cancelled';
    const saving = due.checkpoint || request === 'pause';
    if (saving) await save('last');
    clock.endStep(!due.look && !due.probe && !saving);
    if (saving) {
      // Views may look at samples of other processes, which are not there for a measurement: they count as computing.
      viewsMilliseconds ??= meeting ? 0 : timeViews(taken.runViews);
      control.environment({ ...clock.times(viewsMilliseconds) });
    }
    if (request === 'pause' && step < totalSteps) return 'paused';
  }
  return 'done';
}

/** A trainer lives for one run, so its clock began when the run did. */
const secondsOfThisProcess = () => Math.round(performance.now()) / 1000;
