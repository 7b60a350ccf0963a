/** Tuning through the real service: equal tries, a choice on validation data, nothing done twice after a kill. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { resultText } from '../../src/cli/words/result-table.ts';
import { recipeSchema, type Recipe, type RecipeInput } from '../../src/contract/recipe/recipe.ts';
import { connectService, type ServiceClient, type ServiceRequest } from '../../src/client/service.ts';
import { fakeServiceHost } from '../fixtures/hosts.ts';
import type { Behaviour } from '../fixtures/fake-trainer.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { until, untilStudy } from '../fixtures/studies.ts';

/** Validation scores; the fake trainer's test scores are 0.7 and 0.6 whatever the rate. */
const TUNED = {
  'pretrained 0.001': 0.8,
  'pretrained 0.01': 0.7,
  'pretrained 0.1': 0.6,
  'baseline 0.001': 0.5,
  'baseline 0.01': 0.75,
  'baseline 0.1': null,
};

let images: string;
let folder: string;
let journal: string;
let open: ServiceClient[];

async function connect(behaviour: Partial<Behaviour> = {}, request: Partial<ServiceRequest> = {}) {
  const host = fakeServiceHost({ journal, tuned: TUNED, steps: 3, ...behaviour });
  const service = await connectService(host, { folder, ...request });
  open.push(service);
  return { ...service, host };
}

function recipe(finetune: RecipeInput['finetune'] = {}): Recipe {
  return recipeSchema.parse({
    name: 'Tuned',
    data: { import: { small: { path: images, format: 'image-folder' } }, pretrain: ['small'] },
    pretext: { epochs: 1 },
    finetune: {
      budgets: ['all'],
      arms: ['pretrained', 'baseline', 'knn-probe'],
      seeds: 2,
      tune: { learningRates: [0.001, 0.01, 0.1] },
      ...finetune,
    },
  });
}

const trained = async () =>
  (await readFile(journal, 'utf8')).split('\n').filter((line) => line.includes('seed'));
/** Each try of both arms with both seeds, but for those that diverge, and the probe. */
const EXPECTED = [
  ...[0.001, 0.01, 0.1].flatMap((rate) => [1, 2].map((seed) => `pretrained "all" seed ${seed} rate ${rate}`)),
  ...[0.001, 0.01].flatMap((rate) => [1, 2].map((seed) => `baseline "all" seed ${seed} rate ${rate}`)),
  ...[1, 2].map((seed) => `knn-probe "all" seed ${seed}`),
];

beforeAll(async () => {
  images = await mkdtemp(join(tmpdir(), 'pretext-images-'));
  await writeSmallImages(images);
});
afterAll(() => rm(images, { recursive: true }));
beforeEach(async () => {
  open = [];
  folder = join(await mkdtemp(join(tmpdir(), 'pretext-tuning-')), 'study.pretext');
  journal = `${folder}.journal`;
});
afterEach(async () => {
  await Promise.all(open.map((service) => service.close()));
  await rm(join(folder, '..'), { recursive: true });
});

