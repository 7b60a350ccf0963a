/** The hashes were recorded before the marks in the schemas, when names of fields were listed beside `identityOf`. */
import { describe, expect, it } from 'vitest';
import type { Arm } from '../../../../src/contract/recipe/recipe.ts';
import type { DatasetContent } from '../../../../src/contract/messages/dataset-selection.ts';
import type { FinetuneJob, PretextJob } from '../../../../src/contract/messages/job.ts';
import { identityOf } from '../../../../src/service/runs/reuse.ts';

const dataset: DatasetContent = {
  name: 'leaves',
  modality: 'image',
  shape: [16, 16, 3],
  dtype: 'uint8',
  offsets: Float64Array.from([0, 768, 1536, 2304, 3072, 3840]),
  splits: Uint8Array.from([0, 0, 0, 0, 1, 2]),
  classIds: Int32Array.from([0, 0, 1, -1, 1, 0]),
  numbers: new Float32Array(0),
  classNames: ['oak', 'ash'],
  channelStatistics: { mean: [1, 2, 3], standardDeviation: [4, 5, 6] },
};

const shared = {
  inputShape: [16, 16, 3],
  modality: 'image' as const,
  encoder: { family: 'residual', options: { width: 16 } },
  precision: 'float32' as const,
  resumeFrom: null,
};

// Written out, so that what later versions add to the recipe changes nothing here.
const ofPretext = {
  task: 'simclr',
  options: {},
  epochs: 3,
  batchSize: 128,
  accumulation: 1,
  learningRate: 0.002,
  warmupEpochs: 1,
  optimizer: 'adamw' as const,
  weightDecay: 0.0001,
  checkpointEverySteps: 100,
  probeEveryEpochs: 5,
  linearProbe: false,
  checkpoint: 'last' as const,
  onCollapse: 'report' as const,
  seed: 1,
};

const ofFinetune = {
  seeds: 5,
  epochs: 60,
  minimumSteps: 200,
  batchSize: 64,
  learningRate: 0.001,
  layerDecay: 1,
  baselineLayerDecay: 1,
  frozenEpochs: 0,
  weightDecay: 0.0001,
  augmentation: 'mild' as const,
  patience: 0.34,
  classWeights: 'balanced' as const,
  sampling: 'natural' as const,
  checkpointEverySteps: 200,
  firstSeed: 1,
};

const identify = (job: PretextJob | FinetuneJob) =>
  identityOf({ job, selectionHash: 'a'.repeat(64), datasetIds: ['dataset-1'] }, '0.2.0');

const pretext = (settings: object = {}, changes: Partial<PretextJob> = {}) =>
  identify({
    kind: 'pretext',
    ...shared,
    pretext: { ...ofPretext, ...settings },
    startFrom: null,
    includeHeldOut: false,
    datasets: [dataset],
    probeDataset: 'leaves',
    ...changes,
  });

const finetune = (arm: Arm, settings: object = {}, changes: Partial<FinetuneJob> = {}) =>
  identify({
    kind: 'finetune',
    ...shared,
    arm,
    budget: { perClass: 1 },
    metric: 'balanced-accuracy',
    target: 'classes',
    finetune: { ...ofFinetune, arms: [arm], budgets: [{ perClass: 1 }], ...settings },
    dataset,
    checkpoint: arm === 'baseline' ? null : 'b'.repeat(64),
    finishedSeeds: [],
    bestFinished: null,
    ...changes,
  });

