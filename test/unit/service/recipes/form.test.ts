import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../../src/contract/entities.ts';
import { recipeSchema, type RecipeInput } from '../../../../src/contract/recipe/recipe.ts';
import { formAmong, formSources, togetherOf } from '../../../../src/service/recipes/form.ts';

const signals = (name: string, channelNames: string[], length = 200, samplingRate = 100) =>
  ({
    name,
    modality: 'signal',
    shape: [length, channelNames.length],
    dtype: 'float32',
    samplingRate,
    channelNames,
    channelStatistics: { mean: channelNames.map(() => 0), standardDeviation: channelNames.map(() => 1) },
  }) as unknown as Dataset;
const all = new Map(
  [
    signals('a', ['x', 'y']),
    signals('b', ['y', 'z'], 100, 50),
    { name: 'photos', modality: 'image', shape: [32, 48, 3], dtype: 'uint8' } as unknown as Dataset,
  ].map((one) => [one.name, one]),
);
const datasetOf = (name: string) => all.get(name)!;
const dataOf = (data: RecipeInput['data']) => recipeSchema.parse({ name: 'R', data }).data;

describe('how datasets are put together', () => {
  it('is said of none where the recipe says nothing: the form is that of what is fine-tuned', () => {
    const data = dataOf({ pretrain: ['a', 'b'] });
    expect(togetherOf(data)).toBeNull();
    expect(formSources(data)).toEqual(['a']);
    expect(formSources(dataOf({ pretrain: ['a'], finetune: 'b' }))).toEqual(['b']);
  });

  it('takes what it leaves out from the data: alike to what is fine-tuned, made of all, each once', () => {
    const data = dataOf({ pretrain: ['a', 'b'], finetune: 'b', together: {} });
    expect(togetherOf(data)).toMatchObject({ like: 'b', sources: ['a', 'b'] });
    expect(formSources(data)).toEqual(['b', 'a']);
    expect(togetherOf(dataOf({ pretrain: ['a'], alsoFinetune: ['b'] }))).toMatchObject({
      like: 'a',
      sources: ['a', 'b'],
    });
    const given = dataOf({ pretrain: ['a'], together: { like: 'b', sources: ['a'] } });
    expect(togetherOf(given)).toMatchObject({ like: 'b', sources: ['a'] });
  });
});

describe('the form of a study', () => {
  it('is the shape of its own dataset, in the size and color that are wished', () => {
    expect(formAmong(dataOf({ pretrain: ['a', 'b'] }), datasetOf)).toEqual({
      shape: [200, 2],
      about: { channelNames: ['x', 'y'], samplingRate: 100 },
      steps: null,
    });
    expect(formAmong(dataOf({ pretrain: ['photos'] }), datasetOf).shape).toEqual([32, 48, 3]);
    const small = dataOf({ pretrain: ['photos'], color: 'grey', imageSize: 16 });
    expect(formAmong(small, datasetOf).shape).toEqual([16, 16, 1]);
  });

  it('is what all sources have, by the rate and length of the one that it is alike to', () => {
    const form = formAmong(dataOf({ pretrain: ['a', 'b'], together: {} }), datasetOf);
    expect(form.shape).toEqual([200, 1]);
    expect(form.about).toEqual({ channelNames: ['y'], samplingRate: 100 });
    expect(Object.keys(form.steps!).toSorted()).toEqual(['a', 'b']);
    const like = formAmong(dataOf({ pretrain: ['a'], together: { like: 'b', sources: ['a'] } }), datasetOf);
    expect(like).toMatchObject({ shape: [100, 1], about: { samplingRate: 50 } });
  });

  it('is refused to a dataset that it was not made of', () => {
    const data = dataOf({ pretrain: ['a', 'b'], finetune: 'a', together: { sources: ['a'] } });
    expect(() => formAmong(data, datasetOf)).toThrow(
      expect.objectContaining({
        failure: {
          code: 'together.no-source',
          message:
            'The common form was made of a; “b” is none of them, so nothing says how its samples come to it.',
          place: 'data.together.sources',
          remedy: 'Name it among the sources, and pretrain anew.',
        },
      }) as Error,
    );
  });
});
