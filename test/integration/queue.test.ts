import { appendFile, copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectService, type ServiceClient, type ServiceRequest } from '../../src/client/service.ts';
import { closeProject, listRuns, openProject } from '../../src/project/index.ts';
import type { Behaviour } from '../fixtures/fake-trainer.ts';
import { fakeServiceHost } from '../fixtures/hosts.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { pretextRun, smallRecipe, until, untilStudy } from '../fixtures/studies.ts';

/** 1² + 2² + … + 20²: what the fake trainer's weights add up to when no step was lost or done twice. */
const SUM = (20 * 21 * 41) / 6;

let images: string;
let folder: string;
let open: ServiceClient[];

interface Connected extends ServiceClient {
  kill(): Promise<void>;
}

async function connect(
  behaviour: Partial<Behaviour> = {},
  request: Partial<ServiceRequest> = {},
): Promise<Connected> {
  const host = fakeServiceHost(behaviour);
  const service = await connectService(host, { folder, ...request });
  open.push(service);
  return {
    ...service,
    async kill() {
      host.started[0]!.kill();
      await service.exited;
    },
  };
}

const create = (behaviour: Partial<Behaviour> = {}) => connect(behaviour, { createName: 'Test' });

/** The curve of the pretext run: one point a step, and the sum of all steps at its end. */
async function expectWholeCurve({ client }: ServiceClient): Promise<void> {
  const points = await client.run.metrics({ runId: (await pretextRun(client)).id });
  expect(points.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  expect(points.at(-1)?.values['sum']).toBe(SUM);
}

beforeAll(async () => {
  images = await mkdtemp(join(tmpdir(), 'pretext-images-'));
  await writeSmallImages(images);
});
afterAll(() => rm(images, { recursive: true }));
beforeEach(async () => {
  open = [];
  folder = join(await mkdtemp(join(tmpdir(), 'pretext-queue-')), 'study.pretext');
});
afterEach(async () => {
  await Promise.all(open.map((service) => service.close()));
  await rm(join(folder, '..'), { recursive: true });
});

describe('a study', () => {
  it('imports its dataset, runs its runs in order and ends with its result', async () => {
    const service = await create();
    const { client } = service;
    const study = await client.study.start({ recipe: smallRecipe(images) });
    expect(study.status).toBe('importing');
    await untilStudy(client, study.id, 'done');

    const runs = await client.run.list();
    expect(runs.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'simclr-1 done',
      'pretrained-1 done',
      'baseline-1 done',
      'pretrained-2 done',
      'baseline-2 done',
    ]);
    await expectWholeCurve(service);
    const result = await client.study.result({ studyId: study.id });
    expect(result.results).toHaveLength(12);
    // Seeds 1, 2, 3: 0.71, 0.72, 0.73 against 0.61, 0.65, 0.63.
    const [summary] = result.summary;
    expect(summary?.arms.pretrained?.mean).toBeCloseTo(0.72, 12);
    expect(summary?.arms.pretrained?.sd).toBeCloseTo(0.01, 12);
    expect(summary?.arms.pretrained?.overfitGap).toBeCloseTo(0.2, 12);
    expect(summary?.arms.baseline?.mean).toBeCloseTo(0.63, 12);
    expect(summary?.difference?.mean).toBeCloseTo(0.09, 12);
    // Differences 0.1, 0.07, 0.1: standard error 0.01, t(0.975, 2) = 4.302653.
    expect(summary?.difference?.low).toBeCloseTo(0.09 - 0.04302653, 7);
    expect(result.split).toMatchObject({ disjoint: true, by: expect.stringContaining('random') });
    // Superseded checkpoints are gone: one file is left, that of the last step.
    expect(await readdir(join(folder, 'checkpoints'))).toHaveLength(1);

    // All of it stands in project.db itself: a copy of that alone lacks no run.
    const alone = await mkdtemp(join(tmpdir(), 'pretext-alone-'));
    await copyFile(join(folder, 'project.db'), join(alone, 'project.db'));
    const copy = openProject(alone);
    expect(listRuns(copy).map(({ name, status }) => `${name} ${status}`)).toEqual(
      runs.map(({ name }) => `${name} done`),
    );
    closeProject(copy);
    await rm(alone, { recursive: true });

    const [{ checkpointId } = { checkpointId: null }] = runs.filter(({ arm }) => arm === 'pretrained');
    expect(checkpointId).toBe((await client.checkpoint.list())[0]?.id);
    const again = await client.study.start({ recipe: smallRecipe(images) });
    expect(again.id).not.toBe(study.id);
  });

  it('of which a run fails goes on with what does not need it, then says why it failed', async () => {
    const { client } = await create({ failAt: 7 });
    const study = await client.study.start({ recipe: smallRecipe(images) });
    await untilStudy(client, study.id, 'failed');
    const runs = await client.run.list();
    expect(runs.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'simclr-1 failed',
      'pretrained-1 failed',
      'baseline-1 done',
      'pretrained-2 failed',
      'baseline-2 done',
    ]);
    expect(runs[1]?.failure?.message).toContain('simclr-1');
    expect((await client.study.get({ studyId: study.id })).failure?.code).toBe('training.diverged');
  });

  it('that is cancelled ends its running run and starts no other', async () => {
    const { client } = await create({ stepMs: 100 });
    const study = await client.study.start({ recipe: smallRecipe(images) });
    await until('it runs', async () => (await pretextRun(client)).status === 'running');
    await client.study.cancel({ studyId: study.id });
    const statuses = (await client.run.list()).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set(['cancelled']));
    expect((await client.study.get({ studyId: study.id })).status).toBe('cancelled');
  });

  it('cannot be started on a dataset that was imported in another way', async () => {
    const { client } = await create();
    const recipe = smallRecipe(images);
    const study = await client.study.start({ recipe });
    await untilStudy(client, study.id, 'done');
    const other = structuredClone(recipe);
    other.data.import['small']!.images.color = 'color';
    await expect(client.study.start({ recipe: other })).rejects.toMatchObject({
      data: { code: 'dataset.differs', message: expect.stringContaining('{"color":"auto"}') as unknown },
    });
  });
});

