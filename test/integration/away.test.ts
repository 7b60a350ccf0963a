/** A study that other machines compute: packed, worked on by real worker processes, killed, moved, and brought back. */
import { cp, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { connectService, type ServiceClient } from '../../src/client/service.ts';
import type { ResultRow } from '../../src/contract/results/result.ts';
import { PROGRAM_VERSION } from '../../src/host/version.ts';
import { startJob } from '../../src/worker/run-job.ts';
import type { Behaviour } from '../fixtures/fake-trainer.ts';
import { fakeServiceHost, fakeTrainerHost } from '../fixtures/hosts.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { smallRecipe, untilStudy } from '../fixtures/studies.ts';
import { recipeSchema } from '../../src/contract/recipe/recipe.ts';

let images: string;
let parent: string;
let open: ServiceClient[];

beforeAll(async () => {
  images = await mkdtemp(join(tmpdir(), 'pretext-images-'));
  await writeSmallImages(images);
});
afterAll(() => rm(images, { recursive: true }));
beforeEach(async () => {
  open = [];
  parent = await mkdtemp(join(tmpdir(), 'pretext-away-'));
});
afterEach(async () => {
  await Promise.all(open.map((service) => service.close()));
  await rm(parent, { recursive: true });
});

async function project(name: string) {
  const service = await connectService(fakeServiceHost(), { folder: join(parent, name), createName: name });
  open.push(service);
  return service.client;
}

/** Its data are there, and nothing of it is computed here. */
async function waiting(client: ServiceClient['client']) {
  const recipe = recipeSchema.parse({ ...smallRecipe(images), device: { on: 'slurm', threads: 1 } });
  const study = await client.study.start({ recipe });
  await untilStudy(client, study.id, 'paused');
  return study;
}

async function packed(client: ServiceClient['client'], name = 'bundle') {
  const study = await waiting(client);
  const folder = join(parent, name);
  const { bundle } = await client.away.pack({ studyId: study.id, folder });
  return { study, folder, bundle };
}

async function compute(folder: string, index: number, behaviour: Partial<Behaviour> = {}) {
  const work = await startJob(folder, index, { host: fakeTrainerHost(behaviour), program: PROGRAM_VERSION });
  return work.ended;
}

const strip = ({ pretraining: _pretraining, ...row }: ResultRow) => row;
const resultsOf = async (client: ServiceClient['client'], studyId: string) =>
  (await client.study.result({ studyId })).results
    .map(strip)
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

it('brings back the very results that are computed here, whatever order jobs come in, once or twice', async () => {
  const here = await project('here');
  const study = await here.study.start({ recipe: smallRecipe(images) });
  await untilStudy(here, study.id, 'done');
  const expected = await resultsOf(here, study.id);

  const client = await project('away');
  const { study: away, folder, bundle } = await packed(client);
  expect(bundle).toMatchObject({ jobs: 5, threads: 1, stages: ['1,3,5', '2,4'] });
  expect((await client.study.get({ studyId: away.id })).status).toBe('away');
  await expect(compute(folder, 2)).resolves.toMatchObject({
    kind: 'failed',
    failure: { code: 'job.needs', message: expect.stringContaining('job 1') },
  });
  // Baselines first: they need nothing, and come back alone.
  expect(await compute(folder, 3)).toEqual({ kind: 'done' });
  const first = await client.away.merge({ folder });
  expect(first.jobs.map(({ merged }) => merged)).toEqual(['nothing', 'nothing', 'all', 'nothing', 'nothing']);
  for (const index of [5, 1, 2]) expect(await compute(folder, index)).toEqual({ kind: 'done' });
  // The folder moves meanwhile: no path stands in it.
  const moved = join(parent, 'elsewhere');
  await rename(folder, moved);
  expect(await compute(moved, 4)).toEqual({ kind: 'done' });
  const last = await client.away.merge({ folder: moved });
  expect(last.refused).toEqual([]);
  expect(last.jobs.every(({ merged }) => merged === 'all')).toBe(true);
  expect((await client.study.get({ studyId: away.id })).status).toBe('done');
  expect(await resultsOf(client, away.id)).toEqual(expected);

  const before = await resultsOf(client, away.id);
  expect((await client.away.merge({ folder: moved })).refused).toEqual([]);
  expect(await resultsOf(client, away.id)).toEqual(before);
  const pretext = (await client.run.list()).find(({ kind }) => kind === 'pretext')!;
  expect(await client.run.metrics({ runId: pretext.id })).toHaveLength(20);
  const [checkpoint] = await client.checkpoint.list();
  expect(existsSync(join(parent, 'away', 'checkpoints', checkpoint!.file))).toBe(true);
  expect((await client.project.check()).problems).toEqual([]);
});

it('goes on from the checkpoint after its trainer dies, and tells curves while it runs', async () => {
  const client = await project('away');
  const { folder } = await packed(client);
  const dieOnce = join(parent, 'died');
  expect(await compute(folder, 1, { dieAt: 12, dieOnce })).toEqual({ kind: 'done' });
  const journal = await readFile(join(folder, 'results', '000001', 'journal.jsonl'), 'utf8');
  expect(journal.match(/"type":"begin"/g)).toHaveLength(2);
  expect(journal).toContain('"resumeStep":10');
  await client.away.merge({ folder });
  const pretext = (await client.run.list()).find(({ kind }) => kind === 'pretext')!;
  const points = await client.run.metrics({ runId: pretext.id });
  expect(points.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
  // As an undisturbed run's: 1² + … + 20².
  expect(points.at(-1)!.values['sum']).toBe(2870);
  expect(await readdir(join(folder, 'results', '000001', 'checkpoints'))).toEqual([
    expect.stringMatching(/-last-20\.safetensors$/),
  ]);
});

it('pauses when it is asked to end, and says what failed in the words of the job', async () => {
  const client = await project('away');
  const { folder } = await packed(client);
  const work = await startJob(folder, 1, { host: fakeTrainerHost({ stepMs: 50 }), program: PROGRAM_VERSION });
  await expect(compute(folder, 1)).rejects.toMatchObject({ failure: { code: 'job.claimed' } });
  setTimeout(() => work.pause(), 300);
  expect(await work.ended).toEqual({ kind: 'paused' });
  const paused = await client.away.merge({ folder });
  expect(paused.jobs[0]).toMatchObject({ state: 'paused', merged: 'some' });

  expect(await compute(folder, 1, { failAt: 18 })).toMatchObject({ kind: 'failed' });
  const failed = await client.away.merge({ folder });
  expect(failed.jobs[0]).toMatchObject({ state: 'failed', failure: { code: 'training.diverged' } });
  // Submitted again alone, it gets there.
  expect(await compute(folder, 1)).toEqual({ kind: 'done' });
  expect((await client.away.merge({ folder })).jobs[0]).toMatchObject({ state: 'done', merged: 'all' });
});

it('refuses a changed shard, another version, another project, a changed file, and data that changed since', async () => {
  const client = await project('away');
  const { folder } = await packed(client);
  const other = await project('other');
  await expect(other.away.merge({ folder })).rejects.toMatchObject({
    data: { code: 'bundle.other-project' },
  });
  await expect(client.away.merge({ folder: images })).rejects.toMatchObject({
    data: { code: 'bundle.none' },
  });
  await expect(startJob(folder, 1, { host: fakeTrainerHost(), program: '99.0.0' })).rejects.toMatchObject({
    failure: { code: 'bundle.version' },
  });
  await expect(
    startJob(folder, 6, { host: fakeTrainerHost(), program: PROGRAM_VERSION }),
  ).rejects.toMatchObject({ failure: { code: 'job.missing' } });

  const changed = join(parent, 'changed');
  await cp(folder, changed, { recursive: true });
  const [shard] = await readdir(join(changed, 'shards'));
  await writeFile(join(changed, 'shards', shard!), 'something else');
  expect(await compute(changed, 1)).toMatchObject({ kind: 'failed', failure: { code: 'bundle.changed' } });

  expect(await compute(folder, 1)).toEqual({ kind: 'done' });
  const made = join(folder, 'results', '000001', 'checkpoints');
  const [checkpoint] = await readdir(made);
  await writeFile(join(made, checkpoint!), 'something else');
  const report = await client.away.merge({ folder });
  expect(report.refused).toMatchObject([{ failure: { code: 'bundle.changed' } }]);
  expect(report.jobs[0]).toMatchObject({ merged: 'nothing' });
});

it('lets a run be taken back, after which what its job says counts no more', async () => {
  const client = await project('away');
  const { folder, study } = await packed(client);
  await client.run.resumeAll({ studyId: study.id });
  for (const { id } of (await client.run.list()).filter(({ status }) => status === 'away'))
    await client.run.resume({ runId: id });
  await untilStudy(client, study.id, 'done');
  const before = await resultsOf(client, study.id);
  expect(await compute(folder, 1)).toEqual({ kind: 'done' });
  const report = await client.away.merge({ folder });
  expect(report.refused).toEqual([]);
  expect(await resultsOf(client, study.id)).toEqual(before);
});

it.runIf(process.platform !== 'win32')(
  'hands jobs to an engine, knows where they lie when they were moved, and takes them back',
  async () => {
    // Stands for Slurm's commands: writes down how it was called.
    const programs = join(parent, 'programs');
    await mkdir(programs);
    const log = join(parent, 'called');
    for (const name of ['sbatch', 'scancel', 'squeue', 'sacct'])
      await writeFile(
        join(programs, name),
        `#!/bin/sh\necho "${name} $*" >> '${log}'\n[ ${name} = sbatch ] && echo 41\nexit 0\n`,
        { mode: 0o755 },
      );
    const { PATH } = process.env;
    process.env['PATH'] = `${programs}:${PATH}`;
    try {
      const client = await project('away');
      const { study, folder, bundle } = await packed(client);
      const { engines } = await client.away.engines({ studyId: study.id });
      expect(engines.find(({ id }) => id === 'slurm')).toMatchObject({ isHere: true, program: 'sbatch' });
      const wishes = { partition: 'cpu' };
      const { words, scripts } = await client.away.submit({ folder, engine: 'slurm', wishes });
      expect(words).toBe('41\n41');
      const names = ['task.sh', 'submit.sh', 'cancel.sh', 'stage-1.txt', 'stage-2.txt'];
      expect(scripts.map((file) => basename(file))).toEqual(names);
      expect(await readFile(log, 'utf8')).toMatch(/^sbatch .*--array=1,3,5 .*--partition=cpu/);
      const [known] = await client.away.bundles({ studyId: study.id });
      expect(known).toMatchObject({ id: bundle.id, folder, engine: 'slurm' });

      expect(await compute(folder, 3)).toEqual({ kind: 'done' });
      const moved = join(parent, 'moved');
      await rename(folder, moved);
      await client.away.merge({ folder: moved });
      expect((await client.away.bundles({ studyId: study.id }))[0]).toMatchObject({ folder: moved });
      expect(await client.away.ask({ folder: moved, engine: 'slurm' })).toEqual({
        words: '',
        hasOpenJobs: false,
      });
      const { runs } = await client.away.takeBack({ studyId: study.id });
      expect(runs).toBe(4);
      expect(await readFile(log, 'utf8')).toContain('scancel 41 41');
      const statuses = (await client.run.list()).map(({ status }) => status).toSorted();
      expect(statuses).toEqual(['done', 'paused', 'paused', 'paused', 'paused']);
      expect((await client.study.get({ studyId: study.id })).status).toBe('paused');
    } finally {
      process.env['PATH'] = PATH;
    }
  },
);
