import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCheckpoint } from '../../../../../src/training/checkpoints/file.ts';
import { keepAnswers } from '../../../../../src/training/finetune/scores/answers.ts';
import { scoresOf } from '../../../../../src/training/finetune/scores/scores.ts';
import type { FinetuneInputs } from '../../../../../src/training/inputs.ts';
import { temporaryFolder } from '../../../../fixtures/projects.ts';

const asked = Int32Array.of(1, 3, 4, 5);

function jobIn(projectFolder: string, more: object): FinetuneInputs {
  const dataset = {
    name: 'pets',
    classNames: ['cat', 'dog'],
    classIds: Int32Array.of(-1, 0, 1, 0, 0, 1),
    ...more,
  };
  const job = {
    projectFolder,
    runId: 'run',
    arm: 'baseline',
    target: 'classes',
    metric: 'accuracy',
    dataset,
  };
  return job as unknown as FinetuneInputs;
}

it('keeps what was answered for every test sample, how sure the model was, and how likely it took the truth to be', async () => {
  const folder = temporaryFolder();
  const job = jobIn(folder, {});
  const scores = scoresOf(job, asked, [0.9, 0.1, 0.4, 0.6, 0.7, 0.3, 0.3, 0.7]);
  const kept = await keepAnswers(job, { seed: 3, metric: 'accuracy' }, asked, scores);

  expect(kept.file).toBe('run-3.safetensors');
  const file = join(folder, 'answers', kept.file);
  expect(kept.sha256).toBe(createHash('sha256').update(readFileSync(file)).digest('hex'));
  const { tensors, metadata } = await readCheckpoint(file, kept.sha256);
  const values = (name: string) => [...tensors[name]!.values];
  expect(values('sample')).toEqual([1, 3, 4, 5]);
  expect(values('target')).toEqual([0, 0, 0, 1]);
  expect(values('answer')).toEqual([0, 1, 0, 1]);
  expect(values('probability')).toEqual([...Float32Array.of(0.9, 0.6, 0.7, 0.7)]);
  expect(values('target_probability')).toEqual([...Float32Array.of(0.9, 0.4, 0.7, 0.7)]);
  expect(metadata).toMatchObject({ stage: 'answers', arm: 'baseline', seed: 3, classNames: ['cat', 'dog'] });
  // One of four is wrong: right ones lie a quarter above the share, the wrong one three below; each is a fourth of all.
  expect([...kept.influences]).toEqual([0.0625, -0.1875, 0.0625, 0.0625]);
});

it('counts samples of one group as one: what another subject would have changed, not another sample', async () => {
  const job = jobIn(temporaryFolder(), { groups: Int32Array.of(0, 5, 0, 5, 6, 6) });
  const scores = scoresOf(job, asked, [0.9, 0.1, 0.4, 0.6, 0.7, 0.3, 0.3, 0.7]);
  const kept = await keepAnswers(job, { seed: 1, metric: 'accuracy' }, asked, scores);
  expect([...kept.influences]).toEqual([-0.125, 0.125]);
  const { tensors } = await readCheckpoint(join(job.projectFolder, 'answers', kept.file));
  expect([...tensors['group']!.values]).toEqual([5, 5, 6, 6]);
});
