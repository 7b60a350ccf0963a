/** Tournaments through the real service: rounds, the winner's study, and nothing done twice after a kill. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recipeSchema, type Recipe, type RecipeInput } from '../../src/contract/recipe/recipe.ts';
import { connectService, type ServiceClient, type ServiceRequest } from '../../src/client/service.ts';
import { fakeServiceHost } from '../fixtures/hosts.ts';
import type { Behaviour } from '../fixtures/fake-trainer.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { until, untilStudy } from '../fixtures/studies.ts';

const SCORES = { simclr: 0.8, byol: 0.7, rotation: 0.6, 'masked-reconstruction': 0.5 };
/** SimCLR's step takes three times as long as that of the two that look once. */
const COSTS = { simclr: 30, byol: 30, rotation: 10, 'masked-reconstruction': 10 };

let images: string;
let folder: string;
let journal: string;
let open: ServiceClient[];

async function connect(behaviour: Partial<Behaviour> = {}, request: Partial<ServiceRequest> = {}) {
  const host = fakeServiceHost({ journal, scores: SCORES, costs: COSTS, ...behaviour });
  const service = await connectService(host, { folder, ...request });
  open.push(service);
  return { ...service, host };
}

function recipe(tournament: RecipeInput['tournament'] = {}): Recipe {
  return recipeSchema.parse({
    name: 'Which task',
    data: { import: { small: { path: images, format: 'image-folder' } }, pretrain: ['small'] },
    pretext: { epochs: 50, seed: 7 },
    tournament: { tasks: Object.keys(SCORES), learningRates: [1], rounds: 2, epochs: 4, ...tournament },
    finetune: { budgets: ['all'], arms: ['pretrained', 'baseline'], seeds: 1 },
  });
}

const begun = async () =>
  (existsSync(journal) ? await readFile(journal, 'utf8') : '')
    .split('\n')
    .filter((line) => line.startsWith('begin'));

beforeAll(async () => {
  images = await mkdtemp(join(tmpdir(), 'pretext-images-'));
  await writeSmallImages(images);
});
afterAll(() => rm(images, { recursive: true }));
beforeEach(async () => {
  open = [];
  folder = join(await mkdtemp(join(tmpdir(), 'pretext-tournament-')), 'study.pretext');
  journal = `${folder}.journal`;
});
afterEach(async () => {
  await Promise.all(open.map((service) => service.close()));
  await rm(join(folder, '..'), { recursive: true });
});

