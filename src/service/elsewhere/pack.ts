/**
 * Packs what a study has still to compute into a bundle of jobs, for other machines. The runs are away from then on:
 * nothing here computes them, until their results are merged or somebody takes them back.
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { copyFile, link, mkdir, open, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { toRanges } from '../../contract/elsewhere/ranges.ts';
import { describeShard } from '../../bundle/job.ts';
import { arrayFiles, toText, type ArrayStore } from '../../bundle/arrays.ts';
import { bundleFile, jobFile } from '../../bundle/files.ts';
import { writeFileWhole } from '../../machine/whole-file.ts';
import {
  BUNDLE_FORMAT,
  type Bundle,
  type PackedJob,
  type PackedShard,
} from '../../contract/elsewhere/bundle.ts';
import type { PackReport, PackWish } from '../../contract/elsewhere/away.ts';
import type { Run, Study } from '../../contract/entities.ts';
import { PretextError, explained } from '../../contract/errors.ts';
import { isPretextConfig } from '../../contract/recipe/run-config.ts';
import { runIs } from '../../contract/status.ts';
import {
  getRun,
  getStudy,
  holdLabels,
  inTransaction,
  listNeeds,
  listRunsOf,
  newId,
  noteBundle,
  readProject,
  sendAway,
  timestamp,
  type ReadableProject,
  type StoredRun,
} from '../../project/index.ts';
import { datasetsOf } from '../recipes/plan.ts';
import { estimateMemory } from '../trainers/memory.ts';
import type { Questions } from '../trainers/questions.ts';
import { lookForCopies, prepareJob, type PreparedJob } from '../runs/jobs.ts';
import { changeAll, type Changes } from '../studies/transitions.ts';
import { createPacer } from '../../data/index.ts';
import { flushAtOnce, flushFolderAtOnce } from '../../machine/replace-file.ts';
import { PROGRAM_VERSION } from '../../host/version.ts';
import type { Workplace } from '../workplace/workplace.ts';
import { planOf } from './plan.ts';
import { readOnce } from './run-data-once.ts';

/** Where no wish says how many: the same on every machine, so that arms are computed alike. */
const THREADS = 2;

