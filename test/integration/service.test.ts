import { createRouterClient } from '@orpc/server';
import { mkdirSync, writeFileSync, existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/contract/entities.ts';
import { importSchema, type ImportOptions } from '../../src/contract/recipe/recipe.ts';
import { createProject, openProject } from '../../src/project/index.ts';
import { router } from '../../src/service/handlers/router.ts';
import { startService, type Service } from '../../src/service/serve.ts';
import { fakeTrainerHost } from '../fixtures/hosts.ts';
import { temporaryFolder } from '../fixtures/projects.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { smallRecipe, until, untilStudy } from '../fixtures/studies.ts';

const services: Service[] = [];

/** The real handlers on a real project, called without a process between. */
function start() {
  const project = createProject(join(temporaryFolder(), 'a.pretext'), 'A', '0.0.0');
  const service = startService(project, fakeTrainerHost(), 'on');
  services.push(service);
  return { client: createRouterClient(router, { context: { actions: service.actions } }), project };
}
type Started = ReturnType<typeof start>;

async function images(perClass = 5): Promise<string> {
  const folder = join(temporaryFolder(), 'images');
  await writeSmallImages(folder, perClass);
  return folder;
}

async function importInto(
  { client }: Started,
  name: string,
  path: string,
  more: Partial<ImportOptions> = {},
): Promise<Dataset> {
  const { id } = await client.dataset.import({ name, options: importSchema.parse({ path, ...more }) });
  await until('it is imported', async () => (await client.dataset.imports()).every((one) => one.id !== id));
  const dataset = (await client.dataset.list()).find((one) => one.id === id);
  if (!dataset) throw new Error('the import failed');
  return dataset;
}

const failsWith = (code: string) => ({ data: expect.objectContaining({ code }) as unknown });

afterEach(() => Promise.all(services.splice(0).map((service) => service.close())));

describe('datasets', () => {
  it('can be looked at: pages, thumbnails, issues', async () => {
    const started = start();
    const { client } = started;
    const folder = await images();
    writeFileSync(join(folder, 'cat', 'broken.png'), 'no picture');
    const { id: datasetId, issueCounts } = await importInto(started, 'small', folder);
    expect(issueCounts.leftOut).toBe(1);
    const { issues } = await client.dataset.issues({ datasetId });
    expect(issues).toMatchObject([{ file: 'cat/broken.png', severity: 'left-out' }]);

    const dogs = await client.dataset.samples({ datasetId, label: 'dog', limit: 2 });
    expect(dogs.total).toBe(5);
    expect(dogs.samples.map(({ label }) => label)).toEqual(['dog', 'dog']);
    expect((await client.dataset.samples({ datasetId, label: 'cow' })).total).toBe(0);
    expect((await client.dataset.samples({ datasetId, label: null })).total).toBe(0);

    const pictures = await client.dataset.thumbnails({ datasetId, indices: [3, 0, 99] });
    expect(pictures).toHaveLength(2);
    expect(pictures[0]).toMatchObject({ kind: 'image', width: 16, height: 16 });
    expect(pictures[0]).not.toEqual(pictures[1]);
    await expect(client.dataset.samples({ datasetId: 'none' })).rejects.toMatchObject(
      failsWith('dataset.missing'),
    );
  });

  it('that are removed can be restored, and are gone when the project is opened later', async () => {
    const started = start();
    const { client, project } = started;
    const { id: datasetId } = await importInto(started, 'small', await images());
    expect((await client.dataset.remove({ datasetId })).undoSeconds).toBeGreaterThan(0);
    expect(await client.dataset.list()).toEqual([]);
    await client.dataset.restore({ datasetId });
    expect(await client.dataset.list()).toHaveLength(1);
    await client.dataset.rename({ datasetId, name: 'renamed' });
    expect((await client.dataset.list())[0]?.name).toBe('renamed');

    await client.dataset.remove({ datasetId });
    project.connection.prepare("UPDATE datasets SET removed_at = '2020-01-01T00:00:00.000Z'").run();
    const shards = join(project.folder, 'shards');
    writeFileSync(join(shards, `${datasetId}.shard.abc.bin`), 'made from it in another shape');
    expect(await readdir(shards)).toHaveLength(2);
    await services[0]!.actions.removals.purge();
    expect(await readdir(shards)).toEqual([]);
  });

  it('in use by an unfinished study can be neither removed nor renamed', async () => {
    const started = start();
    const { client } = started;
    const folder = await images(30);
    const study = await client.study.start({ recipe: smallRecipe(folder) });
    await until('it trains', async () => (await client.run.list())[0]?.status === 'running');
    const [{ id: datasetId } = { id: '' }] = await client.dataset.list();
    await expect(client.dataset.remove({ datasetId })).rejects.toMatchObject(failsWith('dataset.in-use'));
    await expect(client.dataset.rename({ datasetId, name: 'b' })).rejects.toMatchObject(
      failsWith('dataset.in-use'),
    );
    await expect(client.study.remove({ studyId: study.id })).rejects.toMatchObject(failsWith('study.open'));
    await client.study.cancel({ studyId: study.id });
    await client.study.remove({ studyId: study.id });
    expect(await client.run.list()).toEqual([]);
    await client.study.restore({ studyId: study.id });
    expect(await client.run.list()).toHaveLength(5);
  });

  it('whose import is cancelled or fails leave nothing', async () => {
    const { client, project } = start();
    const { id } = await client.dataset.import({
      name: 'gone',
      options: importSchema.parse({ path: await images() }),
    });
    await client.dataset.cancelImport({ id });
    const empty = join(temporaryFolder(), 'empty');
    mkdirSync(empty);
    await client.dataset.import({ name: 'empty', options: importSchema.parse({ path: empty }) });
    await until('both ended', async () => (await client.dataset.imports()).length === 0);
    expect(await client.dataset.list()).toEqual([]);
    expect(await readdir(join(project.folder, 'shards'))).toEqual([]);
  });
});

describe('studies', () => {
  it('of several shapes are brought to one, and the run says how', async () => {
    const started = start();
    const { client } = started;
    await importInto(started, 'small', await images(30));
    await importInto(started, 'other', await images(30), { images: { size: 24, color: 'color' } });
    const recipe = smallRecipe('unused');
    recipe.data = { ...recipe.data, import: {}, pretrain: ['small', 'other'] };
    const study = await client.study.start({ recipe });
    await untilStudy(client as never, study.id, 'done');
    const { config } = await client.run.get({ runId: 'simclr-1' });
    expect(config['inputShape']).toEqual([16, 16, 1]);
    expect(config['harmonisation']).toEqual({
      small: [],
      other: [{ step: 'resize', from: [24, 24], to: [16, 16] }, { step: 'to-grey' }],
    });
    const { text } = await client.study.yaml({ studyId: study.id });
    expect(text).toContain('pretrain:\n    - small\n    - other');
  });

  it('that are done keep their answer when a dataset is renamed or removed, and another takes its name', async () => {
    const started = start();
    const { client, project } = started;
    const { id: datasetId } = await importInto(started, 'small', await images(30));
    const recipe = smallRecipe('unused');
    recipe.data = { ...recipe.data, import: {} };
    const study = await client.study.start({ recipe });
    await untilStudy(client as never, study.id, 'done');
    const expected = await client.study.result({ studyId: study.id });
    expect(expected.summary.length).toBe(2);

    await client.dataset.rename({ datasetId, name: 'renamed' });
    await importInto(started, 'small', await images(10));
    expect(await client.study.result({ studyId: study.id })).toEqual(expected);

    // A study of an earlier version of the program kept nothing: it does before its dataset goes.
    await client.dataset.remove({ datasetId: (await client.dataset.list()).at(-1)!.id });
    await client.dataset.rename({ datasetId, name: 'small' });
    project.connection.prepare('UPDATE studies SET facts = NULL').run();
    const { usedBy } = await client.dataset.remove({ datasetId });
    expect(usedBy).toEqual([study.name]);
    expect(await client.study.result({ studyId: study.id })).toEqual(expected);
  });

  it('that were importing when the project was closed wait for a word before they read anything', async () => {
    const started = start();
    const { client, project } = started;
    const folder = await images(30);
    const study = await client.study.start({ recipe: smallRecipe(folder) });
    await services.splice(0)[0]!.close();
    const again = openProject(project.folder);
    const service = startService(again, fakeTrainerHost(), 'on');
    services.push(service);
    const next = createRouterClient(router, { context: { actions: service.actions } });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const held = await next.study.get({ studyId: study.id });
    expect(held).toMatchObject({
      status: 'importing',
      failure: { code: 'study.import-held', place: folder },
    });
    expect(held.failure?.message).toContain(folder);
    expect(await next.dataset.imports()).toEqual([]);
    expect((await next.study.start({ recipe: smallRecipe(folder) })).id).toBe(study.id);
    await untilStudy(next as never, study.id, 'done');
  });

  it('whose import fails say why, and go on once the cause is gone', async () => {
    const { client } = start();
    const folder = join(temporaryFolder(), 'later');
    const recipe = smallRecipe(folder);
    await expect(client.study.start({ recipe })).rejects.toMatchObject(failsWith('path.missing'));
    expect(await client.study.list()).toEqual([]);
    mkdirSync(folder);
    const study = await client.study.start({ recipe });
    await untilStudy(client as never, study.id, 'failed');
    expect((await client.study.get({ studyId: study.id })).failure?.place).toBe(folder);
    await writeSmallImages(folder);
    expect((await client.study.start({ recipe })).id).toBe(study.id);
    await untilStudy(client as never, study.id, 'done');
  });

  it('that ship with the program can be listed', async () => {
    const { client } = start();
    const samples = await client.study.samples();
    expect(samples.length > 0).toBe(existsSync(new URL('../../samples/index.yaml', import.meta.url)));
    await expect(client.study.startSample({ id: 'none' })).rejects.toMatchObject(failsWith('sample.missing'));
  });
});

describe('a preview', () => {
  it('comes from a warm trainer, as pictures', async () => {
    const started = start();
    const { id: datasetId } = await importInto(started, 'small', await images());
    const question = { datasetId, task: 'simclr', options: {}, seed: 1, count: 3 };
    const items = await started.client.preview(question);
    expect(items).toHaveLength(3);
    expect(items[0]?.panels[0]?.content).toMatchObject({ kind: 'image', width: 16 });
    expect(new Set(items.map(({ sampleIndex }) => sampleIndex)).size).toBe(3);
    expect(await started.client.preview(question)).toEqual(items);
  });
});

describe('the project', () => {
  it('can be renamed, and refuses an empty name with a failure', async () => {
    const { client } = start();
    expect((await client.project.rename({ name: 'B' })).name).toBe('B');
    expect((await client.project.get()).name).toBe('B');
    await expect(client.project.rename({ name: ' ' })).rejects.toMatchObject(failsWith('request.invalid'));
  });

  it('knows its encoders and tasks', async () => {
    const { client } = start();
    const { tasks, encoders, recipe } = await client.catalogue();
    expect(tasks.map(({ id }) => id)).toContain('simclr');
    expect(encoders.length).toBeGreaterThan(1);
    expect(recipe.pretext['properties']).toHaveProperty('batchSize');
  });
});
