import { describe, expect, it } from 'vitest';
import { finetuneRecipe, pretextRecipe, pretrainsAnew } from '../../../../../renderer/lib/forms/recipes.ts';
import type { FinetuneDraft, PretextDraft } from '../../../../../renderer/lib/forms/drafts.ts';
import { recipeSchema, type Arm, type Recipe } from '../../../../../src/contract/recipe/recipe.ts';
import { togetherSchema } from '../../../../../src/contract/recipe/together.ts';

const recipeOf = (reading: ReturnType<typeof pretextRecipe>): Recipe => {
  if (!reading.valid) throw new Error(JSON.stringify(reading.failures));
  return reading.recipe;
};
const pretext = (more: Partial<PretextDraft>): PretextDraft => ({
  datasets: ['lab', 'clinic'],
  task: 'simclr',
  taskOptions: {},
  family: 'residual',
  encoderOptions: {},
  startFrom: '',
  config: {},
  includeHeldOut: false,
  byRecording: false,
  together: null,
  alsoFinetune: [],
  shape: {},
  seed: 1,
  name: '',
  ...more,
});

describe('the form of pretraining', () => {
  it('says all of putting together that a recipe can', () => {
    const together = togetherSchema.parse({
      match: 'all',
      rate: 100,
      seconds: 2,
      sampling: 'temperature',
      temperature: 3,
      like: 'clinic',
      sources: ['lab', 'clinic'],
      names: { lab: { EEG1: 'Fp1' } },
    });
    const { data } = recipeOf(pretextRecipe(pretext({ together, alsoFinetune: ['clinic'] }), 'P'));
    expect(data).toMatchObject({ together, alsoFinetune: ['clinic'] });
    const { data: images } = recipeOf(
      pretextRecipe(pretext({ shape: { imageSize: 32, color: 'grey' } }), 'P'),
    );
    expect(images).toMatchObject({ imageSize: 32, color: 'grey' });
  });

  it('says nothing of the first dataset, nor of one that is not chosen', () => {
    const { data } = recipeOf(pretextRecipe(pretext({ alsoFinetune: ['lab', 'gone'] }), 'P'));
    expect(data.alsoFinetune).toBeUndefined();
  });

  it('keeps a value that is no number from being taken as nothing', () => {
    const together = { ...togetherSchema.parse({}), rate: NaN };
    expect(pretextRecipe(pretext({ together }), 'P').valid).toBe(false);
  });
});

describe('the form of fine-tuning', () => {
  const recipe = recipeSchema.parse({
    name: 'P',
    data: { pretrain: ['lab', 'clinic'], alsoFinetune: ['clinic'] },
    pretext: { epochs: 3 },
  });
  const draft = (arms: Arm[], more: Partial<Pick<FinetuneDraft, 'also' | 'folds'>> = {}) => ({
    checkpoint: 'c',
    dataset: 'lab',
    also: [] as string[],
    folds: null,
    values: {},
    name: '',
    budgets: [{ perClass: 5 }],
    arms,
    ...more,
  });
  const read = (one: ReturnType<typeof draft>) =>
    recipeOf(finetuneRecipe(one, { checkpointId: 'c', recipe }, 'F'));

  it('tests on the datasets that are chosen there, whatever pretraining was told', () => {
    expect(read(draft(['pretrained'])).data.alsoFinetune).toBeUndefined();
    expect(read(draft(['pretrained'], { also: ['lab', 'clinic'] })).data.alsoFinetune).toEqual(['clinic']);
  });

  it('pretrains anew where arms need pretrainings of their own', () => {
    expect(read(draft(['pretrained', 'baseline']))).toMatchObject({ fromCheckpoint: 'c' });
    const compared = read(draft(['pretrained', 'pretrained-own']));
    expect(compared.fromCheckpoint).toBeUndefined();
    expect(compared.pretext).toMatchObject({ epochs: 3 });
    expect(pretrainsAnew({ folds: null, arms: ['pretrained'] })).toBe(false);
  });
});
