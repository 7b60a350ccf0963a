/**
 * How long the jobs of a study take: by runs that were done before on the same, else by the first steps of one of them.
 * Of runs that take as long but for their seeds and epochs one is measured, however many there are.
 */
import { cpus } from 'node:os';
import { limitMinutes, type JobTime } from '../../../contract/elsewhere/job-time.ts';
import { budgetCount, labelsThere, type LabelsThere } from '../../../contract/recipe/label-budget.ts';
import { finetuneDatasetOf } from '../../../contract/recipe/recipe.ts';
import { isPretextConfig } from '../../../contract/recipe/run-config.ts';
import { needsCheckpoint, SHARING_ARMS } from '../../../contract/recipe/arms.ts';
import { findDataset, listLastDone, type ReadableProject, type StoredRun } from '../../../project/index.ts';
import type { PreparedJob } from '../../runs/jobs.ts';
import type { Workplace } from '../../workplace/workplace.ts';
import type { PackWatch } from '../pack-jobs.ts';
import { amountsNow, amountsThen, stepsDone } from './amounts.ts';
import { costOf, type Cost } from './cost-key.ts';
import { measureJob, type MeasuredSteps } from './measure.ts';

/** So many runs are looked at for one that was like it. */
const RUNS_BACK = 1_000;
/** Measuring begins no other run after so long: the rest gets what the longest gets. */
const MEASURING_MS = 60_000;

type Steps = Omit<JobTime, 'minutes'>;
interface Measured {
  steps: Steps;
  units: number;
}

export interface TimingWishes extends PackWatch {
  /** Of every job. */
  threads: number;
  /** The job as it is packed, and whether it begins with weights that are not there yet. */
  prepare(stored: StoredRun): Promise<{ prepared: PreparedJob; isAwaiting: boolean }>;
  /** For tests. */
  measure?: (job: PreparedJob, threads: number, signal?: AbortSignal) => Promise<MeasuredSteps | null>;
}

/** @returns of each run; null where nothing like it could be measured */
export async function timeJobs(
  workplace: Pick<Workplace, 'project' | 'host' | 'log'>,
  runs: readonly StoredRun[],
  {
    threads,
    prepare,
    measure = (job, of, until) => measureJob(workplace, job, of, until),
    signal,
    onProgress = () => undefined,
  }: TimingWishes,
): Promise<(stored: StoredRun) => JobTime | null> {
  const { project, log } = workplace;
  const amountsOf = amountsNow(project);
  const costs = new Map(runs.map((one) => [one.run.id, costOf(one.config, amountsOf(one.run))]));
  const wanted = new Set([...costs.values()].map(({ key }) => key));
  const known = doneBefore(workplace, wanted, threads);
  const measured = new Map<string, Measured>();
  const deadline = performance.now() + MEASURING_MS;
  const kinds = longestOfEach(project, runs, costs, known);
  for (const [done, { stored, cost }] of kinds.entries()) {
    if (performance.now() > deadline) break;
    onProgress({ phase: 'Measuring how long kinds of runs take', done, total: kinds.length });
    const wishes = { threads, prepare, measure, signal };
    const found = await firstSteps(stored, wishes).catch((error: unknown) => {
      signal?.throwIfAborted();
      log.warn({ err: error, run: stored.run.name }, 'the steps of a run could not be measured');
      return null;
    });
    signal?.throwIfAborted();
    if (found) measured.set(cost.keyOfAnyBudget, { steps: found, units: cost.units });
  }
  return ({ run }) => {
    const { key, keyOfAnyBudget, units } = costs.get(run.id)!;
    // More labels are never quicker: what was measured of most of them stands for all.
    const found = known.get(key) ?? measured.get(keyOfAnyBudget);
    return found ? timeOf(found.steps, units / found.units, threads) : null;
  };
}

function timeOf(measured: Steps, share: number, threads: number): JobTime {
  const steps = {
    ...measured,
    stepMilliseconds: hundredths(measured.stepMilliseconds),
    secondsBefore: hundredths(measured.secondsBefore),
    steps: Math.max(1, Math.round(measured.steps * share)),
  };
  return { minutes: limitMinutes(steps, threads), ...steps };
}

const hundredths = (value: number) => Math.round(100 * value) / 100;

/** Of each kind of run that is wanted the last that was done, with these threads if there is such a run. */
function doneBefore(
  { project, log }: Pick<Workplace, 'project' | 'log'>,
  wanted: ReadonlySet<string>,
  threads: number,
): Map<string, Measured> {
  const found = new Map<string, Measured>();
  for (const stored of listLastDone(project, RUNS_BACK)) {
    try {
      const of = wholeOf(project, stored, wanted);
      const before = of && found.get(of.key);
      if (!of || (before && (before.steps.threads === threads || of.steps.threads !== threads))) continue;
      found.set(of.key, of);
    } catch (error) {
      // Whoever looks at that run is told; here it only tells nothing of others.
      log.warn(
        { err: error, run: stored.run.name },
        'what a run was cannot be read: its time is not counted on',
      );
    }
  }
  return found;
}

