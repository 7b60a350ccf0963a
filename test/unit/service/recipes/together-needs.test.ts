import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../../src/contract/entities.ts';
import { recipeSchema, type RecipeInput } from '../../../../src/contract/recipe/recipe.ts';
import { checkTogether, formIfKnown } from '../../../../src/service/recipes/together-needs.ts';

const dataset = (name: string, channelNames: string[], changes: Partial<Dataset> = {}) =>
  ({
    name,
    modality: 'signal',
    shape: [200, channelNames.length],
    dtype: 'float32',
    samplingRate: 100,
    channelNames,
    sampleCount: 90,
    split: { train: 60, validation: 15, test: 15 },
    channelStatistics: { mean: channelNames.map(() => 0), standardDeviation: channelNames.map(() => 1) },
    ...changes,
  }) as unknown as Dataset;

const datasets = [dataset('a', ['x', 'y']), dataset('b', ['y', 'z'], { shape: [100, 2], samplingRate: 50 })];
const recipe = (data: Partial<RecipeInput['data']>, encoder: RecipeInput['encoder'] = {}) =>
  recipeSchema.parse({ name: 'R', data: { pretrain: ['a', 'b'], ...data }, encoder });
const told = (...given: Parameters<typeof recipe>) =>
  checkTogether(recipe(...given), datasets).map(({ message }) => message);

describe('datasets that are to be put together', () => {
  it('say nothing where they can be, and what form they get', () => {
    expect(told({ together: {} })).toEqual([]);
    expect(formIfKnown(recipe({ together: {} }), datasets)).toMatchObject({
      shape: [200, 1],
      about: { channelNames: ['y'], samplingRate: 100 },
    });
    // Each of several that are fine-tuned gets the very same form.
    const forB = recipe({ finetune: 'b', together: { like: 'a', sources: ['a', 'b'] } });
    expect(formIfKnown(forB, datasets)).toEqual(formIfKnown(recipe({ together: {} }), datasets));
  });

  it('are put together where several are fine-tuned, and left as they are where nothing is said', () => {
    expect(formIfKnown(recipe({ alsoFinetune: ['b'] }), datasets)!.steps).not.toBeNull();
    expect(formIfKnown(recipe({}), datasets)).toMatchObject({ shape: [200, 2], steps: null });
  });

  it('say why not, and what would make it possible, before anything is trained', () => {
    expect(told({ together: { names: { b: { y: 'w' } } } })[0]).toMatch(/no channel in common.*`all`/s);
    expect(told({ together: { names: { c: { y: 'w' } } } })).toEqual([
      'There is no dataset “c”, neither in the project nor under `data.import`.',
    ]);
    expect(told({ together: { match: 'any' } })[0]).toMatch(/patch-transformer/);
    expect(told({ together: { match: 'any' } }, { family: 'patch-transformer' })).toEqual([]);
    const one = [datasets[0]!, dataset('b', ['y'], { split: { train: 1 } as Dataset['split'] })];
    expect(checkTogether(recipe({ together: {} }), one)).toMatchObject([
      { path: ['data', 'pretrain', 1], message: expect.stringContaining('one training sample') },
    ]);
    const heads = (arms: string[], alsoFinetune?: string[], settings: object = { heads: 'together' }) =>
      checkTogether(
        recipeSchema.parse({
          name: 'R',
          data: { pretrain: ['a', 'b'], ...(alsoFinetune && { alsoFinetune }) },
          pretext: {},
          finetune: { arms, ...settings },
        }),
        datasets,
      ).map(({ message }) => message);
    expect(heads(['baseline'])[0]).toMatch(/one dataset is fine-tuned.*data\.alsoFinetune/);
    expect(heads(['frozen'], ['b'])[0]).toMatch(/none of frozen does/);
    expect(heads(['frozen', 'baseline'], ['b'])).toEqual([]);
    const tune = { tune: { learningRates: [0.001, 0.01] } };
    expect(heads(['pretrained', 'baseline'], [], tune)).toEqual([]);
    // Whichever arms there are, and with heads of each or together.
    for (const settings of [tune, { ...tune, heads: 'together' }])
      for (const arms of [
        ['pretrained', 'baseline'],
        ['pretrained', 'pretrained-own', 'baseline'],
      ])
        expect(heads(arms, ['b'], settings)).toEqual([
          'Settings are tuned for one dataset: leave `tune` or `data.alsoFinetune` out.',
        ]);
    const later = recipe({ finetune: 'b', together: { like: 'a', sources: ['a'] } });
    expect(checkTogether(later, datasets)[0]!.message).toMatch(/nothing says how its samples come to it/);
  });
});