/** @throws PretextError `study.running`, `study.nothing-to-pack`, `bundle.exists`, or what preparing a run throws */
export async function packStudy(
  workplace: Workplace,
  questions: Pick<Questions, 'ask'>,
  wish: PackWish,
): Promise<{ report: PackReport; changes: Changes }> {
  const { project } = workplace;
  const { study } = getStudy(project, wish.studyId);
  const runs = runsToPack(study, listRunsOf(project, study.id));
  requireFree(wish.folder);
  holdLabels(project, study.id, datasetsOf(study.recipe));
  const bundle: Bundle = {
    format: BUNDLE_FORMAT,
    id: newId(),
    program: PROGRAM_VERSION,
    madeAt: timestamp(),
    project: readProject(project).name,
    study: { id: study.id, name: study.name },
    jobs: runs.length,
    stages: stagesOf(project, runs),
    ...togetherOf(runs),
    threads: wish.threads ?? study.recipe.device.threads ?? THREADS,
    resources: {
      memoryMiB: await memoryOf(workplace, questions, study),
      minutes: wish.minutes ?? null,
    },
  };
  const temporary = `${wish.folder}.tmp-${process.pid}`;
  try {
    for (const folder of ['jobs', 'arrays', 'shards', 'checkpoints', 'results'])
      mkdirSync(join(temporary, folder), { recursive: true });
    await writeJobs(workplace, temporary, runs);
    await flushJobs(temporary, runs.length);
    writeFileWhole(bundleFile(temporary), `${JSON.stringify(bundle, null, 2)}\n`);
    await rename(temporary, wish.folder);
  } catch (error) {
    throw explained(error, wish.folder);
  }
  const jobs = runs.map(({ run }, at) => ({ runId: run.id, job: at + 1 }));
  const changes = inTransaction(project, () => {
    sendAway(project, bundle.id, jobs);
    noteBundle(project, {
      id: bundle.id,
      studyId: study.id,
      folder: wish.folder,
      jobs: bundle.jobs,
      packedAt: bundle.madeAt,
    });
    return changeAll(project, runs, { status: 'away', failure: null });
  });
  return { report: { bundle, folder: wish.folder, names: runs.map(({ run }) => run.name) }, changes };
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

async function writeJobs({ project }: Workplace, folder: string, runs: readonly StoredRun[]): Promise<void> {
  const readData = readOnce();
  const arrays = arrayFiles(folder);
  const shards = new Map<string, PackedShard>();
  const places = new Map(runs.map(({ run }, at) => [run.id, at + 1]));
  const { signal } = new AbortController();
  for (const [at, stored] of runs.entries()) {
    await lookForCopies(project, stored, signal);
    const awaited = awaitedOf(
      listNeeds(project, stored.run.id).map((id) => getRun(project, id).run),
      places,
    );
    const prepared = await prepareJob(project, stored, { readData, awaited });
    for (const file of Object.values(prepared.places.shards))
      if (!shards.has(file)) shards.set(file, await packFile(file, join(folder, 'shards')));
    for (const [sha256, file] of Object.entries(prepared.places.checkpoints))
      await packFile(file, join(folder, 'checkpoints'), `${sha256}.safetensors`);
    const packed = packedJob(stored, prepared, {
      index: at + 1,
      shards,
      awaited: awaited && { job: places.get(awaited.id)!, kinds: kindsOf(stored) },
    });
    writeJob(folder, packed, arrays);
  }
}

/** A pretext run that is packed beside it; what is done has its checkpoint, anything else will never have one. */
function awaitedOf(needs: readonly Run[], places: ReadonlyMap<string, number>): Run | null {
  for (const need of needs) {
    if (need.status === 'done') continue;
    if (places.has(need.id)) return need;
    throw new PretextError({
      code: 'run.needed-run-failed',
      message: `${need.name}, whose weights a run of the study begins with, is ${need.status}.`,
      place: need.name,
      remedy: 'Resume it, then pack the study again.',
    });
  }
  return null;
}

/** As a run here chooses: the checkpoint that the recipe names, or the last. */
const kindsOf = ({ config }: StoredRun): ('best' | 'last')[] =>
  isPretextConfig(config) || config.transfer === 'last' ? ['last'] : ['best', 'last'];

function packedJob(
  { run }: StoredRun,
  { job, places, selectionHash, datasetIds }: PreparedJob,
  {
    index,
    shards,
    awaited,
  }: { index: number; shards: ReadonlyMap<string, PackedShard>; awaited: PackedJob['startsFrom'] },
): PackedJob {
  return {
    format: BUNDLE_FORMAT,
    index,
    runId: run.id,
    name: run.name,
    selectionHash,
    plan: planOf({ job, selectionHash, datasetIds }),
    job,
    ...(places.processes && { processes: places.processes }),
    shards: Object.fromEntries(
      Object.entries(places.shards).map(([name, file]) => [name, shards.get(file)!]),
    ),
    checkpoints: Object.fromEntries(
      Object.keys(places.checkpoints).map((sha256) => [sha256, `${sha256}.safetensors`]),
    ),
    startsFrom: awaited,
  };
}

function writeJob(folder: string, packed: PackedJob, arrays: ArrayStore): void {
  writeFileSync(jobFile(folder, packed.index), `${toText(packed, arrays)}\n`);
}

/** All at the end, before the bundle gets its name: one after the other is much slower where there are many. */
async function flushJobs(folder: string, jobs: number): Promise<void> {
  const pace = createPacer();
  for (let index = 1; index <= jobs; index++) {
    flushAtOnce(jobFile(folder, index));
    await pace();
  }
  flushFolderAtOnce(join(folder, 'jobs'));
}

/** A second name for a file that is never written to again, or a copy where the bundle lies on another disk. */
async function packFile(file: string, folder: string, name = basename(file)): Promise<PackedShard> {
  const to = join(folder, name);
  if (!existsSync(to))
    await link(file, to).catch(async () => {
      await mkdir(folder, { recursive: true });
      await copyFile(file, to);
      const handle = await open(to, 'r');
      await handle.sync().finally(() => handle.close());
    });
  return { file: name, ...describeShard(to) };
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
