/** Studies that wait for their data: shared imports, cancelled ones, and studies that are removed meanwhile. */
import { createRouterClient } from '@orpc/server';
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Recipe } from '../../src/contract/recipe/recipe.ts';
import { createProject, deleteStudy, openProject } from '../../src/project/index.ts';
import { router } from '../../src/service/handlers/router.ts';
import { startService, type Service } from '../../src/service/serve.ts';
import { fakeTrainerHost } from '../fixtures/hosts.ts';
import { temporaryFolder } from '../fixtures/projects.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { smallRecipe, until, untilStudy } from '../fixtures/studies.ts';

const services: Service[] = [];
let images: string;

function start(folder?: string) {
  const project = folder
    ? openProject(folder)
    : createProject(join(temporaryFolder(), 'a.pretext'), 'A', '0.0.0');
  const service = startService(project, fakeTrainerHost({ steps: 5, stepMs: 1, seedMs: 1 }), 'on');
  services.push(service);
  return { client: createRouterClient(router, { context: { actions: service.actions } }), project };
}

const named = (name: string): Recipe => ({ ...smallRecipe(images), name });

beforeAll(async () => {
  images = await mkdtemp(join(tmpdir(), 'pretext-many-images-'));
  // Enough that an import is still under way when the next request comes.
  await writeSmallImages(images, 400);
});
afterAll(() => rm(images, { recursive: true }));
afterEach(() => Promise.all(services.splice(0).map((service) => service.close())));

describe('two studies that import the same dataset', () => {
  it('share one import, and both end', async () => {
    const { client } = start();
    const first = await client.study.start({ recipe: named('First') });
    const second = await client.study.start({ recipe: named('Second') });
    expect(second.id).not.toBe(first.id);
    await untilStudy(client, first.id, 'done');
    await untilStudy(client, second.id, 'done');
    expect(await client.dataset.list()).toHaveLength(1);
  });

  it('keep it when one of them is cancelled, and say so when they want it in different ways', async () => {
    const { client } = start();
    const first = await client.study.start({ recipe: named('First') });
    const second = await client.study.start({ recipe: named('Second') });
    const other = named('Other');
    other.data.import['small']!.images.color = 'color';
    const third = await client.study.start({ recipe: other });
    await until('it imports', async () => (await client.dataset.imports()).length === 1);
    await client.study.cancel({ studyId: first.id });
    await untilStudy(client, second.id, 'done');
    expect((await client.study.get({ studyId: first.id })).status).toBe('cancelled');
    await untilStudy(client, third.id, 'failed');
    expect((await client.study.get({ studyId: third.id })).failure?.code).toBe('dataset.differs');
  });
});

describe('a study that is cancelled while it is prepared', () => {
  it('stops its import and leaves nothing of it', async () => {
    const { client } = start();
    const { id: studyId } = await client.study.start({ recipe: named('First') });
    await until('it imports', async () => (await client.dataset.imports()).length === 1);
    await client.study.cancel({ studyId });
    await until('the import ended', async () => (await client.dataset.imports()).length === 0);
    expect(await client.dataset.list()).toEqual([]);
    expect((await client.study.get({ studyId })).status).toBe('cancelled');
  });

  it('but not an import that somebody started by itself', async () => {
    const { client } = start();
    const recipe = named('First');
    await client.dataset.import({ name: 'small', options: recipe.data.import['small']! });
    const { id: studyId } = await client.study.start({ recipe });
    await client.study.cancel({ studyId });
    await until('it is imported', async () => (await client.dataset.imports()).length === 0);
    expect((await client.dataset.list()).map(({ name }) => name)).toEqual(['small']);
  });

  it('and is deleted before its import has ended, ends nothing else', async () => {
    const { client, project } = start();
    const { id: studyId } = await client.study.start({ recipe: named('First') });
    await until('it imports', async () => (await client.dataset.imports()).length === 1);
    await client.study.cancel({ studyId });
    deleteStudy(project, studyId);
    await until('the import ended', async () => (await client.dataset.imports()).length === 0);
    const again = await client.study.start({ recipe: named('Second') });
    await untilStudy(client, again.id, 'done');
  });
});

describe('a study that was importing when its project was closed', () => {
  it('starts no run until it has its data, though all are paused and resumed, and then ends', async () => {
    const first = start();
    const { id: studyId } = await first.client.study.start({ recipe: named('First') });
    await until('it imports', async () => (await first.client.dataset.imports()).length === 1);
    await services.splice(0)[0]!.close();

    const { client } = start(first.project.folder);
    const study = () => client.study.get({ studyId });
    const statuses = async () => new Set((await client.run.list()).map(({ status }) => status));
    expect(await study()).toMatchObject({ status: 'importing', failure: { code: 'study.import-held' } });
    await client.run.pauseAll({});
    expect(await statuses()).toEqual(new Set(['paused']));
    await client.run.resumeAll({});
    expect(await statuses()).toEqual(new Set(['queued']));
    const [run] = await client.run.list();
    await expect(client.run.resume({ runId: run!.id })).rejects.toMatchObject({
      data: { code: 'study.import-held', place: images },
    });
    expect((await study()).status).toBe('importing');
    expect(await statuses()).toEqual(new Set(['queued']));
    // The same recipe again is a person's word.
    expect((await client.study.start({ recipe: named('First') })).id).toBe(studyId);
    await untilStudy(client, studyId, 'done');
  });

  it('whose import fails tries again when one of its runs is resumed', async () => {
    const { client } = start();
    const folder = join(temporaryFolder(), 'later');
    mkdirSync(folder);
    const { id: studyId } = await client.study.start({ recipe: smallRecipe(folder) });
    await untilStudy(client, studyId, 'failed');
    await client.run.pauseAll({});
    await client.run.resumeAll({});
    expect((await client.study.get({ studyId })).status).toBe('failed');
    await writeSmallImages(folder);
    await client.run.resume({ runId: (await client.run.list())[0]!.id });
    await untilStudy(client, studyId, 'done');
  });
});
