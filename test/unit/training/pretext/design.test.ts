import { expect, it } from 'vitest';
import { pretextSchema } from '../../../../src/contract/recipe/recipe.ts';
import { designPretext, type PretextWork } from '../../../../src/training/pretext/design.ts';

const design = (more: Partial<PretextWork> = {}, pretext: object = {}) =>
  designPretext({
    pretext: pretextSchema.parse({ task: 'simclr', batchSize: 32, seed: 9, ...pretext }),
    encoder: { family: 'residual', options: { width: 8, stages: 2, features: 16 } },
    modality: 'image',
    inputShape: [12, 12, 1],
    dtype: 'uint8',
    channelStatistics: { mean: [1], standardDeviation: [2] },
    sampleCount: 300,
    precision: 'float32',
    ...more,
  });

it('computes a batch in parts, and shares each part with other processes', () => {
  expect(design()).toMatchObject({ batchSize: 32, accumulation: 1, seed: 9 });
  expect(design({}, { accumulation: 4 })).toMatchObject({ batchSize: 8, accumulation: 4 });
  const part = { processes: 2, rank: 1 };
  expect(design({ part }, { accumulation: 4 })).toMatchObject({ batchSize: 4, part });
});

it('is of samples as they are stored; what may be missing in them is said beside', () => {
  const plain = design();
  expect(plain.sample).toEqual({ shape: [12, 12, 1], dtype: 'uint8' });
  expect(plain.channelStatistics).toEqual({ mean: [1], standardDeviation: [2] });
  expect(design({ about: { mayMiss: true } }).channelStatistics).toMatchObject({ mayMiss: true });
  expect(plain.encoder.featureCount).toBe(16);
});

it('asks of samples what its task asks', () => {
  expect(design()).toMatchObject({ needsLabels: false, asked: { asks: [], companions: null } });
  expect(design({}, { task: 'supcon' }).needsLabels).toBe(true);
});

it('refuses a task that there is not', () => {
  expect(() => design({}, { task: 'no-such' })).toThrow(/no-such/);
});
