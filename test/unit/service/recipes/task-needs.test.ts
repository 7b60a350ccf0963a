import { describe, expect, it } from 'vitest';
import type { PretextTaskDescription } from '../../../../src/contract/catalogue.ts';
import type { Dataset } from '../../../../src/contract/entities.ts';
import { recipeSchema, type RecipeInput } from '../../../../src/contract/recipe/recipe.ts';
import { checkBelonging, checkNeeds, checkShared } from '../../../../src/service/recipes/task-needs.ts';

const dataset = (changes: Partial<Dataset> = {}) =>
  ({
    name: 'small',
    modality: 'image',
    shape: [32, 32, 1],
    dtype: 'uint8',
    sampleCount: 200,
    split: { train: 200, validation: 0, test: 0, groups: 0 },
    ...changes,
  }) as unknown as Dataset;
const recipe = (pretext: RecipeInput['pretext'], device: RecipeInput['device'] = {}) =>
  recipeSchema.parse({ name: 'R', data: { pretrain: ['small'] }, pretext, device });

describe('what a pretext task needs of the data', () => {
  it('is channels: grey images have no color to be found again', () => {
    const [problem, ...others] = checkNeeds(recipe({ task: 'colorization' }), [dataset()]);
    expect(others).toEqual([]);
    expect(problem!.path).toEqual(['pretext', 'task']);
    expect(problem!.message).toMatch(/colou?r/i);
    expect(checkNeeds(recipe({ task: 'colorization' }), [dataset({ shape: [32, 32, 3] })])).toEqual([]);
  });

  it('is room: tiles of a small image would hold nothing', () => {
    expect(checkNeeds(recipe({ task: 'patch-position' }), [dataset()])).toEqual([]);
    const [problem] = checkNeeds(recipe({ task: 'patch-position' }), [dataset({ shape: [5, 5, 1] })]);
    expect(problem!.path).toEqual(['pretext', 'options', 'patch']);
    expect(problem!.message).toMatch(
      /need images of at least \d+ pixels a side. Found: 5 × 5. Choose another task/,
    );
  });

  it('is told of what is known alone: not of other faults, nor without the dataset', () => {
    expect(checkNeeds(recipe({ task: 'colorization' }), [])).toEqual([]);
    expect(checkNeeds(recipe({ task: 'nothing-like-it' }), [dataset()])).toEqual([]);
    expect(checkNeeds(recipe({ task: 'simclr', options: { temprature: 1 } }), [dataset()])).toEqual([]);
    expect(checkNeeds(recipeSchema.parse({ name: 'R', data: { pretrain: ['small'] } }), [dataset()])).toEqual(
      [],
    );
  });
});

describe('what several processes share', () => {
  it('is a batch in equal parts', () => {
    const three = checkShared(recipe({ task: 'simclr', batchSize: 32 }, { processes: 3 }), [dataset()]);
    expect(three).toHaveLength(1);
    expect(three[0]!.message).toMatch(/32.*3/);
    expect(checkShared(recipe({ task: 'simclr', batchSize: 32 }, { processes: 4 }), [dataset()])).toEqual([]);
    expect(checkShared(recipe({ task: 'simclr', batchSize: 32 }), [dataset()])).toEqual([]);
  });

  it('says nothing of options that are wrong, which are told elsewhere', () => {
    const wrong = recipe({ task: 'simclr', batchSize: 32, options: { temprature: 1 } }, { processes: 2 });
    expect(checkShared(wrong, [dataset()])).toEqual([]);
  });
});

describe('a task that compares samples that belong together', () => {
  const task = (...asks: string[]) => ({ title: 'Pairs', asks }) as unknown as PretextTaskDescription;
  const pairs = recipe({});
  const told = (asks: string, groups: number, recorded?: ReadonlySet<string>) =>
    checkBelonging(pairs, task(asks), {
      datasets: [dataset({ split: { train: 200, groups } as Dataset['split'] })],
      ...(recorded && { recorded }),
    });

  it('needs groups, or recordings, of each dataset that it learns from', () => {
    expect(told('group', 0)).toEqual([
      {
        path: ['data', 'pretrain', 0],
        message:
          '“Pairs” asks which samples are of the same subject, patient or site, and the dataset “small” has no groups. Import it again with `group`, or choose another pretext task.',
        advises: true,
      },
    ]);
    expect(told('group', 4)).toEqual([]);
    expect(told('recording', 0, new Set(['other']))[0]!.message).toMatch(
      /^“Pairs” looks at several windows of a recording, and the samples of “small” are not known/,
    );
    expect(told('recording', 0, new Set(['small']))).toEqual([]);
  });

  it('is not judged by what nobody knows', () => {
    expect(told('recording', 0)).toEqual([]);
    expect(checkBelonging(pairs, task('group'), null)).toEqual([]);
    expect(checkBelonging(pairs, task('group'), { datasets: [] })).toEqual([]);
  });
});