/** Seconds of start and tests stand beside the steps of a run that was done; where few were, these would count as steps. */
const LEAST_SHARE = 0.5;

/** Null where it is of no kind that is wanted, or does not tell how long all of it takes. */
function wholeOf(
  project: ReadableProject,
  { run, config }: StoredRun,
  wanted: ReadonlySet<string>,
): (Measured & { key: string }) | null {
  const { name, progress, environment, seconds, reused } = run;
  // Of a run that took something over nobody knows how long all of it takes.
  if (!progress || !environment?.threads || seconds <= 0 || (reused && reused.length > 0)) return null;
  const amounts = amountsThen(project, run);
  const { key, units } = amounts ? costOf(config, amounts) : { key: '', units: 1 };
  const done = wanted.has(key) ? stepsDone(project, run) : null;
  if (done === null || done < LEAST_SHARE * progress.steps) return null;
  const steps: Steps = {
    // Whoever takes as long may not stop as early.
    steps: progress.steps,
    ...partsOf(seconds, environment.secondsToFirstStep, done),
    measured: 'whole-run',
    run: name,
    processor: environment.deviceName ?? environment.device ?? 'an unknown processor',
    threads: environment.threads,
  };
  return { key, steps, units };
}

/** A run of few steps mostly starts and compiles, which one of many steps does once as well. */
function partsOf(
  seconds: number,
  toFirstStep: number | undefined,
  steps: number,
): Pick<Steps, 'stepMilliseconds' | 'secondsBefore'> {
  // Fits have no first step; and a run that went on somewhere else may have begun there later than it took in all.
  if (toFirstStep === undefined || toFirstStep >= seconds || steps < 2)
    return { stepMilliseconds: (1000 * seconds) / steps, secondsBefore: 0 };
  return { stepMilliseconds: (1000 * (seconds - toFirstStep)) / (steps - 1), secondsBefore: toFirstStep };
}

/** Of runs that take as long as each other, but for their number of labels, seeds and epochs: the longest. */
function longestOfEach(
  project: ReadableProject,
  runs: readonly StoredRun[],
  costs: ReadonlyMap<string, Cost>,
  known: ReadonlyMap<string, Measured>,
): { stored: StoredRun; cost: Cost }[] {
  const labelsOf = countLabels(project);
  const found = new Map<string, { stored: StoredRun; cost: Cost; labels: number }>();
  for (const stored of runs) {
    const cost = costs.get(stored.run.id)!;
    if (known.has(cost.key)) continue;
    const one = { stored, cost, labels: labelsOf(stored) };
    const before = found.get(cost.keyOfAnyBudget);
    const isLonger =
      !before ||
      one.labels > before.labels ||
      (one.labels === before.labels && cost.units > before.cost.units);
    if (isLonger) found.set(cost.keyOfAnyBudget, one);
  }
  return [...found.values()];
}

/** How many labels the budget of a run comes to; each dataset is looked up once. */
function countLabels(project: ReadableProject): (stored: StoredRun) => number {
  const known = new Map<string, LabelsThere | null>();
  const thereIn = (name: string) => {
    const dataset = findDataset(project, name)?.dataset;
    return dataset ? labelsThere(dataset) : null;
  };
  return ({ config }) => {
    if (isPretextConfig(config)) return 0;
    const name = finetuneDatasetOf(config);
    if (!known.has(name)) known.set(name, thereIn(name));
    const there = known.get(name);
    return there ? budgetCount(config.budget, there) : 0;
  };
}

async function firstSteps(
  stored: StoredRun,
  { threads, prepare, measure, signal }: Required<Omit<TimingWishes, 'onProgress' | 'signal'>> & PackWatch,
): Promise<Steps | null> {
  const { prepared, isAwaiting } = await prepare(stored);
  const job = isAwaiting ? fromRandomWeights(prepared) : prepared;
  const found = job && (await measure(job, threads, signal));
  return (
    found && {
      ...found,
      measured: 'first-steps',
      run: stored.run.name,
      processor: found.processor ?? cpus()[0]?.model.trim() ?? process.arch,
      threads,
    }
  );
}

/** Steps take as long from any weights; null where there are no steps, only features of weights that are not there yet. */
function fromRandomWeights(prepared: PreparedJob): PreparedJob | null {
  const { job } = prepared;
  if (job.kind === 'pretext' || !needsCheckpoint(job.arm)) return prepared;
  if (!SHARING_ARMS.includes(job.arm) && job.arm !== 'frozen') return null;
  const { model: _model, ...rest } = job;
  return {
    ...prepared,
    job: { ...rest, arm: 'baseline', finetune: { ...job.finetune, arms: ['baseline'] } },
  };
}
