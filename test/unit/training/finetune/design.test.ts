import { expect, it } from 'vitest';
import { finetuneSchema } from '../../../../src/contract/recipe/recipe.ts';
import { designArm, type ArmBuild } from '../../../../src/training/finetune/design.ts';

const design = (more: Partial<ArmBuild> = {}, finetune: object = {}) =>
  designArm({
    arm: 'pretrained',
    finetune: finetuneSchema.parse({ batchSize: 16, ...finetune }),
    encoder: { family: 'residual', options: { width: 8, stages: 2, features: 16 } },
    modality: 'image',
    inputShape: [12, 12, 1],
    dtype: 'uint8',
    head: { kind: 'softmax', classCount: 3 },
    channelStatistics: { mean: [1], standardDeviation: [2] },
    labels: 100,
    precision: 'float32',
    ...more,
  });

it('has no batch that is larger than its labels', () => {
  expect([design().batchSize, design({ labels: 5 }).batchSize]).toEqual([16, 5]);
});

it('takes the steps that its arm needs alone', () => {
  expect(design({ arm: 'frozen' }).steps).toEqual(['trainHead']);
  expect(design({ arm: 'pretrained' }, { frozenEpochs: 0 }).steps).toEqual(['train']);
  expect(design({ arm: 'pretrained' }, { frozenEpochs: 0.1 }).steps).toEqual(['train', 'trainHead']);
  expect(design({ arm: 'baseline' }, { frozenEpochs: 0.1 }).steps).toEqual(['train']);
});

it('is of samples as they are stored, and knows what may be missing in them', () => {
  expect(design()).toMatchObject({
    sample: { shape: [12, 12, 1], dtype: 'uint8' },
    channelStatistics: { mean: [1], standardDeviation: [2] },
  });
  expect(design().channelStatistics).not.toHaveProperty('mayMiss');
  expect(design({ about: { mayMiss: true } }).channelStatistics).toMatchObject({ mayMiss: true });
});

it('has one row of answers for each class', () => {
  const { model } = design();
  const parameters = model.parameters(1);
  expect(parameters['head/bias']!.shape).toEqual([3]);
  for (const tensor of Object.values(parameters)) tensor.dispose();
});
