import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { finetuneSchema } from '../../../../../src/contract/recipe/recipe.ts';
import type { DatasetSelection } from '../../../../../src/contract/messages/dataset-selection.ts';
import { startTensorFlow } from '../../../../../src/tensor/index.ts';
import { readCheckpoint, writeCheckpoint } from '../../../../../src/training/checkpoints/file.ts';
import { runTrainedArm } from '../../../../../src/training/finetune/arms/trained-arm.ts';
import type { Request } from '../../../../../src/training/control.ts';
import type { FinetuneInputs } from '../../../../../src/training/inputs.ts';
import { exportedModel } from '../../../../fixtures/exported-models.ts';
import { stripesJob } from '../../../../fixtures/finetune-jobs.ts';
import { temporaryFolder } from '../../../../fixtures/projects.ts';
import { recorder } from '../../../../fixtures/recorder.ts';
import { writeStripes } from '../../../../fixtures/stripes.ts';

beforeAll(() => startTensorFlow({ threads: 1 }));

const options = { width: 8, features: 16, stages: 2 };

/** Three steps of one seed, from the weights of a pretrained encoder where the arm has some. */
async function run(
  arm: FinetuneInputs['arm'],
  more: Partial<FinetuneInputs> = {},
  ask?: (step: number) => Request | null,
) {
  const folder = more.projectFolder ?? temporaryFolder();
  const dataset: DatasetSelection = await writeStripes(folder, 64);
  const { members, encoder, channelStatistics } = exportedModel(
    { name: 'stripes', family: 'residual', modality: 'image', inputShape: dataset.shape, options },
    { head: null },
  );
  const file = join(folder, 'pretrained.safetensors');
  const pretrained = members[0]!.weights;
  const metadata = { encoder, modality: 'image', inputShape: dataset.shape, channelStatistics };
  const { sha256 } = await writeCheckpoint(file, { tensors: pretrained, metadata });
  const record = recorder(ask);
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
  const best = record.checkpoints.find(({ kind }) => kind === 'best');
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

describe('with heads of other datasets', () => {
  const others = async (): Promise<FinetuneInputs['others']> => {
    const dataset: DatasetSelection = { ...(await writeStripes(temporaryFolder(), 48)), name: 'beside' };
    return [{ dataset, target: 'classes' }];
  };

  it('learns from their labels as well, and keeps its own head alone', async () => {
    const [alone, beside] = [await run('baseline'), await run('baseline', { others: await others() })];
    expect(Object.keys(beside.trained).toSorted()).toEqual(Object.keys(alone.trained).toSorted());
    const name = Object.keys(alone.trained).find((one) => /^encoder\/.*kernel/.test(one))!;
    expect(beside.trained[name]!.values).not.toEqual(alone.trained[name]!.values);
    expect(beside.record.rows).toMatchObject([{ dataset: 'stripes', seed: 1 }]);
    expect(beside.record.environments.modelParameters).toBe(alone.record.environments.modelParameters);
  });

  it('goes on from a checkpoint as if nothing had happened', async () => {
    const more = {
      others: await others(),
      finetune: finetuneSchema.parse({
        seeds: 1,
        epochs: 1,
        minimumSteps: 4,
        batchSize: 8,
        patience: 0,
        checkpointEverySteps: 2,
      }),
      finishedSeeds: [],
    };
    const whole = await run('baseline', more);
    const folder = temporaryFolder();
    const half = await run('baseline', { ...more, projectFolder: folder }, (step) =>
      step === 2 ? 'pause' : null,
    );
    expect(half.outcome).toBe('paused');
    const { file, sha256 } = half.record.checkpoints.at(-1)!;
    const rest = await run('baseline', {
      ...more,
      projectFolder: folder,
      resumeFrom: { file: join(folder, 'checkpoints', file), sha256 },
    });
    expect(rest.outcome).toBe('done');
    for (const [name, { values }] of Object.entries(whole.trained))
      expect(rest.trained[name]!.values, name).toEqual(values);
  });
});

it('keeps no model that is no better than one of a seed before', async () => {
  const { record } = await run('baseline', { bestFinished: 1 });
  expect([record.rows.length, record.models, record.checkpoints]).toEqual([1, [], []]);
});
