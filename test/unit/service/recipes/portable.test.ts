import { expect, test } from 'vitest';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import { registerCheckpoint, type WritableProject } from '../../../../src/project/index.ts';
import { portableRecipe } from '../../../../src/service/recipes/portable.ts';
import { checkRecipeText, recipeToYaml } from '../../../../src/service/recipes/text.ts';
import { addDataset, addRun, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';

const pretraining = recipeSchema.parse({
  name: 'Pretraining',
  data: { pretrain: ['small'] },
  pretext: { task: 'byol', epochs: 3 },
});

/** A project with a pretext run; gives the id of its best checkpoint. */
function pretrained(project: WritableProject, of = pretraining): string {
  addDataset(project, 'small', [sample(0), sample(1)]);
  const { id: run } = addRun(project, addStudy(project, of), { title: 'byol' });
  return registerCheckpoint(project, run, {
    kind: 'best',
    file: 'a.safetensors',
    sha256: 'a'.repeat(64),
    bytes: 1,
    step: 3,
    epoch: 3,
    score: null,
    scoreOf: null,
  }).checkpoint.id;
}

const finetuning = (fromCheckpoint: string) =>
  recipeSchema.parse({
    name: 'Fine-tuning',
    data: { pretrain: ['small'], finetune: 'small' },
    fromCheckpoint,
    finetune: { budgets: [{ perClass: 1 }], arms: ['pretrained', 'baseline'], seeds: 2 },
  });

test('an exported recipe says where its data come from, and pretrains in place of a checkpoint’s id', () => {
  const project = temporaryProject();
  const id = pretrained(project);
  const { recipe, cautions } = portableRecipe(project, finetuning(id));
  expect(cautions).toEqual([]);
  expect(recipe.fromCheckpoint).toBeUndefined();
  expect(recipe.pretext).toMatchObject({ task: 'byol', epochs: 3, checkpoint: 'best' });
  expect(recipe.data.import).toEqual({ small: expect.objectContaining({ path: '/somewhere' }) });
  expect(recipe.finetune).toMatchObject({ seeds: 2, arms: ['pretrained', 'baseline'] });
  // Nothing of this project is left in it, and another one takes it.
  const text = recipeToYaml(recipe, cautions);
  expect(text).not.toContain(id);
  const check = checkRecipeText(text, 'recipe.yaml', () => null);
  expect(check.valid && check.recipe).toEqual(recipe);
});

test('what cannot be carried elsewhere is said in the file', () => {
  const project = temporaryProject();
  const id = pretrained(
    project,
    recipeSchema.parse({ ...pretraining, tournament: { tasks: ['byol', 'simclr'] } }),
  );
  const { recipe, cautions } = portableRecipe(project, finetuning(id));
  expect(recipe.fromCheckpoint).toBe(id);
  expect(cautions).toEqual([
    `\`fromCheckpoint\` is the checkpoint ${id} of byol-1 in the study “Pretraining”: only that project has it.`,
  ]);
  expect(recipeToYaml(recipe, cautions)).toContain('# `fromCheckpoint` is the checkpoint');
});

test('a dataset that is gone is named', () => {
  const project = temporaryProject();
  expect(portableRecipe(project, pretraining).cautions).toEqual([
    'How “small” was imported is no longer known: the dataset is gone.',
  ]);
});