describe('a tournament', () => {
  it('measures, sends the weaker home, and hands its winner to the study', async () => {
    const { client } = await connect({}, { createName: 'Test' });
    const study = await client.study.start({ recipe: recipe() });
    await untilStudy(client, study.id, 'done');
    expect(await begun()).toEqual([
      // One epoch each tells what an epoch costs: 30 and 30, 10 and 10.
      ...Object.keys(SCORES).map((task) => `begin ${task} 1`),
      // The middle is 20: four epochs of that are 2.67 of the slow ones and 8 of the quick.
      'begin simclr 3',
      'begin byol 3',
      'begin rotation 8',
      'begin masked-reconstruction 8',
      // Half as many have twice the time.
      'begin simclr 5',
      'begin byol 5',
      'begin simclr 50',
    ]);
    const { tournament, results } = await client.study.result({ studyId: study.id });
    expect(
      tournament?.rounds.map(({ round, candidates }) => [round, candidates.map(({ task }) => task)]),
    ).toEqual([
      [0, Object.keys(SCORES)],
      [1, Object.keys(SCORES)],
      [2, ['simclr', 'byol']],
    ]);
    expect(tournament?.rounds[1]?.candidates.map(({ outcome }) => outcome)).toEqual([
      'kept',
      'kept',
      'dropped',
      'dropped',
    ]);
    expect(tournament).toMatchObject({
      probe: 'linear',
      recommendation: { task: 'simclr', runnerUp: 'byol', seeds: 1, tied: [] },
    });
    const [best] = tournament!.rounds.at(-1)!.candidates;
    expect(best!.probes!.linear! - best!.probes!.knn!).toBeCloseTo(0.05, 6);
    expect(best!.score).toBe(best!.probes!.linear);
    expect(best!.interval!.high - best!.interval!.low).toBeCloseTo(2 * 1.96 * 0.02 * Math.sqrt(40 / 39), 6);
    expect(results.map(({ arm }) => arm).toSorted()).toEqual(['baseline', 'pretrained']);
    // Nobody's checkpoint but the winner's is transferred.
    const runs = await client.run.list();
    const last = runs.findLast(({ kind }) => kind === 'pretext')!;
    const { config } = await client.run.get({ runId: last.id });
    expect(config).toMatchObject({ pretext: { task: 'simclr', epochs: 50, seed: 7 } });
    expect(runs.find(({ arm }) => arm === 'pretrained')?.checkpointId).toBe(
      (await client.run.get({ runId: last.id })).checkpoints[0]?.id,
    );
  });

  it('goes on without a candidate that fails', async () => {
    const { client } = await connect({ failTask: 'byol' }, { createName: 'Test' });
    const study = await client.study.start({ recipe: recipe({ equal: 'epochs' }) });
    await untilStudy(client, study.id, 'done');
    const { tournament } = await client.study.result({ studyId: study.id });
    expect(tournament?.equal).toBe('epochs');
    expect(
      tournament?.rounds.map(({ candidates }) => candidates.map(({ task, outcome }) => [task, outcome])),
    ).toEqual([
      [
        ['simclr', 'kept'],
        ['rotation', 'kept'],
        ['masked-reconstruction', 'dropped'],
        ['byol', 'failed'],
      ],
      [
        ['simclr', 'finalist'],
        ['rotation', 'finalist'],
      ],
    ]);
  });

  it('can end with its ranking, by neighbours, in rounds of equally many steps, as it was planned', async () => {
    const { client } = await connect({}, { createName: 'Test' });
    const small = recipe({ tasks: ['rotation'], rounds: 1, equal: 'epochs', train: false });
    const first = await client.study.start({ recipe: { ...small, finetune: undefined } });
    await untilStudy(client, first.id, 'done');
    // Now that the data are known: grey images have no colours.
    const impossible = client.study.start({ recipe: recipe({ tasks: ['simclr', 'colorization'] }) });
    await expect(impossible).rejects.toMatchObject({
      data: { message: expect.stringContaining('3 channels. Found: 1') as unknown },
    });
    const ranking = recipe({
      tasks: [
        { task: 'simclr', batchSize: 16 },
        { task: 'rotation', batchSize: 8 },
        { task: 'byol', batchSize: 16 },
      ],
      equal: 'steps',
      probe: 'knn',
      train: false,
    });
    const wanted = { ...ranking, finetune: undefined };
    const plan = await client.planTournament({ recipe: wanted });
    // Half the batch, half the epochs; the middle of three stands for all.
    expect(plan.rounds.map(({ round, candidates, epochs }) => [round, candidates, epochs])).toEqual([
      [1, 3, { least: 2, most: 4 }],
      [2, 2, { least: 4, most: 8 }],
    ]);
    expect(plan).toMatchObject({ measured: true, candidates: [{ batchSize: 16 }, { batchSize: 8 }, {}] });
    expect(plan.seconds).toBeGreaterThan(5 * 4);
    const study = await client.study.start({ recipe: wanted });
    await untilStudy(client, study.id, 'done');
    const { tournament, results } = await client.study.result({ studyId: study.id });
    expect(results).toEqual([]);
    expect(tournament?.rounds.map(({ candidates }) => candidates.map(({ task }) => task))).toEqual([
      ['simclr', 'byol', 'rotation'],
      ['simclr', 'byol'],
    ]);
    expect(tournament).toMatchObject({ probe: 'knn', equal: 'steps', recommendation: { task: 'simclr' } });
    expect((await begun()).slice(-5)).toEqual([
      'begin simclr 4',
      'begin rotation 2',
      'begin byol 4',
      'begin simclr 8',
      'begin byol 8',
    ]);
  });

  it('in which all fail fails the study', async () => {
    const { client } = await connect({ failAt: 3 }, { createName: 'Test' });
    const study = await client.study.start({ recipe: recipe({ tasks: ['simclr', 'rotation'] }) });
    await untilStudy(client, study.id, 'failed');
  });

  it('that is killed in the middle and started again does nothing twice that was finished', async () => {
    const slow = { stepMs: 40 };
    const first = await connect(slow, { createName: 'Test' });
    const wanted = recipe({ equal: 'epochs' });
    const study = await first.client.study.start({ recipe: wanted });
    const done = async (client: ServiceClient['client']) =>
      (await client.run.list()).filter(({ status }) => status === 'done').map(({ name }) => name);
    await until('two are done', async () => (await done(first.client)).length >= 2);
    first.host.started[0]!.kill();
    await first.exited;
    const second = await connect(slow);
    expect((await second.client.study.start({ recipe: wanted })).id).toBe(study.id);
    await until('the next round is on', async () => (await done(second.client)).length >= 5);
    second.host.started[0]!.kill();
    await second.exited;
    const third = await connect();
    expect((await third.client.study.start({ recipe: wanted })).id).toBe(study.id);
    await untilStudy(third.client, study.id, 'done');

    // Every run began once from nothing, and went on from its checkpoint where it was killed.
    const fresh = (await begun()).filter((line) => !line.endsWith('again'));
    const expected = [
      ...Object.keys(SCORES).map((task) => `begin ${task} 4`),
      'begin simclr 8',
      'begin byol 8',
    ];
    expect(new Set(fresh)).toEqual(new Set([...expected, 'begin simclr 50']));
    // A kill before the first checkpoint begins that one run anew.
    expect(fresh.length).toBeLessThanOrEqual(7 + 2);
    expect(await done(third.client)).toHaveLength(7 + 2);
    const { tournament } = await third.client.study.result({ studyId: study.id });
    expect(tournament?.recommendation?.task).toBe('simclr');
  });

  it('of tasks that do not exist, or without labels to judge by, is refused', async () => {
    const { client } = await connect({}, { createName: 'Test' });
    await expect(client.study.start({ recipe: recipe({ tasks: ['simklr', 'byol'] }) })).rejects.toMatchObject(
      {
        data: { message: expect.stringContaining('simclr') as unknown },
      },
    );
  });
});
