/**
 * Runs that need not be trained, or not wholly, as another run of the project has done exactly the same: the
 * points of a budget curve that an earlier study holds, a pretext run with the same configuration.
 *
 * Whether two runs are the same is known when they start, as then their data and their checkpoint are known:
 * one hash stands for all that a result depends on, the seeds apart. What is taken over is copied (checkpoint
 * files as links that cost no space), so the study that it came from can be removed.
 */
import { existsSync } from 'node:fs';
import { isSeveral } from '../../contract/data/target.ts';
import { sameDraw, type LabelsThere } from '../../contract/recipe/label-budget.ts';
import type { Run } from '../../contract/entities.ts';
import { advantage } from '../../contract/results/metric.ts';
import type { ProbeKind } from '../../contract/recipe/probe.ts';
import { countedFields } from '../../contract/recipe/identity.ts';
import { finetuneSchema, pretextSchema } from '../../contract/recipe/recipe.ts';
import {
  finetuneJobSchema,
  pretextJobSchema,
  seedsOf,
  type FinetuneJob,
  type Job,
} from '../../contract/messages/job.ts';
import { answersFileName } from '../../contract/messages/trainer.ts';
import { SPLIT_CODE } from '../../contract/data/splits/split.ts';
import {
  answersFile,
  checkpointFile,
  findTransfer,
  finishedSeeds,
  inTransaction,
  insertMetrics,
  listAnswersOf,
  listCheckpoints,
  listModelsOfRun,
  listResultsOfRun,
  listTwins,
  readMetrics,
  readProbes,
  registerCheckpoint,
  saveAnswers,
  saveProbe,
  saveResult,
  saveTransfer,
  updateRun,
  type HeadResult,
  type StoredRun,
} from '../../project/index.ts';
import { hashOf } from '../recipes/canonical.ts';
import { copyModel } from './copy-model.ts';
import type { PreparedJob } from './jobs.ts';
import { linkOrCopy } from '../../machine/replace-file.ts';
import { PROGRAM_VERSION } from '../../host/version.ts';
import type { Workplace } from '../workplace/workplace.ts';

/**
 * One hash for runs whose results cannot differ; what counts is marked in the schemas (`contract/recipe/identity.ts`).
 *
 * @param version a later version of the program makes others
 */
export function identityOf(
  { job, selectionHash, datasetIds }: Pick<PreparedJob, 'job' | 'selectionHash' | 'datasetIds'>,
  version = PROGRAM_VERSION,
): string {
  const known = { version, selectionHash, datasetIds };
  if (job.kind === 'pretext') {
    const { datasets: _datasets, pretext, ...rest } = job;
    const counted = countedFields(pretextSchema, pretext, null);
    return hashOf({ ...known, ...countedFields(pretextJobSchema, rest, null), pretext: counted });
  }
  const { dataset: _dataset, others, finetune, budget, ...rest } = job;
  return hashOf({
    ...known,
    ...(others && {
      others: others.map(({ dataset: { name }, target, model }) => [
        name,
        target,
        model ? 'measured' : 'beside',
      ]),
    }),
    ...countedFields(finetuneJobSchema, rest, null),
    // With other datasets beside, of which the same budget draws too, it is not known by this one's labels alone.
    budget: others ? budget : sameDraw(budget, labelsOf(job)),
    finetune: countedFields(finetuneSchema, finetune, job.arm),
  });
}

/** Labeled training samples of the dataset that is fine-tuned. */
function labelsOf({ dataset, target }: FinetuneJob): LabelsThere {
  const { splits, classIds, numbers, targets, classNames } = dataset;
  const width = classNames.length;
  if (isSeveral(target)) {
    const isKnown = (i: number) =>
      targets?.subarray(i * width, (i + 1) * width).some((value) => !Number.isNaN(value)) ?? false;
    const labeled = splits.reduce(
      (sum, code, i) => sum + (code === SPLIT_CODE.train && isKnown(i) ? 1 : 0),
      0,
    );
    return { labeled, perClass: [] };
  }
  if (target === 'number')
    return {
      labeled: numbers.filter((value, i) => splits[i] === SPLIT_CODE.train && !Number.isNaN(value)).length,
      perClass: [],
    };
  const counts = classNames.map(() => 0);
  for (const [i, id] of classIds.entries())
    if (id >= 0 && splits[i] === SPLIT_CODE.train) counts[id] = (counts[id] ?? 0) + 1;
  return { labeled: counts.reduce((sum, count) => sum + count, 0), perClass: counts.filter(Boolean) };
}

export interface Reuse {
  /** Nothing is left to train. */
  complete: boolean;
  /** What is left to train. */
  job: Job;
}

/** Takes over what other runs of the same identity have finished. Writes it all at once or nothing. */
export function reuseFinished(workplace: Workplace, run: Run, prepared: PreparedJob): Reuse {
  const { project, log } = workplace;
  const { job, resumePoint } = prepared;
  const twins = listTwins(project, identityOf(prepared), run.id);
  if (twins.length === 0) return { complete: false, job };
  return inTransaction(project, () => {
    const reuse =
      job.kind === 'finetune'
        ? reuseSeeds(workplace, run, job, twins)
        : { complete: resumePoint === null && reusePretext(workplace, run, twins), job };
    if (reuse.complete) log.info({ run: run.id, name: run.name }, 'run taken over from another');
    return reuse;
  });
}

