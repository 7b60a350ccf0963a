import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { finetuneSchema } from '../../../src/contract/recipe/recipe.ts';
import { SPLIT_CODE } from '../../../src/contract/data/splits/split.ts';
import type { DatasetSelection } from '../../../src/contract/messages/dataset-selection.ts';
import type { FinetuneInputs } from '../../../src/training/inputs.ts';
import { readCheckpoint } from '../../../src/training/checkpoints/file.ts';
import { runFinetune } from '../../../src/training/finetune/run.ts';
import { drawLabels, weighsClasses } from '../../../src/training/finetune/scores/labels.ts';
import { recorder } from '../../fixtures/recorder.ts';
import { writeStripes } from '../../fixtures/stripes.ts';

let folder: string;
let imbalanced: DatasetSelection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pretext-imbalance-'));
  const dataset = await writeStripes(folder, 960);
  // Of class 3 only six training samples keep their label.
  let kept = 0;
  const rare = (i: number) => dataset.classIds[i] === 3 && dataset.splits[i] === SPLIT_CODE.train;
  imbalanced = {
    ...dataset,
    classIds: dataset.classIds.map((id, i) => (rare(i) && ++kept > 6 ? -1 : id)),
  };
});

function jobWith(runId: string, settings: Partial<FinetuneInputs['finetune']>): FinetuneInputs {
  const finetune = finetuneSchema.parse({
    seeds: 1,
    epochs: 4,
    minimumSteps: 60,
    batchSize: 16,
    checkpointEverySteps: 25,
    learningRate: 0.003,
    patience: 0,
    ...settings,
  });
  return {
    kind: 'finetune',
    runId,
    projectFolder: folder,
    inputShape: imbalanced.shape,
    modality: 'image',
    encoder: { family: 'residual', options: { width: 8, stages: 2, features: 16 } },
    threads: 2,
    resumeFrom: null,
    arm: 'baseline',
    budget: 'all',
    metric: 'balanced-accuracy',
    target: 'classes',
    finetune,
    dataset: imbalanced,
    checkpoint: null,
    finishedSeeds: [],
  };
}

async function rowOf(runId: string, settings: Partial<FinetuneInputs['finetune']>) {
  const record = recorder();
  expect(await runFinetune(jobWith(runId, settings), record)).toBe('done');
  return record.rows[0]!;
}

describe('a rare class', () => {
  it('is found more often with balanced batches', async () => {
    const recall = async (settings: Partial<FinetuneInputs['finetune']>) =>
      (await rowOf(`recall-${settings.sampling}-${settings.classWeights}`, settings)).perClass![3]!.recall;
    const natural = await recall({ sampling: 'natural', classWeights: 'none' });
    expect(await recall({ sampling: 'balanced', classWeights: 'none' })).toBeGreaterThan(natural + 0.1);
  });

  it('is not counted twice: balanced batches leave class weights out', async () => {
    const twice = jobWith('twice', { sampling: 'balanced', classWeights: 'balanced' });
    expect(new Set(drawLabels(twice, 1).weights)).toEqual(new Set([1]));
    expect(await rowOf('both', { sampling: 'balanced', classWeights: 'balanced' })).toEqual(
      await rowOf('one', { sampling: 'balanced', classWeights: 'none' }),
    );
    const weighted = jobWith('weighted', { sampling: 'natural', classWeights: 'balanced' });
    const weights = drawLabels(weighted, 1).weights;
    // samples / (classes · samples of the class)
    expect(Math.max(...weights)).toBeCloseTo(weights.length / (4 * 6), 4);
  });

  it('is weighed in probes, which have no batches, by either of the two', () => {
    const weighs = (settings: Partial<FinetuneInputs['finetune']>) =>
      weighsClasses(jobWith('probe', settings).finetune);
    expect(weighs({ sampling: 'balanced', classWeights: 'none' })).toBe(true);
    expect(weighs({ sampling: 'natural', classWeights: 'balanced' })).toBe(true);
    expect(weighs({ sampling: 'natural', classWeights: 'none' })).toBe(false);
  });

  it('gives the same result after a pause in the middle', async () => {
    const whole = await rowOf('whole', { sampling: 'balanced' });
    const first = recorder((step) => (step === 37 ? 'pause' : null));
    expect(await runFinetune(jobWith('parts', { sampling: 'balanced' }), first)).toBe('paused');
    const { file, sha256 } = first.checkpoints.at(-1)!;
    const resumeFrom = { file: join(folder, 'checkpoints', file), sha256 };
    const second = recorder();
    await runFinetune({ ...jobWith('parts', { sampling: 'balanced' }), resumeFrom }, second);
    expect(second.rows[0]).toEqual(whole);
  });
});

describe('calibration of a fine-tuned model', () => {
  it('is measured on all test samples, and its temperature is kept with the model', async () => {
    const record = recorder();
    await runFinetune(jobWith('calibrated', {}), record);
    const row = record.rows[0]!;
    const { before, after, temperature } = row.calibration!;
    const tested = row.confusion!.flat().reduce((sum, count) => sum + count, 0);
    for (const moment of [before, after!]) {
      expect(moment.bins).toHaveLength(15);
      expect(moment.bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(tested);
      const right = moment.bins.reduce((sum, bin) => sum + bin.count * bin.accuracy, 0);
      expect(right / tested).toBeCloseTo(row.testMetrics!['accuracy']!, 10);
    }
    const best = record.checkpoints.findLast((note) => note.kind === 'best')!;
    const { metadata } = await readCheckpoint(join(folder, 'checkpoints', best.file));
    expect(metadata).toMatchObject({ temperature });
  });
});
