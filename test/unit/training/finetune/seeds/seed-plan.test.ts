import { expect, it } from 'vitest';
import { finetuneSchema } from '../../../../../src/contract/recipe/recipe.ts';
import { planSeed, type ArmTraining } from '../../../../../src/training/finetune/seeds/seed-plan.ts';

/** 40 training samples and 10 for validation, of two classes. */
const dataset = {
  name: 'pets',
  classNames: ['cat', 'dog'],
  classIds: Int32Array.from({ length: 50 }, (_, i) => i % 2),
  numbers: new Float32Array(),
  offsets: new Float64Array(50),
  splits: Uint8Array.from({ length: 50 }, (_, i) => (i < 40 ? 0 : 1)),
};
const arm = (making?: object, finetune: object = {}) =>
  ({
    job: {
      dataset,
      budget: { perClass: 8 },
      target: 'classes',
      finetune: finetuneSchema.parse({ epochs: 4, minimumSteps: 24, patience: 0.5, ...finetune }),
      ...(making && { making }),
    },
    batchSize: 8,
    otherBatches: [],
    frozenShare: 0.25,
  }) as unknown as ArmTraining;

it('plans a training of few labels by the least number of steps, with its shares of them', () => {
  const plan = planSeed(arm(), 1);
  // 16 labels in batches of 8, four times, would be 8 steps.
  expect(plan.labels.indices).toHaveLength(16);
  expect(plan.labels.indices.every((index) => index < 40)).toBe(true);
  expect(plan).toMatchObject({
    stepsPerEpoch: 2,
    totalSteps: 24,
    lastStep: 24,
    frozenSteps: 6,
    patienceSteps: 12,
    asked: { stepsPerEpoch: 2, totalSteps: 24 },
  });
  expect(plan.evaluateEvery).toBe(1);
  expect([...plan.validation]).toEqual([40, 41, 42, 43, 44, 45, 46, 47, 48, 49]);
  expect(plan.scales).toBeNull();
});

it('looks at validation samples some twenty times, however long it trains', () => {
  const plan = planSeed(arm(undefined, { epochs: 100 }), 1);
  expect([plan.totalSteps, plan.evaluateEvery]).toEqual([200, 10]);
});

it('draws the same labels again for the same seed, and others for another', () => {
  const labels = (seed: number) => [...planSeed(arm(), seed).labels.indices];
  expect(labels(1)).toEqual(labels(1));
  expect(labels(1)).not.toEqual(labels(2));
});

it('ends a final model where the runs that it follows were best, and looks at nothing on the way', () => {
  const plan = planSeed(arm({ kind: 'final', splits: ['train', 'validation'], share: 0.25 }), 1);
  expect([plan.totalSteps, plan.lastStep]).toEqual([24, 6]);
  expect(plan.validation).toHaveLength(0);
});

it('takes errors of every seed in the same deviation, whichever labels it drew', () => {
  const { job, ...rest } = arm();
  const numbers = Float32Array.from({ length: 50 }, (_, i) => i ** 2);
  const own = { ...dataset, classNames: [], classIds: new Int32Array(), numbers };
  const finetune = { ...job.finetune, classWeights: 'none' };
  const of = { ...rest, job: { ...job, target: 'number', dataset: own, budget: { total: 8 }, finetune } };
  const [one, two] = [1, 2].map((seed) => planSeed(of as unknown as ArmTraining, seed));
  expect(one!.scales).not.toEqual(two!.scales);
  expect(one!.yardsticks).toEqual(two!.yardsticks);
  // Of the squares of 0 to 39, by the sums of powers.
  const [squares, fourths] = [20_540, 19_221_332].map((sum) => sum / 40) as [number, number];
  expect(one!.yardsticks![0]!.mean).toBeCloseTo(squares, 6);
  expect(one!.yardsticks![0]!.deviation).toBeCloseTo(Math.sqrt(fourths - squares ** 2), 6);
});
