/** Documents in the database that a version with other fields wrote. */
import { expect, it } from 'vitest';
import {
  findDataset,
  getRun,
  getStudy,
  listDatasets,
  listStudies,
  type WritableProject,
} from '../../../../src/project/index.ts';
import { portableRecipe } from '../../../../src/service/recipes/portable.ts';
import { checkRecipeText, recipeToYaml } from '../../../../src/service/recipes/text.ts';
import { addDataset, addRun, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';

/** Puts a field, which this version does not know, into what a column holds. */
function putFields(project: WritableProject, table: string, column: string, ...places: string[]): void {
  for (const place of places)
    project.connection.prepare(`UPDATE ${table} SET ${column} = json_set(${column}, ?, 'odd')`).run(place);
}

it('are read without those that this version does not know', () => {
  const project = temporaryProject();
  addDataset(project, 'small', [sample(0), sample(1)]);
  const studyId = addStudy(project);
  const { id: runId } = addRun(project, studyId);
  const before = { study: getStudy(project, studyId).study, dataset: findDataset(project, 'small') };
  const { config } = getRun(project, runId);

  putFields(project, 'studies', 'recipe', '$.gone', '$.data.gone', '$.encoder.gone', '$.device.gone');
  putFields(project, 'datasets', 'import_options', '$.gone', '$.images.gone', '$.signals.gone');
  putFields(project, 'datasets', 'split', '$.rule.gone');
  putFields(project, 'runs', 'config', '$.data.gone', '$.device.gone', '$.pretext.gone', '$.finetune.gone');

  expect(getStudy(project, studyId).study).toEqual(before.study);
  expect(listStudies(project)).toEqual([before.study]);
  expect(findDataset(project, 'small')).toEqual(before.dataset);
  expect(listDatasets(project)).toEqual([before.dataset?.dataset]);
  expect(getRun(project, runId).config).toEqual(config);
});

it('give a recipe that can be taken elsewhere', () => {
  const project = temporaryProject();
  addDataset(project, 'small', [sample(0), sample(1)]);
  const studyId = addStudy(project);
  const { recipe } = getStudy(project, studyId).study;
  putFields(project, 'studies', 'recipe', '$.gone', '$.pretext.gone');
  const portable = portableRecipe(project, getStudy(project, studyId).study.recipe);
  const check = checkRecipeText(recipeToYaml(portable.recipe), 'recipe.yaml', () => null);
  expect(check.valid && check.recipe).toEqual({ ...recipe, data: check.valid && check.recipe.data });
});
