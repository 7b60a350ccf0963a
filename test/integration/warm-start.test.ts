import { createRouterClient } from '@orpc/server';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { recipeSchema, type RecipeInput } from '../../src/contract/recipe/recipe.ts';
import { createProject } from '../../src/project/index.ts';
import { router } from '../../src/service/handlers/router.ts';
import { startService, type Service } from '../../src/service/serve.ts';
import { fakeTrainerHost } from '../fixtures/hosts.ts';
import { temporaryFolder } from '../fixtures/projects.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { until, untilStudy } from '../fixtures/studies.ts';

const services: Service[] = [];
afterEach(() => Promise.all(services.splice(0).map((service) => service.close())));

/** A project whose first study has pretrained on the small images. */
async function pretrained() {
  const images = join(temporaryFolder(), 'images');
  await writeSmallImages(images, 15);
  const project = createProject(join(temporaryFolder(), 'a.pretext'), 'A', '0.0.0');
  const service = startService(project, fakeTrainerHost({ stepMs: 20 }), 'on');
  services.push(service);
  const client = createRouterClient(router, { context: { actions: service.actions } });
  const start = (name: string, more: Partial<RecipeInput>) =>
    client.study.start({
      recipe: recipeSchema.parse({
        name,
        data: { import: { small: { path: images, format: 'image-folder' } }, pretrain: ['small'] },
        ...more,
      }),
    });
  const first = await start('First', { pretext: {} });
  await untilStudy(client, first.id, 'done');
  const [checkpoint] = await client.checkpoint.list();
  return { client, start, first, checkpoint: checkpoint! };
}

it('a pretext run goes on from a checkpoint of another, and says so wherever one looks', async () => {
  const { client, start, first, checkpoint } = await pretrained();
  const second = await start('Second', { pretext: { task: 'rotation', startFrom: checkpoint.id } });
  await untilStudy(client, second.id, 'done');
  const { run, transfer, config } = await client.run.get({ runId: second.runIds[0]! });
  expect(run).toMatchObject({ kind: 'pretext', task: 'rotation', checkpointId: checkpoint.id });
  expect(checkpoint.runId).toBe(first.runIds[0]);
  expect(transfer).toMatchObject({ checkpointId: checkpoint.id });
  expect(config).toMatchObject({ pretext: { startFrom: checkpoint.id } });
  const own = (await client.checkpoint.list()).filter(({ runId }) => runId === run.id);
  expect(own.map(({ step }) => step)).toEqual([20]);
});

it('a paused run goes on from its own checkpoint, and its beginning stays while it is needed', async () => {
  const { client, start, first, checkpoint } = await pretrained();
  const second = await start('Second', { pretext: { startFrom: checkpoint.id } });
  const runId = second.runIds[0]!;
  await until('it trains', async () => ((await client.run.get({ runId })).run.progress?.step ?? 0) >= 3);
  await client.run.pause({ runId });
  await untilStudy(client, second.id, 'paused');
  await expect(client.study.remove({ studyId: first.id })).rejects.toMatchObject({
    data: { code: 'study.needed' },
  });
  await client.run.resume({ runId });
  await untilStudy(client, second.id, 'done');
  const points = await client.run.metrics({ runId });
  expect(points.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  await client.study.remove({ studyId: first.id });
  expect((await client.study.list()).map(({ id }) => id)).toEqual([second.id]);
});

it('a checkpoint of another encoder is refused before anything runs', async () => {
  const { client, start, checkpoint } = await pretrained();
  const startFrom = checkpoint.id;
  await expect(
    start('Other', { encoder: { family: 'plain' }, pretext: { startFrom } }),
  ).rejects.toMatchObject({
    data: {
      message: expect.stringContaining('family residual and plain') as unknown,
      place: 'pretext.startFrom',
    },
  });
  await expect(start('None', { pretext: { startFrom: 'nowhere' } })).rejects.toMatchObject({
    data: { message: expect.stringContaining('There is no checkpoint “nowhere”') as unknown },
  });
  expect(await client.study.list()).toHaveLength(1);
});
