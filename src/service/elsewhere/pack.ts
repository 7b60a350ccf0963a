/**
 * Packs what a study has still to compute into a bundle of jobs, for other machines. The runs are away from then on:
 * nothing here computes them, until their results are merged or somebody takes them back.
 */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { longestOf } from '../../contract/elsewhere/job-time.ts';
import { fromRanges, toRanges } from '../../contract/elsewhere/ranges.ts';
import { bundleFile } from '../../bundle/files.ts';
import { writeFileWhole } from '../../machine/whole-file.ts';
import { BUNDLE_FORMAT, type Bundle } from '../../contract/elsewhere/bundle.ts';
import type { PackReport, PackWish } from '../../contract/elsewhere/away.ts';
import type { Study } from '../../contract/entities.ts';
import { PretextError, explained } from '../../contract/errors.ts';
import { isPretextConfig } from '../../contract/recipe/run-config.ts';
import { runIs } from '../../contract/status.ts';
import {
  getStudy,
  holdLabels,
  inTransaction,
  listNeeds,
  listRunsOf,
  newId,
  noteBundle,
  putHeldLabels,
  readHeldLabels,
  readProject,
  sendAway,
  timestamp,
  type ReadableProject,
  type StoredRun,
  type WritableProject,
} from '../../project/index.ts';
import { datasetsOf } from '../recipes/plan.ts';
import { estimateMemory } from '../trainers/memory.ts';
import type { Questions } from '../trainers/questions.ts';
import { changeAll, type Changes } from '../studies/transitions.ts';
import { keepOptions, withOptionsToPack } from '../studies/written-options.ts';
import { PROGRAM_VERSION } from '../../host/version.ts';
import type { Workplace } from '../workplace/workplace.ts';
import { prepare, writeJobs, writingOf, type PackWatch } from './pack-jobs.ts';
import { timeJobs } from './times/job-times.ts';

/** Where no wish says how many: the same on every machine, so that arms are computed alike. */
const THREADS = 2;

/**
 * @param watch who waits for it, and may end it: nothing is then packed
 * @throws PretextError `study.running`, `study.nothing-to-pack`, `bundle.exists`, or what preparing a run throws
 */
export async function packStudy(
  workplace: Workplace,
  questions: Pick<Questions, 'ask'>,
  wish: Omit<PackWish, 'id'>,
  watch: PackWatch = {},
): Promise<{ report: PackReport; changes: Changes }> {
  const { project } = workplace;
  const { study } = getStudy(project, wish.studyId);
  const waiting = runsToPack(study, listRunsOf(project, study.id));
  const runs = waiting.map((stored) => withOptionsToPack(project, stored));
  requireFree(wish.folder);
  const heldBefore = readHeldLabels(project, study.id);
  holdLabels(project, study.id, datasetsOf(study.recipe));
  try {
    return await packRuns(workplace, questions, { study, runs, wish, watch });
  } catch (error) {
    putHeldLabels(project, study.id, heldBefore);
    throw error;
  }
}

interface Packing {
  study: Study;
  runs: readonly StoredRun[];
  wish: Omit<PackWish, 'id'>;
  watch: PackWatch;
}

async function packRuns(
  workplace: Workplace,
  questions: Pick<Questions, 'ask'>,
  { study, runs, wish, watch }: Packing,
): Promise<{ report: PackReport; changes: Changes }> {
  const { project } = workplace;
  const threads = wish.threads ?? study.recipe.device.threads ?? THREADS;
  const writing = writingOf(runs);
  const isTimed = wish.minutes === undefined && wish.timed !== false;
  const timeOf = isTimed
    ? await timeJobs(workplace, runs, {
        threads,
        prepare: async (stored) => {
          const { prepared, awaited } = await prepare(workplace, stored, writing, watch.signal);
          return { prepared, isAwaiting: awaited !== null };
        },
        ...watch,
      })
    : () => null;
  const stages = stagesOf(project, runs);
  const bundle: Bundle = {
    format: BUNDLE_FORMAT,
    id: newId(),
    program: PROGRAM_VERSION,
    madeAt: timestamp(),
    project: readProject(project).name,
    study: { id: study.id, name: study.name },
    jobs: runs.length,
    stages,
    ...togetherOf(runs),
    threads,
    resources: {
      memoryMiB: await memoryOf(workplace, questions, study),
      minutes: wish.minutes ?? null,
      ...(isTimed && {
        stageTimes: stages.map((stage) =>
          longestOf(fromRanges(stage, runs.length).map((job) => timeOf(runs[job - 1]!))),
        ),
      }),
    },
  };
  // Of this packing alone: another one to the same folder has a name of its own.
  const temporary = `${wish.folder}.tmp-${bundle.id}`;
  let made = temporary;
  try {
    for (const folder of ['jobs', 'arrays', 'shards', 'checkpoints', 'results'])
      mkdirSync(join(temporary, folder), { recursive: true });
    await writeJobs(workplace, temporary, { ...writing, timeOf, ...watch });
    writeFileWhole(bundleFile(temporary), `${JSON.stringify(bundle, null, 2)}\n`);
    watch.signal?.throwIfAborted();
    await rename(temporary, wish.folder);
    made = wish.folder;
    const changes = inTransaction(project, () =>
      handOverRuns(project, { bundle, study, runs, folder: made }),
    );
    return { report: { bundle, folder: made, names: runs.map(({ run }) => run.name) }, changes };
  } catch (error) {
    // What lies there was made just now, by this packing.
    await rm(made, { recursive: true, force: true });
    throw explained(error, wish.folder);
  }
}

