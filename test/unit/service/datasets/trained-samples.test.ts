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
