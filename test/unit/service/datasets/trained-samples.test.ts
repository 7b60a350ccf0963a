import { expect, it } from 'vitest';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import { trainedSamples } from '../../../../src/service/datasets/trained-samples.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';

it('counts what is for training and what has no label, of all datasets', () => {
  const project = temporaryProject();
  for (const name of ['a', 'b'])
    addDataset(project, name, [sample(0, { split: 0 }), sample(1, { split: 1 }), sample(2, { split: 2 })]);
  const data = (more: object) =>
    recipeSchema.parse({ name: 'A', data: { pretrain: ['a', 'b'], ...more } }).data;
  expect(trainedSamples(project, data({}))).toBe(2);
  expect(trainedSamples(project, data({ includeHeldOut: true }))).toBe(6);
});

it('counts what a fold trains on in place of the split of the import', () => {
  const project = temporaryProject();
  addDataset(
    project,
    'a',
    Array.from({ length: 20 }, (_, at) => sample(at, { split: at < 10 ? 0 : 2 })),
  );
  addDataset(project, 'b', [sample(0), sample(1, { split: 2 })]);
  const { data } = recipeSchema.parse({ name: 'A', data: { pretrain: ['a', 'b'], finetune: 'a' } });
  const groups = { by: 'group', train: ['x', 'y', 'z'], validation: ['v'], test: ['t'] };
  const fold = { number: 1, of: 5, sha256: '', ...groups };
  expect(trainedSamples(project, data, { ...fold, trainingSamples: 13 })).toBe(14);
  // Dealt by a version that did not count: three of five groups.
  expect(trainedSamples(project, data, fold)).toBe(13);
});