function reusePretext(workplace: Workplace, run: Run, twins: readonly StoredRun[]): boolean {
  const { project } = workplace;
  const twin = twins.find(
    ({ run: other }) => other.status === 'done' && hasWholeCheckpoints(workplace, other.id),
  );
  if (!twin) return false;
  copyCheckpoints(workplace, twin.run.id, run.id);
  insertMetrics(project, run.id, readMetrics(project, twin.run.id));
  for (const [probe, scores] of Object.entries(readProbes(project, twin.run.id)))
    saveProbe(project, run.id, { probe: probe as ProbeKind, scores });
  updateRun(project, run.id, { findings: twin.run.findings });
  recordReuse(workplace, run, [{ twin: twin.run, seeds: [] }]);
  return true;
}

/** Seeds that are wanted and missing here, from whichever twin has them. */
function reuseSeeds(workplace: Workplace, run: Run, job: FinetuneJob, twins: readonly StoredRun[]): Reuse {
  const { project } = workplace;
  const wanted = seedsOf(job);
  const here = new Set(finishedSeeds(project, run.id));
  const taken: { twin: Run; seeds: number[] }[] = [];
  for (const { run: twin } of twins) {
    const rows = listResultsOfRun(project, twin.id).filter(
      ({ row: { seed } }) => wanted.includes(seed) && !here.has(seed),
    );
    if (rows.length === 0) continue;
    const seeds = [...new Set(rows.map(({ row }) => row.seed))];
    copySeeds(workplace, run, twin, rows);
    for (const seed of seeds) here.add(seed);
    taken.push({ twin, seeds });
  }
  const complete = wanted.every((seed) => here.has(seed));
  if (taken.length === 0) return { complete, job };
  recordReuse(workplace, run, taken);
  const best = keepBest(workplace, run, job, taken);
  return { complete, job: { ...job, finishedSeeds: [...here], bestFinished: best } };
}

function copySeeds({ project }: Workplace, run: Run, twin: Run, rows: readonly HeadResult[]): void {
  const seeds = rows.map(({ row }) => row.seed);
  for (const { head, row } of rows)
    saveResult(project, run.id, { ...row, reusedFrom: row.reusedFrom ?? twin.id }, head);
  for (const answers of listAnswersOf(project, twin.id).filter(({ seed }) => seeds.includes(seed))) {
    const copy = answersFileName(run.id, answers.seed, answers.head);
    const [from, to] = [answersFile(project.folder, answers.file), answersFile(project.folder, copy)];
    // Intervals need no file; without it nobody can look at the errors, as in the run that it is missing from.
    if (existsSync(from)) linkOrCopy(from, to);
    saveAnswers(project, run.id, { ...answers, file: copy });
  }
  const points = readMetrics(project, twin.id).filter(({ values }) => seeds.includes(values['seed'] ?? NaN));
  insertMetrics(project, run.id, points);
  const transfer = findTransfer(project, twin.id);
  if (transfer && run.checkpointId) saveTransfer(project, run.id, run.checkpointId, transfer.report);
}

/**
 * The best model of the seeds taken over becomes this run's best, unless it has a better one. Returns the validation
 * score of its best so far.
 * A twin's best model counts only where all its seeds are wanted here: it may be of any of them.
 */
function keepBest(
  workplace: Workplace,
  run: Run,
  job: FinetuneJob,
  taken: readonly { twin: Run; seeds: number[] }[],
): number | null {
  const { project } = workplace;
  const whole = taken.filter(({ twin, seeds }) => finishedSeeds(project, twin.id).length === seeds.length);
  const candidates = whole.flatMap(({ twin }) =>
    listCheckpoints(project, twin.id).filter(
      ({ kind, score }) => kind === 'best' && score !== null && hasWholeCheckpoints(workplace, twin.id),
    ),
  );
  const [best] = candidates.toSorted((a, b) => advantage(job.metric, b.score!, a.score!));
  const own = job.bestFinished ?? null;
  if (!best || (own !== null && advantage(job.metric, best.score!, own) <= 0)) return own;
  copyCheckpoints(workplace, best.runId, run.id, 'best');
  for (const model of listModelsOfRun(project, best.runId).filter(
    ({ model: { members } }) => members.length === 1,
  ))
    copyModel(workplace, model, run, job);
  return best.score;
}

function recordReuse(
  { project }: Workplace,
  run: Run,
  taken: readonly { twin: Run; seeds: number[] }[],
): void {
  const [first] = taken;
  updateRun(project, run.id, {
    reused: taken.map(({ twin, seeds }) => ({ runId: twin.id, name: twin.name, seeds })),
    environment: { ...first!.twin.environment, ...run.environment },
    progress: first!.twin.progress,
  });
}

function hasWholeCheckpoints({ project }: Workplace, runId: string): boolean {
  const checkpoints = listCheckpoints(project, runId);
  return (
    checkpoints.length > 0 &&
    checkpoints.every(({ file }) => existsSync(checkpointFile(project.folder, file)))
  );
}

/** Files first: rows that a crash takes back leave at most a file that nothing refers to. */
function copyCheckpoints({ project }: Workplace, from: string, to: string, only?: 'best'): void {
  // The last goes in last, as it was written.
  const checkpoints = listCheckpoints(project, from).toReversed();
  for (const { id: _id, runId: _runId, createdAt: _createdAt, ...note } of checkpoints) {
    if (only && note.kind !== only) continue;
    const copy = `${to}-${note.kind}-${note.step}.safetensors`;
    linkOrCopy(checkpointFile(project.folder, note.file), checkpointFile(project.folder, copy));
    registerCheckpoint(project, to, { ...note, file: copy });
  }
}
