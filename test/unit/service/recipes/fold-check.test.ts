import { describe, expect, it } from 'vitest';
import { recipeSchema, type RecipeInput } from '../../../../src/contract/recipe/recipe.ts';
import { checkExclusions, checkFolds, levelsOf } from '../../../../src/service/recipes/fold-check.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';
import { knownProject } from '../../../../src/service/studies/start.ts';

const recipe = (data: Partial<RecipeInput['data']>, rest: Partial<RecipeInput> = {}) =>
  recipeSchema.parse({ name: 'A', data: { pretrain: ['small'], ...data }, finetune: {}, ...rest });

const messages = (found: { message: string }[]) => found.map(({ message }) => message);

describe('folds of a recipe', () => {
  it('are not for a tournament, nor for a study without tests', () => {
    expect(messages(checkFolds(recipe({ folds: {} }, { tournament: {} }), null))[0]).toContain(
      'Run it first',
    );
    expect(messages(checkFolds(recipe({ folds: {} }, { finetune: undefined }), null))[0]).toContain(
      'add `finetune`',
    );
    expect(checkFolds(recipe({}), null)).toEqual([]);
  });

  it('need groups', () => {
    const project = temporaryProject();
    addDataset(project, 'small', [sample(0)]);
    const known = knownProject(project, recipe({}));
    expect(levelsOf(known.datasets[0]!)).toEqual([]);
    expect(messages(checkFolds(recipe({ folds: {} }), known))[0]).toContain('belong to no groups');
    expect(messages(checkExclusions(recipe({ exclude: [{ groups: ['a'] }] }), known))[0]).toContain(
      'no groups',
    );
  });

  it('leave out only of datasets that the study uses', () => {
    const wanted = recipe({ exclude: [{ dataset: 'other', groups: ['a'] }] });
    expect(messages(checkExclusions(wanted, null))).toEqual([
      'The study does not use a dataset “other” to leave any of.',
    ]);
  });
});