describe('a trainer', () => {
  it('that dies once is started again from the last checkpoint, and no step is lost', async () => {
    const service = await create({ dieAt: 13, dieOnce: `${folder}-died` });
    const study = await service.client.study.start({ recipe: smallRecipe(images) });
    await untilStudy(service.client, study.id, 'done');
    await expectWholeCurve(service);
  });

  it('that dies again and again at one place fails its run with what to do', async () => {
    const { client } = await create({ dieAt: 13 });
    const study = await client.study.start({ recipe: smallRecipe(images) });
    await untilStudy(client, study.id, 'failed');
    const run = await pretextRun(client);
    expect(run.failure).toMatchObject({ code: 'run.trainer-died' });
    expect(run.failure?.message).toContain('4 times');
    expect(run.failure?.remedy).toContain('smaller batch');
  });
});

describe('a run', () => {
  it('pauses with a checkpoint and resumes where it was', async () => {
    const service = await create({ stepMs: 60 });
    const { client } = service;
    const study = await client.study.start({ recipe: smallRecipe(images) });
    await until('it trains', async () => ((await pretextRun(client)).progress?.step ?? 0) >= 3);
    const { id } = await pretextRun(client);
    expect((await client.run.pause({ runId: id })).status).toBe('paused');
    await untilStudy(client, study.id, 'paused');
    const { checkpoints } = await client.run.get({ runId: id });
    expect(checkpoints[0]?.kind).toBe('last');
    await client.run.resume({ runId: 'simclr-1' });
    await untilStudy(client, study.id, 'done');
    await expectWholeCurve(service);
  });

  it('that failed can be tried again, by way of one that needs it as well', async () => {
    const service = await create({ failAt: 7, failOnce: `${folder}-failed` });
    const { client } = service;
    const study = await client.study.start({ recipe: smallRecipe(images) });
    await untilStudy(client, study.id, 'failed');
    const waiting = (await client.run.list()).find(({ name }) => name === 'pretrained-1')!;
    expect(waiting.failure?.code).toBe('run.needed-run-failed');
    await client.run.resume({ runId: waiting.id });
    await untilStudy(client, study.id, 'done');
    await expectWholeCurve(service);
  });

  it('and all others pause at one word, and go on at another', async () => {
    const service = await create({ stepMs: 150 });
    const second = await connect();
    const { client } = service;
    const study = await client.study.start({ recipe: smallRecipe(images) });
    await until('it trains', async () => ((await pretextRun(client)).progress?.step ?? 0) >= 3);
    // The second does not run the queue: it asks the first.
    const paused = await second.client.run.pauseAll({});
    expect(new Set(paused.map(({ status }) => status))).toEqual(new Set(['paused']));
    await untilStudy(client, study.id, 'paused');
    await client.run.resumeAll({ studyId: study.id });
    await untilStudy(client, study.id, 'done');
    await expectWholeCurve(service);
  });

  it('that is done cannot be paused', async () => {
    const { client } = await create();
    const study = await client.study.start({ recipe: smallRecipe(images) });
    await untilStudy(client, study.id, 'done');
    await expect(client.run.pause({ runId: 'simclr-1' })).rejects.toMatchObject({
      data: { code: 'run.wrong-status' },
    });
  });
});