describe('the identity of a run', () => {
  it('is for pretraining as it was', () => {
    expect([
      pretext(),
      pretext({ startFrom: 'checkpoint-1' }, { startFrom: 'c'.repeat(64) }),
      pretext({}, { includeHeldOut: true, probeDataset: null }),
    ]).toEqual([
      '78a1e5a5111de091c27aae35fb52742a3cd8437307d993ced6505306ce716013',
      '98bf3e1398bc951e4458a96724ef2549c55ef7b5aefbda3aa4852e145a0f1ae2',
      '42c07256987ae83047ad43e51fe7a5f030d79ee2f11fe0fef3c4e7d13018e184',
    ]);
  });

  it('is for fine-tuning as it was', () => {
    const numbers = {
      target: 'number' as const,
      metric: 'r2' as const,
      budget: { share: 0.5 },
      dataset: {
        ...dataset,
        classIds: new Int32Array(0),
        classNames: [],
        numbers: Float32Array.from([1, 2, NaN, 4, 5, 6]),
      },
    };
    expect([
      finetune('baseline'),
      finetune('pretrained'),
      finetune('frozen'),
      finetune('linear-probe'),
      finetune('knn-probe'),
      finetune('baseline', { baselineLayerDecay: 0.5 }),
      finetune('pretrained', { layerDecay: 0.5, frozenEpochs: 0.2 }),
      finetune('baseline', { metric: 'r2' }, numbers),
    ]).toEqual([
      '336e5909e94220ac4cde276aeef926f0e02d7df8a5ad57ac09a3723e6acd744f',
      '9768cc2aea9f4db25aa1eb61e5869b5a0dcb0c417794e6fdea21a4d87d19a77e',
      'e251a6b4d8960ce8bbcabf9f59efcd4f7db06b42343cffb9b6040b0a6228a1c2',
      'f01271f058efd4783d3bee10cd7fb7e7aa183294c73604c61c58ae565e3eb330',
      'cbb916bd0f9abc4bc2322d1c478d3d7b5ac97c1910ea0f30599f931ed3a0d306',
      '2e57e3194d82468fa28b0cf946b6627f6396c8f006aa879023d1a8b26294c2a2',
      'b5159dd8fb863f8d64ac647eb1f6915f23f039979c164cac768df123d970a3d4',
      '9929bdc20515812283d982a72d446229c0e1f7ebcea2a14a2e4daef0b9bfd975',
    ]);
  });

  it('does not ask how far a run is, nor what its arm never reads', () => {
    const resumeFrom = 'd'.repeat(64);
    expect(pretext({ checkpointEverySteps: 7 }, { resumeFrom })).toBe(pretext());
    // Known with the dataset, whose id counts.
    expect(pretext({}, { about: { channelNames: ['red', 'green', 'blue'] } })).toBe(pretext());
    const ofOthers = { seeds: 9, checkpointEverySteps: 7, layerDecay: 0.3, frozenEpochs: 0.4 };
    const stand = { finishedSeeds: [1], bestFinished: 0.5, seeds: [1, 2], resumeFrom };
    expect(finetune('baseline', ofOthers, stand)).toBe(finetune('baseline'));
    expect(finetune('frozen', { ...ofOthers, baselineFrozenEpochs: 0.2 })).toBe(finetune('frozen'));
  });

  it('takes budgets that draw alike for one, but where other datasets draw by the same budget', () => {
    const labeled = dataset.classIds.filter((id, at) => id >= 0 && dataset.splits[at] === 0).length;
    const of = (budget: object, more: object = {}) =>
      finetune('baseline', {}, { budget, ...more } as Parameters<typeof finetune>[2]);
    expect(of({ total: labeled })).toBe(of({ share: 1 }));
    const beside = { others: [{ dataset: { ...dataset, name: 'other' }, target: 'classes' }] };
    expect(of({ total: labeled }, beside)).not.toBe(of({ share: 1 }, beside));
    expect(of({ share: 1 }, beside)).toBe(of({ share: 1 }, beside));
  });

  it('asks all that decides: settings of its own arm, weights, data', () => {
    expect(finetune('pretrained', { layerDecay: 0.3 })).not.toBe(finetune('pretrained'));
    expect(finetune('baseline', { baselineFrozenEpochs: 0.3 })).not.toBe(finetune('baseline'));
    expect(finetune('pretrained', {}, { checkpoint: 'e'.repeat(64) })).not.toBe(finetune('pretrained'));
    expect(pretext({ seed: 2 })).not.toBe(pretext());
    expect(pretext({ somethingNew: 1 })).not.toBe(pretext());
  });
});
