/** The jobs of a bundle, written with the samples and weights that they need. */
import { existsSync, writeFileSync } from 'node:fs';
import { copyFile, link, mkdir, open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describeShard } from '../../bundle/job.ts';
import { arrayFiles, toText, type ArrayStore } from '../../bundle/arrays.ts';
import { jobFile } from '../../bundle/files.ts';
import { BUNDLE_FORMAT, type PackedJob, type PackedShard } from '../../contract/elsewhere/bundle.ts';
import type { JobTime } from '../../contract/elsewhere/job-time.ts';
import type { Run } from '../../contract/entities.ts';
import { PretextError } from '../../contract/errors.ts';
import type { QuestionProgress } from '../../contract/messages/trainer.ts';
import { isPretextConfig } from '../../contract/recipe/run-config.ts';
import { createPacer } from '../../data/index.ts';
import { flushAtOnce, flushFolderAtOnce } from '../../machine/replace-file.ts';
import { getRun, listNeeds, type StoredRun } from '../../project/index.ts';
import { lookForCopies, prepareJob, type PreparedJob } from '../runs/jobs.ts';
import type { Workplace } from '../workplace/workplace.ts';
import { planOf } from './plan.ts';
import { readOnce } from './run-data-once.ts';

const TELL_EVERY_MS = 250;

export interface PackWatch {
  signal?: AbortSignal | undefined;
  onProgress?: (progress: QuestionProgress) => void;
}

/** What the jobs of a bundle have in common while they are written. */
export interface Writing {
  runs: readonly StoredRun[];
  /** The number of each run's job. */
  places: ReadonlyMap<string, number>;
  readData: ReturnType<typeof readOnce>;
}

export const writingOf = (runs: readonly StoredRun[]): Writing => ({
  runs,
  places: new Map(runs.map(({ run }, at) => [run.id, at + 1])),
  readData: readOnce(),
});

/** The job of a run, and the run beside it whose weights it waits for. */
export async function prepare(
  { project }: Workplace,
  stored: StoredRun,
  { places, readData }: Writing,
  signal: AbortSignal = new AbortController().signal,
): Promise<{ prepared: PreparedJob; awaited: Run | null }> {
  await lookForCopies(project, stored, signal);
  const needs = listNeeds(project, stored.run.id).map((id) => getRun(project, id).run);
  const awaited = awaitedOf(needs, places);
  return { prepared: await prepareJob(project, stored, { readData, awaited }), awaited };
}

/** A file for each, with all that they need beside. On the disk when this returns. */
export async function writeJobs(
  workplace: Workplace,
  folder: string,
  {
    signal,
    onProgress = () => undefined,
    ...writing
  }: Writing & PackWatch & { timeOf(stored: StoredRun): JobTime | null },
): Promise<void> {
  const arrays = arrayFiles(folder);
  const shards = new Map<string, PackedShard>();
  const total = writing.runs.length;
  let toldMs = -Infinity;
  for (const [at, stored] of writing.runs.entries()) {
    signal?.throwIfAborted();
    if (performance.now() - toldMs > TELL_EVERY_MS) {
      toldMs = performance.now();
      onProgress({ phase: 'Writing jobs', done: at, total });
    }
    const { prepared, awaited } = await prepare(workplace, stored, writing, signal);
    for (const file of Object.values(prepared.places.shards))
      if (!shards.has(file)) shards.set(file, await packFile(file, join(folder, 'shards')));
    for (const [sha256, file] of Object.entries(prepared.places.checkpoints))
      await packFile(file, join(folder, 'checkpoints'), `${sha256}.safetensors`);
    const packed = packedJob(stored, prepared, {
      index: at + 1,
      shards,
      awaited: awaited && { job: writing.places.get(awaited.id)!, kinds: kindsOf(stored) },
      time: writing.timeOf(stored),
    });
    writeJob(folder, packed, arrays);
  }
  await flushJobs(folder, writing.runs.length);
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
    time,
  }: {
    index: number;
    shards: ReadonlyMap<string, PackedShard>;
    awaited: PackedJob['startsFrom'];
    time: JobTime | null;
  },
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
    ...(time && { time }),
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
