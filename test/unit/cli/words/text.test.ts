import { describe, expect, it } from 'vitest';
import { recipeTemplate } from '../../../../src/cli/recipes/recipe-template.ts';
import { resultText } from '../../../../src/cli/words/result-table.ts';
import { bytes, duration, table } from '../../../../src/cli/words/text.ts';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import { checkRecipeText } from '../../../../src/service/recipes/text.ts';

describe('text', () => {
  it('durations and sizes are short', () => {
    expect([0.04, 9.94, 9.96, 59.6, 61, 3600, 7325].map(duration)).toEqual([
      '0.0 s',
      '9.9 s',
      '10 s',
      '1 min 0 s',
      '1 min 1 s',
      '1 h 0 min',
      '2 h 2 min',
    ]);
    expect([0, 999, 1000, 1_500_000].map(bytes)).toEqual(['0 B', '999 B', '1.0 kB', '1.5 MB']);
  });

  it('tables line up', () => {
    expect(
      table(
        ['name', 'n'],
        [
          ['a', '10'],
          ['long', '5'],
        ],
        [1],
      ),
    ).toBe('name   n\na     10\nlong   5');
  });

  it('a result can be read', () => {
    const text = resultText('Cats', {
      study: 's',
      project: '/p',
      runs: [],
      results: [],
      summary: [
        {
          dataset: 'cats',
          labels: 10,
          labelsPerClass: 5,
          metric: 'balanced-accuracy',
          arms: { pretrained: { mean: 0.81234, sd: 0.02, n: 5, overfitGap: 0.1 } },
          difference: { of: ['pretrained', 'baseline'], mean: -0.01, low: -0.02, high: 0.03 },
          transductive: true,
        },
      ],
      seconds: 61,
      split: { by: 'folder', train: 80, validation: 10, test: 1000, disjoint: true },
      transductive: true,
    });
    expect(text).toContain('Cats: balanced accuracy on 1,000 test samples of cats (split by folder)');
    expect(text).toContain('With 10 labels (5 per class), transductive');
    expect(text).toContain('pretrained  0.812  ± 0.020       +0.100      5');
    expect(text).toContain(
      'pretrained − baseline: −0.010, 95 % interval −0.020 to +0.030 for this pretraining and these test samples: no clear difference',
    );
  });
});

describe('the recipe to start from', () => {
  it('is valid and holds every default', () => {
    const check = checkRecipeText(recipeTemplate(), 'recipe.yaml', () => null);
    if (!check.valid) throw new Error(JSON.stringify(check.failures));
    const defaults = recipeSchema.parse({
      name: 'My study',
      // Left out, a recipe means this too, but hashes as those of versions that did not know it.
      data: { pretrain: ['my-data'], copiesOfHeldOut: 'leave-out', scale: 'dataset' },
      pretext: { seeds: 1 },
      finetune: { heads: 'each' },
    });
    expect(check.recipe).toEqual(defaults);
  });

  it('explains every field', () => {
    for (const field of ['batchSize', 'fromCheckpoint', 'threads', 'metric', 'import'])
      expect(recipeTemplate()).toMatch(new RegExp(`# .+\\n(.*# One of.*\\n)? *(# )?${field}:`));
  });
});
