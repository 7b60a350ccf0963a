import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeCheckpoint } from '../../../../../src/training/checkpoints/file.ts';
import {
  beginning,
  progressContents,
  readSeedProgress,
} from '../../../../../src/training/finetune/seeds/seed-position.ts';
import { temporaryFolder } from '../../../../fixtures/projects.ts';

const state = (value: number) => ({
  'head/kernel': { shape: [2], dtype: 'float32' as const, values: Float32Array.of(value, -value) },
});

it('finds in a checkpoint where a seed was, with its best weights apart from those that move', async () => {
  const file = join(temporaryFolder(), 'seed.safetensors');
  const progress = {
    ...beginning(3, state(1)),
    step: 40,
    stopping: { bestScore: 0.75, bestStep: 20 },
    curve: [{ step: 20, train: 0.9, validation: 0.75, loss: 0.5 }],
    lossSum: 1.5,
    lossCount: 4,
    best: state(2),
  };
  const { sha256 } = await writeCheckpoint(file, progressContents(progress));
  expect(await readSeedProgress({ file, sha256 })).toEqual(progress);
});

it('has no best weights before the first look', async () => {
  const file = join(temporaryFolder(), 'seed.safetensors');
  const { sha256 } = await writeCheckpoint(file, progressContents(beginning(1, state(1))));
  expect(await readSeedProgress({ file, sha256 })).toEqual(beginning(1, state(1)));
});

it('refuses a checkpoint that is none of a seed', async () => {
  const file = join(temporaryFolder(), 'seed.safetensors');
  const { sha256 } = await writeCheckpoint(file, { tensors: state(1), metadata: { seed: 1 } });
  await expect(readSeedProgress({ file, sha256 })).rejects.toMatchObject({ failure: { place: file } });
});