/** @throws PretextError `study.changed` where the runs are no longer what was packed */
function handOverRuns(
  project: WritableProject,
  {
    bundle,
    study,
    runs,
    folder,
  }: { bundle: Bundle; study: Study; runs: readonly StoredRun[]; folder: string },
): Changes {
  const now = new Map(listRunsOf(project, study.id).map((stored) => [stored.run.id, stored]));
  const changed = runs.find(({ run }) => now.get(run.id)?.run.status !== run.status);
  if (changed)
    throw new PretextError({
      code: 'study.changed',
      message: `${changed.run.name} was ${changed.run.status} when its study began to be packed, and is ${now.get(changed.run.id)?.run.status ?? 'gone'} now. Nothing was packed.`,
      place: study.name,
      remedy: 'Pause the study, then pack it again.',
    });
  // As they are packed: what comes back is compared with them.
  for (const stored of runs) if (!now.get(stored.run.id)!.config.writtenOut) keepOptions(project, stored);
  sendAway(
    project,
    bundle.id,
    runs.map(({ run }, at) => ({ runId: run.id, job: at + 1 })),
  );
  noteBundle(project, {
    id: bundle.id,
    studyId: study.id,
    folder,
    jobs: bundle.jobs,
    packedAt: bundle.madeAt,
  });
  return changeAll(project, runs, { status: 'away', failure: null });
}

/** What needs nothing that is packed beside it, then what does: no job needs one that needs another. */
function stagesOf(project: ReadableProject, runs: readonly StoredRun[]): string[] {
  const packed = new Set(runs.map(({ run }) => run.id));
  const needs = runs.map(({ run }) => listNeeds(project, run.id).some((id) => packed.has(id)));
  return [false, true]
    .map((wanted) => needs.flatMap((needing, at) => (needing === wanted ? [at + 1] : [])))
    .filter((stage) => stage.length > 0)
    .map(toRanges);
}

/** Pretraining alone is computed by several processes; those of a study by as many. */
function togetherOf(runs: readonly StoredRun[]): Pick<Bundle, 'together'> {
  const processesOf = ({ config }: StoredRun) =>
    isPretextConfig(config) ? (config.device.processes ?? 1) : 1;
  const jobs = runs.flatMap((stored, at) => (processesOf(stored) > 1 ? [at + 1] : []));
  if (jobs.length === 0) return {};
  return { together: { jobs: toRanges(jobs), processes: Math.max(...runs.map(processesOf)) } };
}

/** What waits, here or elsewhere; pretraining stands before what begins with it. */
function runsToPack(study: Study, runs: readonly StoredRun[]): StoredRun[] {
  if (study.status === 'importing')
    throw new PretextError({
      code: 'study.importing',
      message: `The study “${study.name}” still imports its data: there is nothing to pack yet.`,
      place: study.name,
      remedy: 'Wait until its data are there.',
    });
  const running = runs.find(({ run }) => run.status === 'running');
  if (running)
    throw new PretextError({
      code: 'study.running',
      message: `${running.run.name} is computed here now.`,
      place: study.name,
      remedy: 'Pause it first: it is packed with its checkpoint, and goes on from there elsewhere.',
    });
  const waiting = runs.filter(({ run }) => runIs('pending', run));
  if (waiting.length > 0) return waiting;
  throw new PretextError({
    code: 'study.nothing-to-pack',
    message: `Nothing of the study “${study.name}” waits to be computed: it is ${study.status}.`,
    place: study.name,
    remedy: 'Only runs that wait, are paused or are away already can be packed.',
  });
}

async function memoryOf(
  { project, log }: Workplace,
  questions: Pick<Questions, 'ask'>,
  study: Study,
): Promise<number | null> {
  try {
    const needs = await estimateMemory(project, questions, study.recipe);
    const most = Math.max(0, ...needs.map(({ neededBytes }) => neededBytes));
    return most > 0 ? Math.ceil(most / 2 ** 20) : null;
  } catch (error) {
    log.warn({ err: error }, 'the memory of the jobs could not be estimated');
    return null;
  }
}

function requireFree(folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  if (!existsSync(folder)) return;
  if (readdirSync(folder).length === 0) return;
  throw new PretextError({
    code: 'bundle.exists',
    message: 'There is something in this folder already. Nothing was packed.',
    place: folder,
    remedy: 'Name a folder that is empty, or not there yet.',
  });
}
