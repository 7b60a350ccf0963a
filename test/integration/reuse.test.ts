/** Finished points are reused: what another study of the project has done is not done again. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recipeSchema, type Recipe } from '../../src/contract/recipe/recipe.ts';
import type { ResultRow } from '../../src/contract/results/result.ts';
import { connectService, type ServiceClient, type ServiceRequest } from '../../src/client/service.ts';
import { fakeServiceHost, type RecordingHost } from '../fixtures/hosts.ts';
import type { Behaviour } from '../fixtures/fake-trainer.ts';
import { writeSmallImages } from '../fixtures/small-images.ts';
import { smallRecipe, until, untilStudy } from '../fixtures/studies.ts';

let images: string;
let folder: string;
let journal: string;
let open: ServiceClient[];

async function connect(behaviour: Partial<Behaviour> = {}, request: Partial<ServiceRequest> = {}) {
  const host: RecordingHost = fakeServiceHost({ journal, ...behaviour });
  const service = await connectService(host, { folder, ...request });
  open.push(service);
  return { ...service, host };
}

/** What was trained since the last look, steps counted. */
async function trained(): Promise<string[]> {
  const text = existsSync(journal) ? await readFile(journal, 'utf8') : '';
  await writeFile(journal, '');
  const lines = text.split('\n').filter(Boolean);
  const steps = lines.filter((line) => line.startsWith('step ')).length;
  const seeds = lines.filter((line) => !/^(step|begin) /.test(line)).toSorted();
  return [...(steps > 0 ? [`${steps} steps`] : []), ...seeds];
}

function recipe(change: Partial<Recipe['finetune']> = {}): Recipe {
  const base = smallRecipe(images);
  return recipeSchema.parse({ ...base, finetune: { ...base.finetune, ...change } });
}

async function finish({ client }: ServiceClient, wanted: Recipe) {
  const study = await client.study.start({ recipe: wanted });
  await untilStudy(client, study.id, 'done');
  return study;
}

beforeAll(async () => {
  images = await mkdtemp(join(tmpdir(), 'pretext-images-'));
  await writeSmallImages(images);
});
afterAll(() => rm(images, { recursive: true }));
beforeEach(async () => {
  open = [];
  folder = join(await mkdtemp(join(tmpdir(), 'pretext-reuse-')), 'study.pretext');
  journal = `${folder}.journal`;
});
afterEach(async () => {
  await Promise.all(open.map((service) => service.close()));
  await rm(join(folder, '..'), { recursive: true });
});

