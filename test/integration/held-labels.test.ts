/** A study keeps the labels that it began with; what trains later reads the newest. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectService, type Client, type ServiceClient } from '../../src/client/service.ts';
import { fakeServiceHost } from '../fixtures/hosts.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { smallRecipe, until, untilStudy } from '../fixtures/studies.ts';

let folder: string;
let service: ServiceClient;
let client: Client;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pretext-held-'));
  await writeSmallImages(join(folder, 'images'));
  service = await connectService(fakeServiceHost({ stepMs: 20 }), {
    folder: join(folder, 'a.pretext'),
    createName: 'A',
  });
  ({ client } = service);
});
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true });
});

const small = async () => (await client.dataset.list())[0]!;
const change = async (label: string) => {
  const { id } = await small();
  const { samples } = await client.dataset.samples({ datasetId: id, split: 'train', label: 'cat', limit: 1 });
  return client.dataset.changeLabels({ datasetId: id, changes: [{ index: samples[0]!.index, label }] });
};
const versions = async () => {
  const { id } = await small();
  const { versions: all } = await client.dataset.labelVersions({ datasetId: id });
  return all.map(({ version, studies }) => [version, studies]);
};

it('a study that goes on after its labels have changed ends with those that it began with', async () => {
  const recipe = { ...smallRecipe(join(folder, 'images')), name: 'First' };
  const study = await client.study.start({ recipe });
  await until('it trains', async () => (await client.run.list()).some(({ status }) => status === 'running'));
  await client.run.pauseAll({ studyId: study.id });
  await until('it pauses', async () => (await client.study.get({ studyId: study.id })).status === 'paused');
  const before = await client.study.result({ studyId: study.id });
  expect(await change('dog')).toMatchObject({ version: 1, samples: 1 });
  expect((await client.study.result({ studyId: study.id })).split).toEqual(before.split);
  await client.run.resumeAll({ studyId: study.id });
  await untilStudy(client, study.id, 'done');
  const runs = (await client.run.list()).filter(({ studyId }) => studyId === study.id);
  expect(runs.map(({ failure }) => failure)).toEqual(runs.map(() => null));
  expect(await versions()).toEqual([
    [1, []],
    [0, ['First']],
  ]);

  // A later study learns from the newest labels: nothing of the first is taken for its own.
  const result = await client.study.result({ studyId: study.id });
  const later = await client.study.start({ recipe: { ...recipe, name: 'Second' } });
  await untilStudy(client, later.id, 'done');
  const others = (await client.run.list()).filter(({ studyId }) => studyId === later.id);
  expect(others.map(({ reused }) => reused ?? null)).toEqual(others.map(() => null));
  expect(await versions()).toEqual([
    [1, ['Second']],
    [0, ['First']],
  ]);
  // Labels brought back are those of the first study again, and so are its runs.
  await client.dataset.undoLabels({ datasetId: (await small()).id });
  const again = await client.study.start({ recipe: { ...recipe, name: 'Third' } });
  await untilStudy(client, again.id, 'done');
  const same = (await client.run.list()).filter(({ studyId }) => studyId === again.id);
  expect(same.every(({ reused }) => (reused?.length ?? 0) > 0)).toBe(true);
  expect(await client.study.result({ studyId: study.id })).toEqual(result);
});
