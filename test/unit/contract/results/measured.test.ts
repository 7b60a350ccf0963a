import { expect, it } from 'vitest';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import { measuredFacts } from '../../../../src/contract/results/measured.ts';
import type { StudyResult, SummaryRow } from '../../../../src/contract/results/result.ts';

const row: SummaryRow = {
  dataset: 'xrays',
  labels: 20,
  labelsPerClass: 10,
  budget: { perClass: 10 },
  metric: 'balanced-accuracy',
  arms: {},
  difference: null,
};
const resultOf = (more: object = {}) =>
  ({
    runs: ['a', 'b', 'c'],
    seconds: 90,
    results: [2, 1, 1].map((seed) => ({ ...row, arm: 'baseline', seed })),
    split: { by: 'folder', train: 4682, validation: 524, test: 621 },
    ...more,
  }) as unknown as StudyResult;
const factsOf = (result: StudyResult, finetune: object = {}) => {
  const recipe = recipeSchema.parse({
    name: 'S',
    data: { pretrain: ['xrays', 'more'] },
    pretext: {},
    finetune,
  });
  return Object.fromEntries(measuredFacts({ recipe }, result, row).map((fact) => [fact.title, fact]));
};

it('says on what was measured, with how many seeds, and what pretraining saw', () => {
  const facts = factsOf(resultOf());
  expect(facts['Split']!.text).toContain(
    'Split by folder: 4,682 train, 524 validation, 621 test, all of xrays.',
  );
  expect(facts['Seeds']!.text).toContain('2 seeds (1, 2).');
  expect(facts['Labels']!.text).toContain('20 in all');
  expect(facts['Time']!.text).toContain('in 3 runs');
  expect(facts['Pretraining data']).toEqual({
    title: 'Pretraining data',
    text: 'xrays + more, training and unlabeled samples only.',
  });
});

it('warns where the encoder has seen the test samples, and counts copies that were kept from it', () => {
  const leftOut = [{ dataset: 'more', samples: 2, heldOut: 1 }];
  const fact = factsOf(resultOf({ transductive: true, leftOutOfPretraining: leftOut }))['Pretraining data']!;
  expect(fact.warning).toContain('Transductive');
  expect(fact.text).toContain('2 samples of more were left out: copies of 1 held-out sample.');
});

it('names each setting in which the two arms differ, and says where they do not', () => {
  expect(factsOf(resultOf())['Training']!.text).toContain('Only the first weights differ.');
  const text = factsOf(resultOf(), { layerDecay: 0.5, baselineLayerDecay: 1 })['Training']!.text;
  expect(text).toMatch(/share every setting but layer decay \(0\.5 against 1 for the baseline\)/);
});