describe('a service', () => {
  it('that is closed leaves a checkpoint, and the next one goes on', async () => {
    const first = await create({ stepMs: 60 });
    const study = await first.client.study.start({ recipe: smallRecipe(images) });
    await until('it trains', async () => ((await pretextRun(first.client)).progress?.step ?? 0) >= 3);
    await first.close();
    const look = await connect({}, { queue: 'off' });
    expect((await look.client.study.get({ studyId: study.id })).status).toBe('interrupted');
    const second = await connect();
    await untilStudy(second.client, study.id, 'done');
    await expectWholeCurve(second);
  });

  it('that is killed costs the steps since the last checkpoint, and nothing else', async () => {
    const first = await create({ stepMs: 60 });
    const recipe = smallRecipe(images);
    const study = await first.client.study.start({ recipe });
    await until('it trains', async () => ((await pretextRun(first.client)).progress?.step ?? 0) >= 7);
    await first.kill();
    const second = await connect();
    // The recipe again means the same study, which goes on.
    expect((await second.client.study.start({ recipe })).id).toBe(study.id);
    await untilStudy(second.client, study.id, 'done');
    await expectWholeCurve(second);
    expect((await readdir(join(folder, 'checkpoints'))).filter((file) => file.includes('.tmp'))).toEqual([]);
  });

  it('goes back to the checkpoint before when the last one is damaged', async () => {
    const first = await create({ stepMs: 60 });
    const study = await first.client.study.start({ recipe: smallRecipe(images) });
    await until('it trains', async () => ((await pretextRun(first.client)).progress?.step ?? 0) >= 12);
    const runId = (await pretextRun(first.client)).id;
    await first.kill();
    await appendFile(join(folder, 'checkpoints', `${runId}-last-10.safetensors`), 'damage');
    const second = await connect();
    await untilStudy(second.client, study.id, 'done');
    await expectWholeCurve(second);
  });
});

describe('two services on one project', () => {
  it('share one queue: the second asks the first, and takes over when it dies', async () => {
    const first = await create({ stepMs: 300 });
    const second = await connect();
    const study = await second.client.study.start({ recipe: smallRecipe(images) });
    await until('it trains', async () => ((await pretextRun(first.client)).progress?.step ?? 0) >= 2);
    expect((await first.client.project.get()).readOnlyQueue).toBe(false);
    expect((await second.client.project.get()).readOnlyQueue).toBe(true);

    const { id } = await pretextRun(second.client);
    expect((await second.client.run.pause({ runId: id })).status).toBe('paused');
    expect((await first.client.run.get({ runId: id })).run.status).toBe('paused');
    expect((await second.client.run.resume({ runId: id })).status).toMatch(/queued|running/);
    await expect(second.client.run.resume({ runId: 'nobody' })).rejects.toMatchObject({
      data: { code: 'run.missing' },
    });

    await until('it trains again', async () => (await pretextRun(second.client)).status === 'running');
    await first.kill();
    await until('the second owns the queue', async () => !(await second.client.project.get()).readOnlyQueue);
    await untilStudy(second.client, study.id, 'done');
    await expectWholeCurve(second);
  });

  it('hear of each other: what one changes, the other tells', async () => {
    const first = await create();
    const second = await connect();
    const heard: string[] = [];
    const listening = (async () => {
      for await (const event of await second.client.events()) {
        heard.push(event.type);
        if (event.type === 'study' && event.study.status === 'done') return;
      }
    })();
    await until('the second listens', () => heard.includes('hello'));
    await first.client.study.start({ recipe: smallRecipe(images) });
    await listening;
    expect(heard).toEqual(expect.arrayContaining(['hello', 'dataset', 'study', 'run', 'metrics']));
  });
});
