import { expect, test } from 'vitest';
import { recipeSchema, type PretextConfig } from '../../../../src/contract/recipe/recipe.ts';
import {
  getRun,
  listRunsOf,
  registerCheckpoint,
  type WritableProject,
} from '../../../../src/project/index.ts';
import { portableRecipe } from '../../../../src/service/recipes/portable.ts';
import { startStudy } from '../../../../src/service/studies/start.ts';
import { checkRecipeText, recipeToYaml } from '../../../../src/service/recipes/text.ts';
import { addDataset, addRun, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';
import { pretextConfig, pretextOf } from '../../../fixtures/run-configs.ts';

const pretraining = recipeSchema.parse({
  name: 'Pretraining',
  data: { pretrain: ['small'] },
  pretext: { task: 'byol', epochs: 3 },
});

/** A project with a pretext run; gives the id of its best checkpoint. */
function pretrained(project: WritableProject, of = pretraining, more: object = {}): string {
  addDataset(project, 'small', [sample(0), sample(1)]);
  const { id: run } = addRun(project, addStudy(project, of), {
    title: 'byol',
    config: pretextConfig({ data: of.data, pretext: of.pretext as PretextConfig, ...more }),
  });
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

test('a pretraining that left groups out, of a fold or by the recipe, is not told as one that saw all', () => {
  const exclude = [{ by: 'participant', groups: ['P3'] }];
  const without = recipeSchema.parse({ ...pretraining, data: { pretrain: ['small'], exclude } });
  const fold = { fold: { number: 1, of: 3, sha256: 'a' } };
  for (const [of, more] of [
    [without, {}],
    [pretraining, fold],
  ] as const) {
    const project = temporaryProject();
    const id = pretrained(project, of, more);
    expect(portableRecipe(project, finetuning(id)).recipe.fromCheckpoint).toBe(id);
  }
  const project = temporaryProject();
  const id = pretrained(project, without);
  const alike = { ...finetuning(id), data: { ...finetuning(id).data, exclude } };
  const { recipe } = portableRecipe(project, alike);
  expect(recipe).toMatchObject({ data: { exclude }, pretext: { task: 'byol' } });
  expect(recipe.fromCheckpoint).toBeUndefined();
});

test('a dataset that is gone is named', () => {
  const project = temporaryProject();
  expect(portableRecipe(project, pretraining).cautions).toEqual([
    'How “small” was imported is no longer known: the dataset is gone.',
  ]);
});

test('of several pretrainings only what all have alike is written, and of a checkpoint those that it was made with', () => {
  const project = temporaryProject();
  const many = (count: number) =>
    Array.from({ length: count }, (_, i) => sample(i, { split: i % 5 < 3 ? 0 : (i % 5) - 2 }));
  addDataset(project, 'small', many(1300));
  addDataset(project, 'large', many(6000));
  const { study } = startStudy(
    project,
    recipeSchema.parse({
      name: 'A',
      data: { pretrain: ['small', 'large'], finetune: 'small', alsoFinetune: ['large'] },
      pretext: { task: 'moco-v2', epochs: 2, batchSize: 64, options: { keyGroups: 1 } },
      finetune: { budgets: [{ perClass: 1 }], arms: ['pretrained-own', 'baseline'], seeds: 1 },
    }),
  );
  const runs = listRunsOf(project, study.id).filter(({ run }) => run.kind === 'pretext');
  // A quarter of 780 and of 3,600 samples, as powers of two.
  expect(runs.map((stored) => [stored.run.datasets, pretextOf(stored)!.options.queueSize])).toEqual([
    [['small'], 256],
    [['large'], 1024],
  ]);
  const { options } = portableRecipe(project, study.recipe, study.id).recipe.pretext!;
  expect(options).toMatchObject({ keyGroups: 1, imageViews: pretextOf(runs[0]!)!.options.imageViews });
  expect(options).not.toHaveProperty('queueSize');

  const { id } = registerCheckpoint(project, runs[1]!.run.id, {
    kind: 'last',
    file: 'b.safetensors',
    sha256: 'b'.repeat(64),
    bytes: 1,
    step: 3,
    epoch: 3,
    score: null,
    scoreOf: null,
  }).checkpoint;
  const { recipe } = portableRecipe(project, finetuning(id));
  expect(recipe.data).toMatchObject({ pretrain: ['large'], finetune: 'small' });
  expect(recipe.pretext!.options).toEqual(pretextOf(getRun(project, runs[1]!.run.id))!.options);
  expect(recipe.encoder).toEqual(runs[1]!.config.encoder);
});