describe('a study that asks for more than one before', () => {
  it('trains only what is missing, and marks what it took over', async () => {
    const service = await connect({}, { createName: 'Test' });
    const { client } = service;
    const first = await finish(service, recipe());
    expect(await trained()).toHaveLength(13);

    // A budget more.
    const budgets: Recipe['finetune'] & object = recipe().finetune!;
    const wider = await finish(service, recipe({ budgets: [...budgets.budgets, { share: 0.25 }] }));
    expect(await trained()).toEqual(
      ['baseline', 'pretrained'].flatMap((arm) =>
        [1, 2, 3].map((seed) => `${arm} {"share":0.25} seed ${seed}`),
      ),
    );
    const runs = (await client.run.list()).filter(({ studyId }) => studyId === wider.id);
    const [pretext] = runs;
    const source = (await client.run.list()).find(
      ({ studyId, kind }) => studyId === first.id && kind === 'pretext',
    )!;
    expect(pretext?.reused).toEqual([{ runId: source.id, name: 'simclr-1', seeds: [] }]);
    expect(runs.map(({ reused }) => reused?.[0]?.seeds.length ?? null)).toEqual([0, 3, 3, 3, 3, null, null]);
    expect(await client.run.metrics({ runId: pretext!.id })).toHaveLength(20);

    const [before, after] = await Promise.all(
      [first, wider].map(({ id }) => client.study.result({ studyId: id })),
    );
    const strip = ({ reusedFrom: _from, ...row }: ResultRow) => row;
    expect(after!.results.slice(0, 12).map(strip)).toEqual(before!.results);
    expect(after!.results.map(({ reusedFrom }) => reusedFrom !== undefined)).toEqual(
      Array.from({ length: 18 }, (_, i) => i < 12),
    );
    expect(after!.summary.map(({ budget }) => budget)).toEqual([{ perClass: 5 }, 'all', { share: 0.25 }]);
    expect(after!.labelEfficiency?.points.map(({ arm }) => arm)).toEqual(Array(3).fill('pretrained'));

    // Two seeds more: only those.
    await finish(service, recipe({ seeds: 5 }));
    expect(await trained()).toHaveLength(2 * 2 * 2);
    // All the same: nothing at all.
    await finish(service, recipe());
    expect(await trained()).toEqual([]);
  });

  it('keeps what it took over when the first is removed', async () => {
    const service = await connect({}, { createName: 'Test' });
    const { client } = service;
    const first = await finish(service, recipe());
    await finish(service, recipe({ arms: ['pretrained', 'baseline', 'frozen'] }));
    await client.study.remove({ studyId: first.id });
    await trained();
    const third = await finish(service, recipe({ arms: ['pretrained', 'linear-probe'] }));
    expect((await trained()).every((line) => line.startsWith('linear-probe'))).toBe(true);
    const { checkpointId } = (await client.run.list()).find(
      ({ studyId, arm }) => studyId === third.id && arm === 'linear-probe',
    )!;
    const checkpoint = (await client.checkpoint.list()).find(({ id }) => id === checkpointId)!;
    expect(await readdir(join(folder, 'checkpoints'))).toContain(checkpoint.file);
  });

  it('trains anew what differs in anything that matters', async () => {
    const service = await connect({}, { createName: 'Test' });
    await finish(service, recipe());
    await trained();
    // The baseline knows neither the pretext task nor how layers of a pretrained model are treated.
    const other = recipe({ layerDecay: 0.5 });
    await finish(service, { ...other, pretext: { ...other.pretext!, seed: 2 } });
    const lines = await trained();
    expect(lines.filter((line) => line.startsWith('baseline'))).toEqual([]);
    expect(lines).toHaveLength(1 + 6);
    await finish(service, recipe({ weightDecay: 0.5 }));
    expect(await trained()).toHaveLength(12);
    // How often checkpoints are written matters to nobody.
    await finish(service, recipe({ checkpointEverySteps: 7 }));
    expect(await trained()).toEqual([]);
  });

  it('that is killed in the middle redoes nothing that was finished', async () => {
    const seedMs = 40;
    const service = await connect({ seedMs }, { createName: 'Test' });
    const first = await finish(service, recipe());
    await trained();
    const wider = recipe({ budgets: [{ perClass: 5 }, { perClass: 8 }, 'all'], seeds: 6 });
    await service.client.study.start({ recipe: wider });
    await until('it trains', async () => (await readFile(journal, 'utf8')).split('\n').length > 4);
    service.host.started[0]!.kill();
    await service.exited;
    const look = await connect({}, { queue: 'off' });
    const [{ id } = { id: '' }] = (await look.client.study.list()).toReversed();
    const kept = (await look.client.study.result({ studyId: id })).results.map(
      ({ arm, budget, seed }) => `${arm} ${JSON.stringify(budget)} seed ${seed}`,
    );
    await look.close();
    await trained();

    const again = await connect({ seedMs });
    const study = await again.client.study.start({ recipe: wider });
    expect(study.id).toBe(id);
    expect(study.id).not.toBe(first.id);
    await untilStudy(again.client, study.id, 'done');
    const lines = await trained();
    expect(kept.length).toBeGreaterThan(0);
    expect(lines.filter((line) => kept.includes(line))).toEqual([]);
    // Three seeds more at two budgets and six at the new one, for two arms, less what was kept before the kill.
    const keptAnew = kept.filter((line) => !/"perClass":5|"all"/.test(line) || /seed [456]/.test(line));
    expect(lines).toHaveLength(24 - keptAnew.length);
    const result = await again.client.study.result({ studyId: study.id });
    expect(result.results).toHaveLength(3 * 2 * 6);
  });
});
