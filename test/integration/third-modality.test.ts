import { createRouterClient } from '@orpc/server';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
// First of all: what is imported after it finds the kind of data among those there are.
import { LENGTH } from '../fixtures/digits.ts';
import { importSchema, recipeSchema } from '../../src/contract/recipe/recipe.ts';
import { createNodeHost } from '../../src/host/node.ts';
import { createProject } from '../../src/project/index.ts';
import { router } from '../../src/service/handlers/router.ts';
import { startService, type Service } from '../../src/service/serve.ts';
import { createRandom } from '../../src/data/shards/random.ts';
import { temporaryFolder } from '../fixtures/projects.ts';
import { until } from '../fixtures/studies.ts';

const services: Service[] = [];
afterEach(() => Promise.all(services.splice(0).map((service) => service.close())));

/** A service in this process, with the real trainer, which learns of the kind of data before anything else. */
function start() {
  const host = createNodeHost();
  const environment = {
    NODE_OPTIONS: `--import=${fileURLToPath(new URL('../fixtures/digits.ts', import.meta.url))}`,
  };
  const project = createProject(join(temporaryFolder(), 'digits.pretext'), 'Digits', '0.0.0');
  const knowing = {
    start: (...[entry, options]: Parameters<typeof host.start>) =>
      host.start(entry, { ...options, environment }),
  };
  const service = startService(project, knowing, 'on');
  services.push(service);
  return createRouterClient(router, { context: { actions: service.actions } });
}

/** Strings that rise from low digits to high ones, or fall. */
function writeDigits(): string {
  const random = createRandom(7);
  const lines = Array.from({ length: 400 }, (_, index) => {
    const rises = index % 2 === 0;
    const digits = Array.from({ length: LENGTH }, (_, at) => {
      const height = Math.floor((10 * at) / LENGTH);
      const digit = rises ? height : 9 - height;
      return Math.min(9, Math.max(0, digit + random.below(5) - 2));
    });
    return `${digits.join('')} ${rises ? 'rising' : 'falling'}`;
  });
  const file = join(temporaryFolder(), 'strings.digits');
  writeFileSync(file, lines.join('\n'));
  return file;
}

describe('a kind of data that is registered from outside', () => {
  it('is imported, shown, pretrained on, fine-tuned and compared, and nothing else knows of it', async () => {
    const client = start();
    const options = importSchema.parse({ path: writeDigits() });
    const { id: datasetId } = await client.dataset.import({ name: 'strings', options });
    await until('it is imported', async () => (await client.dataset.imports()).length === 0);
    const [dataset] = await client.dataset.list();
    expect(dataset).toMatchObject({ modality: 'digits', shape: [LENGTH, 1], sampleCount: 400 });
    const [first] = await client.dataset.thumbnails({ datasetId, indices: [0] });
    expect(first).toMatchObject({ kind: 'signal' });

    const { tasks, encoders } = await client.catalogue();
    const fitting = (all: { id: string; modalities: string[] }[]) =>
      all.filter((one) => one.modalities.includes('digits')).map(({ id }) => id);
    expect(fitting(tasks)).toEqual(expect.arrayContaining(['simclr', 'byol', 'denoising']));
    expect(fitting(tasks)).not.toEqual(expect.arrayContaining(['rotation']));
    expect(fitting(encoders)).toEqual(['convnext', 'vit']);

    const items = await client.preview({ datasetId, task: 'simclr', options: {}, seed: 1, count: 2 });
    const panels = items[0]!.panels;
    expect(panels.map(({ title }) => title)).toEqual(['Sample', 'First view', 'Second view']);
    const traces = panels.map(({ content }) => ('channels' in content ? content.channels[0]! : []));
    expect(traces[1]).not.toEqual(traces[0]);
    expect(traces.flat().every((digit) => Number.isInteger(digit) && digit >= 0 && digit <= 9)).toBe(true);

    const recipe = recipeSchema.parse({
      name: 'Digits',
      data: { pretrain: ['strings'] },
      encoder: { family: 'convnext', options: { width: 8, features: 16, stages: 2 } },
      pretext: { task: 'simclr', epochs: 2, batchSize: 32, learningRate: 0.003 },
      finetune: { budgets: [{ perClass: 5 }], arms: ['pretrained', 'baseline'], seeds: 2, epochs: 8 },
    });
    const study = await client.study.start({ recipe });
    await until(
      'the study has ended',
      async () => {
        const { status, failure } = await client.study.get({ studyId: study.id });
        if (failure) throw new Error(failure.message);
        return status === 'done';
      },
      240_000,
    );
    const { summary } = await client.study.result({ studyId: study.id });
    expect(Object.keys(summary[0]!.arms).sort()).toEqual(['baseline', 'pretrained']);
    expect(summary[0]!.arms['pretrained']!.mean).toBeGreaterThan(0.8);
  });
});
