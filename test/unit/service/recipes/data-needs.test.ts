import { expect, it } from 'vitest';
import type { Dataset } from '../../../../src/contract/entities.ts';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import { checkDataNeeds, warnOfData } from '../../../../src/service/recipes/data-needs.ts';

const datasetOf = (train: number, validation: number, test: number, more: object = {}) =>
  ({
    name: 'small',
    target: 'classes',
    sampleCount: 2 * (train + validation + test),
    labeledCount: 2 * (train + validation + test),
    classes: ['cat', 'dog'].map((name) => ({ name, train, validation, test })),
    split: { train: 2 * train, validation: 2 * validation, test: 2 * test },
    ...more,
  }) as unknown as Dataset;
const recipe = (more: object) => recipeSchema.parse({ name: 'A', data: { pretrain: ['small'] }, ...more });
const messages = (more: object, dataset: Dataset) =>
  checkDataNeeds(recipe(more), [dataset]).map(({ path, message }) => `${path.join('.')}: ${message}`);

it('asks for two batches of what the task can use', () => {
  const simclr = (batchSize: number) => ({ pretext: { task: 'simclr', batchSize } });
  expect(messages(simclr(20), datasetOf(20, 5, 5))).toEqual([]);
  expect(messages(simclr(21), datasetOf(20, 5, 5))).toEqual([
    'pretext.batchSize: `pretext.batchSize` of 21 needs at least 42 training samples. Found: 40. Choose 20 or less.',
  ]);
  // With the held-out samples there are 60.
  expect(
    checkDataNeeds(recipe({ ...simclr(21), data: { pretrain: ['small'], includeHeldOut: true } }), [
      datasetOf(20, 5, 5),
    ]),
  ).toEqual([]);
  const [problem] = messages({ pretext: { task: 'supcon', batchSize: 64 } }, datasetOf(4, 1, 1));
  expect(problem).toContain('labeled training samples. Found: 8. Even batches of 8 need 16: import more.');
});

it('asks for as many labels as a budget takes', () => {
  const [problem] = messages(
    { finetune: { budgets: [{ perClass: 10 }, { perClass: 21 }] } },
    datasetOf(20, 5, 5),
  );
  expect(problem).toMatch(/^finetune\.budgets\.1: .*21/);
});

it('refuses what could not be measured, and says no more than that', () => {
  const found = messages({ finetune: { budgets: [{ perClass: 50 }] } }, datasetOf(20, 5, 0));
  expect(found).toEqual(['data.finetune: No test sample of “small” has a label: nothing could be measured.']);
  expect(messages({ finetune: {} }, datasetOf(20, 0, 5))).toEqual([
    'data.finetune: No validation sample of “small” has a label: training could not be stopped at its best, nor settings be chosen.',
  ]);
});

it('warns of what can be carried out all the same', () => {
  const asked = recipe({ finetune: {} });
  const dataset = datasetOf(20, 5, 5);
  const [first, ...rest] = dataset.classes;
  const unlike = { ...dataset, classes: [{ ...first!, validation: 0 }, ...rest] };
  const [warning, ...others] = warnOfData(asked, [unlike]);
  expect(warning!.message).toContain('is missing among the validation samples');
  expect(others).toEqual([]);
  expect(warnOfData(recipe({ pretext: {} }), [unlike])).toEqual([]);
});

it('says nothing of data that are yet to be imported', () => {
  expect(checkDataNeeds(recipe({ pretext: { batchSize: 4096 }, finetune: {} }), [])).toEqual([]);
});
