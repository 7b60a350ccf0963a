import { describe, expect, it } from 'vitest';
import { finetuneSchema } from '../../../../../src/contract/recipe/recipe.ts';
import { SPLIT_CODE } from '../../../../../src/contract/data/splits/split.ts';
import type { FinetuneInputs } from '../../../../../src/training/inputs.ts';
import {
  drawLabels,
  scalesOfAll,
  targetScales,
  validationLabels,
} from '../../../../../src/training/finetune/scores/labels.ts';

/** 100 samples of two classes, one to four, every second one for validation. */
function jobOf(finetune: object, target: FinetuneInputs['target'] = 'classes'): FinetuneInputs {
  const count = 100;
  const classIds = Int32Array.from({ length: count }, (_, i) => (i % 10 < 2 ? 0 : 1));
  const splits = Uint8Array.from({ length: count }, (_, i) =>
    i % 2 === 0 ? SPLIT_CODE.train : SPLIT_CODE.validation,
  );
  const dataset = {
    name: 'a',
    splits,
    offsets: new Float64Array(count),
    classIds: target === 'classes' ? classIds : new Int32Array(),
    numbers:
      target === 'classes' ? new Float32Array() : Float32Array.from({ length: count }, (_, i) => 1e4 + i),
    classNames: ['rare', 'frequent'],
  };
  const budget = { total: 10 };
  return { dataset, target, budget, finetune: finetuneSchema.parse(finetune) } as unknown as FinetuneInputs;
}

describe('labeled validation samples', () => {
  it('are all there are, unless the recipe allows fewer', () => {
    expect(validationLabels(jobOf({}), 1)).toHaveLength(50);
    expect(validationLabels(jobOf({ validationLabels: 80 }), 1)).toHaveLength(50);
  });

  it('are then drawn by each seed in the proportions of the classes, from the validation split', () => {
    const job = jobOf({ validationLabels: 10 });
    const [first, second] = [validationLabels(job, 1), validationLabels(job, 2)];
    expect(first).toHaveLength(10);
    expect(first).not.toEqual(second);
    expect(validationLabels(job, 1)).toEqual(first);
    expect([...first].every((index) => job.dataset.splits[index] === SPLIT_CODE.validation)).toBe(true);
    // A fifth of the validation samples is of the rare class.
    const rare = [...first].filter((index) => job.dataset.classIds[index] === 0).length;
    expect(rare).toBe(2);
  });

  it('may be numbers as well', () => {
    expect(validationLabels(jobOf({ validationLabels: 7 }, 'number'), 1)).toHaveLength(7);
  });
});

describe('numbers to predict', () => {
  it('are scaled by the labels of their own seed', () => {
    const job = jobOf({}, 'number');
    const scales = [1, 2].map((seed) => targetScales(job, drawLabels(job, seed))![0]!);
    expect(scales[0]).not.toEqual(scales[1]);
    const { targets } = drawLabels(job, 2);
    const mean = Float64Array.from(targets).reduce((sum, value) => sum + value, 0) / targets.length;
    expect(scales[1]!.mean).toBeCloseTo(mean, 6);
    expect(targetScales(jobOf({}), drawLabels(jobOf({}), 1))).toBeNull();
  });

  it('are compared between seeds by all that are drawn from', () => {
    // 50 training samples, of 10000, 10002, …, 10098.
    const [{ mean, deviation }] = scalesOfAll(jobOf({}, 'number'))! as [{ mean: number; deviation: number }];
    expect(mean).toBeCloseTo(10_049, 6);
    expect(deviation).toBeCloseTo(2 * Math.sqrt((50 ** 2 - 1) / 12), 6);
    expect(scalesOfAll(jobOf({}))).toBeNull();
  });
});

describe('samples that count differently', () => {
  it('do so in the loss, on a scale that leaves its mean as it was', () => {
    const job = jobOf({ classWeights: 'none' });
    const weights = Float32Array.from({ length: 100 }, (_, i) => 1 + (i % 3));
    const drawn = drawLabels({ ...job, dataset: { ...job.dataset, weights } }, 1);
    const mean = drawn.indices.reduce((sum, index) => sum + weights[index]!, 0) / drawn.indices.length;
    drawn.indices.forEach((index, at) => expect(drawn.weights[at]).toBeCloseTo(weights[index]! / mean, 5));
  });
});

describe('labels of whole groups', () => {
  it('are all training labels of so many subjects, and none of others or of other splits', () => {
    // Five subjects of twenty samples each, half of them training data.
    const groups = Int32Array.from({ length: 100 }, (_, i) => Math.floor(i / 20));
    for (const target of ['classes', 'number'] as const) {
      const job = jobOf({}, target);
      const grouped = { ...job, budget: { groups: 2 }, dataset: { ...job.dataset, groups } };
      const { indices, targets, weights } = drawLabels(grouped, 1);
      expect(new Set(Array.from(indices, (index) => groups[index])).size).toBe(2);
      expect([indices.length, targets.length, weights.length]).toEqual([20, 20, 20]);
      expect([...indices].every((index) => job.dataset.splits[index] === SPLIT_CODE.train)).toBe(true);
    }
    expect(() => drawLabels({ ...jobOf({}), budget: { groups: 2 } }, 1)).toThrow(
      'the samples belong to none',
    );
  });
});
