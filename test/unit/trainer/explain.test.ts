import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { DatasetSelection } from '../../../src/contract/messages/dataset-selection.ts';
import { finetuneSchema } from '../../../src/contract/recipe/recipe.ts';
import { explainAndWrite } from '../../../src/trainer/explain.ts';
import { runFinetune } from '../../../src/training/finetune/run.ts';
import { explain } from '../../../src/training/models/explain.ts';
import { stripesJob } from '../../fixtures/finetune-jobs.ts';
import { recorder } from '../../fixtures/recorder.ts';
import { writeStripes } from '../../fixtures/stripes.ts';

let folder: string;
let model: string;
let dataset: DatasetSelection;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pretext-explain-'));
  dataset = await writeStripes(folder, 64);
  const record = recorder();
  const finetune = finetuneSchema.parse({ seeds: 1, epochs: 1, minimumSteps: 2, batchSize: 8, patience: 0 });
  await runFinetune(
    stripesJob(folder, dataset, 'aaaaaaaaaa', { budget: { perClass: 2 }, finetune, threads: 1 }),
    record,
  );
  model = join(folder, 'models', record.models[0]!.model.id);
});

const control = { signal: new AbortController().signal, progress: async () => undefined };
const asked = (name: string | null, more: object = {}) => ({
  model,
  from: { kind: 'dataset' as const, dataset: { ...dataset, offsets: dataset.offsets.slice(5, 6) } },
  target: 1,
  ...(name !== null && { output: { folder: join(folder, name), source: 'a/b/5.png', overwrite: false } }),
  ...more,
});

it('writes what it says, as files of a new folder', async () => {
  const plain = await explain(asked(null), control);
  expect(await explainAndWrite(asked(null), control)).toEqual(plain);
  const { written, ...explanation } = await explainAndWrite(asked('out', { training: dataset }), control);
  expect(explanation).toEqual({ ...plain, written: undefined });
  const names = written!.files.map(({ path }) => path);
  expect(names).toEqual(
    expect.arrayContaining([
      'sample.svg',
      'grad-cam.png',
      'occlusion.csv',
      'nearest.svg',
      'explanation.json',
    ]),
  );
  for (const { path, bytes } of written!.files)
    expect(readFileSync(join(folder, 'out', path))).toHaveLength(bytes);
  const told = readFileSync(join(folder, 'out', 'explanation.json'), 'utf8');
  expect(told).toContain('5.png');
});

it('shows no pictures of a dataset that holds other samples now', async () => {
  const fewer = { ...dataset, offsets: dataset.offsets.slice(0, 1) };
  const { written } = await explainAndWrite(asked('fewer', { training: fewer }), control);
  expect(written!.files.map(({ path }) => path)).toContain('nearest.csv');
  expect(readFileSync(join(folder, 'fewer', 'explanation.json'), 'utf8')).toContain('5.png');
});

it('is not begun where the folder holds something', async () => {
  mkdirSync(join(folder, 'mine'));
  writeFileSync(join(folder, 'mine', 'a.txt'), 'mine');
  await expect(
    explainAndWrite({ ...asked('mine'), model: join(folder, 'no-model') }, control),
  ).rejects.toMatchObject({ failure: { place: join(folder, 'mine') } });
  expect(existsSync(join(folder, 'mine', 'a.txt'))).toBe(true);
});
