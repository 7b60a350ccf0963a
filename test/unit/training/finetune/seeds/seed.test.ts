import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { finetuneSchema } from '../../../../../src/contract/recipe/recipe.ts';
import { startTensorFlow } from '../../../../../src/tensor/index.ts';
import { checkpointWriter } from '../../../../../src/training/checkpoints/writer.ts';
import { readCheckpoint } from '../../../../../src/training/checkpoints/file.ts';
import { createArmProfile } from '../../../../../src/training/finetune/seeds/profile.ts';
import type { ArmTraining } from '../../../../../src/training/finetune/seeds/seed-plan.ts';
import { beginning } from '../../../../../src/training/finetune/seeds/seed-position.ts';
import { trainSeed } from '../../../../../src/training/finetune/seeds/seed.ts';
import type { Request } from '../../../../../src/training/control.ts';
import type { FinetuneInputs } from '../../../../../src/training/inputs.ts';
import { stripesJob } from '../../../../fixtures/finetune-jobs.ts';
import { byteDataset, playedProgram, stateOf } from '../../../../fixtures/played-programs.ts';
import { temporaryFolder } from '../../../../fixtures/projects.ts';
import { describedModel } from '../../../../fixtures/models.ts';
import { recorder } from '../../../../fixtures/recorder.ts';

beforeAll(() => startTensorFlow({ threads: 1 }));

/** Best at weight 2, where all but samples above 15 are told rightly: 2 of 4 test samples of them. */
async function arm(ask?: (step: number) => Request | null, more: Partial<FinetuneInputs> = {}) {
  const folder = temporaryFolder();
  const dataset = await byteDataset(20);
  const control = recorder(ask);
  const job = stripesJob(folder, dataset, 'aaaaaaaaaa', {
    budget: 'all',
    finetune: finetuneSchema.parse({ seeds: 2, epochs: 1, minimumSteps: 4, batchSize: 2, patience: 0 }),
    ...more,
  });
  const program = playedProgram({
    row(sample, weight) {
      const id = weight === 2 && sample < 15 ? sample % 2 : 0;
      // The other head is right at every moment.
      return {
        answers: id === 1 ? [0.25, 0.75] : [0.75, 0.25],
        'answers-1': [1 - (sample % 2), sample % 2],
        features: [sample + 1, 1],
      };
    },
    step: (own) => 1 / ++own.weight,
  });
  const training: ArmTraining = {
    job,
    program,
    batchSize: 2,
    otherBatches: (more.others ?? []).map(() => 2),
    frozenShare: 0,
    noSlots: {},
    channelStatistics: dataset.channelStatistics,
    save: checkpointWriter(folder, job.runId, control),
    control,
    profile: createArmProfile(control),
  };
  return { training, control, folder, program };
}

it('is tested once at its best weights, which are kept with the model', async () => {
  const { training, control, folder, program } = await arm();
  const outcome = await trainSeed(training, beginning(1, stateOf(0)), 0, null);
  // Validation samples 3, 8, 13 and 18: 3 and 13 are odd, all four are told.
  expect(outcome).toEqual({ kind: 'done', bestValidation: 1 });
  expect(program.weight).toBe(2);
  // Test samples 4, 9, 14 and 19: of the odd ones 9 is found, 19 is not.
  expect(control.rows).toMatchObject([{ seed: 1, labels: 12, validation: 1, test: 0.75 }]);
  expect(control.rows[0]!.confusion).toEqual([
    [2, 0],
    [1, 1],
  ]);
  const [best] = control.checkpoints;
  expect(best).toMatchObject({ kind: 'best', step: 6, score: 1 });
  const { tensors } = await readCheckpoint(join(folder, 'checkpoints', best!.file), best!.sha256);
  expect(tensors['weight']!.values[0]).toBe(2);
  expect(control.models[0]!.model).toMatchObject({
    id: 'aaaaaaaaaa-1',
    members: [{ seed: 1, sha256: best!.sha256 }],
    scores: { test: { score: 0.75, samples: 4 } },
  });
  expect(control.rows[0]).not.toHaveProperty('bestShare');
});

it('notes when all heads together were best, and keeps them in one model', async () => {
  const other = await byteDataset(10, { name: 'other' });
  const others = [{ dataset: other, target: 'classes' as const, model: describedModel('aaaaaaaaaa', other) }];
  const { training, control } = await arm(undefined, { others });
  const outcome = await trainSeed(training, beginning(1, stateOf(0)), 0, null);
  expect(outcome).toEqual({ kind: 'done', bestValidation: 1 });
  // At step 2 of 6.
  expect(control.rows).toMatchObject([{ test: 0.75, bestShare: 1 / 3 }]);
  expect(control.models[0]!.model.others).toMatchObject([
    { trainedOn: { dataset: 'other', labels: 6 }, scores: { test: { score: 1, samples: 2 } }, made: null },
  ]);
});

it('keeps no model where an earlier seed was as good, and its answers all the same', async () => {
  const { training, control } = await arm();
  const outcome = await trainSeed(training, beginning(2, stateOf(0)), 1, 1);
  expect(outcome).toEqual({ kind: 'done', bestValidation: 1 });
  expect([control.checkpoints, control.models]).toEqual([[], []]);
  expect(control.answers).toHaveLength(1);
  expect(control.rows[0]!.seed).toBe(2);
});

it('tells no result where it is paused', async () => {
  const { training, control } = await arm((step) => (step >= 2 ? 'pause' : null));
  expect(await trainSeed(training, beginning(1, stateOf(0)), 0, null)).toEqual({ kind: 'paused' });
  expect([control.rows, control.checkpoints.map(({ kind }) => kind)]).toEqual([[], ['last']]);
});
