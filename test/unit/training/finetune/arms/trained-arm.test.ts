import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { finetuneSchema } from '../../../../../src/contract/recipe/recipe.ts';
import type { DatasetSelection } from '../../../../../src/contract/messages/dataset-selection.ts';
import { startTensorFlow } from '../../../../../src/tensor/index.ts';
import { readCheckpoint, writeCheckpoint } from '../../../../../src/training/checkpoints/file.ts';
import { runTrainedArm } from '../../../../../src/training/finetune/arms/trained-arm.ts';
import type { FinetuneInputs } from '../../../../../src/training/inputs.ts';
import { exportedModel } from '../../../../fixtures/exported-models.ts';
import { stripesJob } from '../../../../fixtures/finetune-jobs.ts';
import { temporaryFolder } from '../../../../fixtures/projects.ts';
import { recorder } from '../../../../fixtures/recorder.ts';
import { writeStripes } from '../../../../fixtures/stripes.ts';

beforeAll(() => startTensorFlow({ threads: 1 }));

const options = { width: 8, features: 16, stages: 2 };

/** Three steps of one seed, from the weights of a pretrained encoder where the arm has some. */
async function run(arm: FinetuneInputs['arm'], more: Partial<FinetuneInputs> = {}) {
  const folder = temporaryFolder();
  const dataset: DatasetSelection = await writeStripes(folder, 64);
  const { members, encoder, channelStatistics } = exportedModel(
    { name: 'stripes', family: 'residual', modality: 'image', inputShape: dataset.shape, options },
    { head: null },
  );
  const file = join(folder, 'pretrained.safetensors');
  const pretrained = members[0]!.weights;
  const metadata = { encoder, modality: 'image', inputShape: dataset.shape, channelStatistics };
  const { sha256 } = await writeCheckpoint(file, { tensors: pretrained, metadata });
  const record = recorder();
  const outcome = await runTrainedArm(
    stripesJob(folder, dataset, 'aaaaaaaaaa', {
      arm,
      encoder: { family: 'residual', options },
      checkpoint: arm === 'baseline' ? null : { file, sha256 },
      finetune: finetuneSchema.parse({ seeds: 2, epochs: 1, minimumSteps: 3, batchSize: 8, patience: 0 }),
      budget: { perClass: 2 },
      finishedSeeds: [2],
      ...more,
    }),
    record,
  );
  const [best] = record.checkpoints;
  const trained = best ? (await readCheckpoint(join(folder, 'checkpoints', best.file))).tensors : {};
  /** How many of the encoder's pretrained tensors are still what they were. */
  const kept = Object.entries(pretrained).filter(
    ([name, { values }]) =>
      trained[name] && Buffer.from(trained[name].values.buffer).equals(Buffer.from(values.buffer)),
  );
  return { outcome, record, pretrained, trained, kept: kept.length };
}

it('of a frozen encoder moves the head alone', async () => {
  const { outcome, record, pretrained, trained, kept } = await run('frozen');
  expect([outcome, record.rows.map(({ seed }) => seed), record.lastStep]).toEqual(['done', [1], 3]);
  expect(kept).toBe(Object.keys(pretrained).length);
  // 16 features to 4 classes.
  expect(trained['head/bias']!.values).toHaveLength(4);
  expect(record.reports).toHaveLength(1);
  const { taken, missing, frozen } = record.reports[0]!;
  expect(taken.map(({ name }) => name).toSorted()).toEqual(Object.keys(pretrained).toSorted());
  expect(frozen.length).toBeGreaterThan(0);
  expect(missing).toEqual([]);
  const numbers = Object.entries(trained).flatMap(([name, { values }]) =>
    /\/(mean|variance)$/.test(name) ? [] : [values.length],
  );
  expect(record.environments.modelParameters).toBe(numbers.reduce((sum, count) => sum + count, 0));
});

it('that is pretrained begins with those weights and moves them; from scratch there is nothing to report', async () => {
  const moved = await run('pretrained');
  expect(moved.kept).toBeLessThan(Object.keys(moved.pretrained).length / 2);
  expect(moved.record.reports[0]!.taken).toHaveLength(Object.keys(moved.pretrained).length);
  const scratch = await run('baseline');
  expect([scratch.record.reports, scratch.record.rows.length]).toEqual([[], 1]);
});

it('keeps no model that is no better than one of a seed before', async () => {
  const { record } = await run('baseline', { bestFinished: 1 });
  expect([record.rows.length, record.models, record.checkpoints]).toEqual([1, [], []]);
});