describe('a tuned study', () => {
  it('tries every trained arm alike and reports each with its best on validation data', async () => {
    const { client } = await connect({}, { createName: 'Test' });
    const refused = async (finetune: RecipeInput['finetune'], word: string) =>
      expect(client.study.start({ recipe: recipe(finetune) })).rejects.toMatchObject({
        data: { message: expect.stringContaining(word) as unknown },
      });
    await refused({ arms: ['knn-probe'] }, 'there is none');
    const many = Array.from({ length: 12 }, (_, i) => 0.001 * (i + 1));
    await refused({ tune: { learningRates: many, weightDecays: many } }, '144 settings');

    const study = await client.study.start({ recipe: recipe() });
    await untilStudy(client, study.id, 'done');
    expect(await trained()).toEqual(EXPECTED);
    const result = await client.study.result({ studyId: study.id });
    const { tuning, results, summary } = result;
    expect(tuning?.triesPerArm).toBe(3);
    expect(
      tuning?.choices.map(({ arm, chosen, atEdge, tries }) => [
        arm,
        chosen,
        atEdge,
        tries.map(({ outcome, validation }) => [outcome, validation && Number(validation.mean.toFixed(3))]),
      ]),
    ).toEqual([
      [
        'pretrained',
        0,
        true,
        [
          ['chosen', 0.815],
          ['lost', 0.715],
          ['lost', 0.615],
        ],
      ],
      [
        'baseline',
        1,
        false,
        [
          ['lost', 0.515],
          ['chosen', 0.765],
          ['diverged', null],
        ],
      ],
    ]);
    // Only the chosen tries are results, each with its settings.
    expect(results.map(({ arm, seed, tuned }) => [arm, seed, tuned?.learningRate])).toEqual([
      ['pretrained', 1, 0.001],
      ['pretrained', 2, 0.001],
      ['baseline', 1, 0.01],
      ['baseline', 2, 0.01],
      ['knn-probe', 1, undefined],
      ['knn-probe', 2, undefined],
    ]);
    expect(summary[0]?.arms.baseline?.n).toBe(2);
    const text = resultText('Tuned', result);
    expect(text).toContain('Tuning: 3 settings tried for every trained arm alike');
    expect(text).toMatch(/pretrained +all +\[0\.815\]\* +0\.715/);
    expect(text).toMatch(/baseline +all +0\.515 +\[0\.765\] +diverged/);
  });

  it('that is killed in the middle and started again trains nothing twice', async () => {
    const first = await connect({ seedMs: 60 }, { createName: 'Test' });
    const study = await first.client.study.start({ recipe: recipe() });
    await until('some tries are done', async () => {
      const runs = await first.client.run.list();
      return runs.filter(({ kind, status }) => kind === 'finetune' && status === 'done').length >= 2;
    });
    // Nothing is told of an arm before all its tries have ended.
    const early = await first.client.study.result({ studyId: study.id });
    if (early.tuning?.choices[0]?.chosen === null) expect(early.results).toEqual([]);
    first.host.started[0]!.kill();
    await first.exited;
    const second = await connect();
    expect((await second.client.study.start({ recipe: recipe() })).id).toBe(study.id);
    await untilStudy(second.client, study.id, 'done');
    const lines = await trained();
    expect(new Set(lines)).toEqual(new Set(EXPECTED));
    // A seed that was told but not yet stored when the kill came is the only one that may come twice.
    expect(lines.length).toBeLessThanOrEqual(EXPECTED.length + 1);
  });

  it('with other candidates is another study, which trains only what no try has done yet', async () => {
    const { client } = await connect({}, { createName: 'Test' });
    const plain = await client.study.start({
      recipe: recipe({ tune: undefined, learningRate: 0.01, arms: ['pretrained', 'baseline'] }),
    });
    await untilStudy(client, plain.id, 'done');
    const before = (await trained()).length;
    const tuned = await client.study.start({ recipe: recipe() });
    await untilStudy(client, tuned.id, 'done');
    const added = (await trained()).slice(before);
    expect(added).toEqual(EXPECTED.filter((line) => !line.endsWith('rate 0.01')));
    const wider = await client.study.start({
      recipe: recipe({ tune: { learningRates: [0.001, 0.01] } }),
    });
    expect(wider.id).not.toBe(tuned.id);
    await untilStudy(client, wider.id, 'done');
    expect((await trained()).length).toBe(before + added.length);
    const { tuning } = await client.study.result({ studyId: wider.id });
    expect(tuning?.triesPerArm).toBe(2);
  });

  it('counts a setting that was cancelled for one arm for none', async () => {
    const { client } = await connect({ seedMs: 60 }, { createName: 'Test' });
    const study = await client.study.start({ recipe: recipe() });
    const tries = (await client.run.list()).filter(({ arm }) => arm === 'baseline');
    await client.run.cancel({ runId: tries[0]!.id });
    await untilStudy(client, study.id, 'done');
    const { tuning } = await client.study.result({ studyId: study.id });
    expect(tuning?.triesPerArm).toBe(2);
    // 0.001 was best for the pretrained arm, and counts no more.
    expect(tuning?.choices.map(({ arm, chosen }) => [arm, chosen])).toEqual([
      ['pretrained', 1],
      ['baseline', 1],
    ]);
    expect(tuning?.choices[0]?.tries[0]?.outcome).toBe('left-out');
  });
});
