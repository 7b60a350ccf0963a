import { describe, expect, it } from 'vitest';
import type { RunStatus } from '../../../../src/contract/entities.ts';
import { recipeSchema, type RecipeInput } from '../../../../src/contract/recipe.ts';
import { canonicalJson, hashOf } from '../../../../src/service/recipes/canonical.ts';
import { planRuns, studyStatusOf } from '../../../../src/service/recipes/plan.ts';
import { editDistance, nearest } from '../../../../src/service/recipes/suggest.ts';

const plan = (input: Partial<RecipeInput>) =>
  planRuns(recipeSchema.parse({ name: 'A', data: { pretrain: ['a', 'b'], finetune: 'b' }, ...input })).map(
    ({ title, datasets, budget, afterPretext, checkpointId }) =>
      [title, datasets.join('+'), JSON.stringify(budget), afterPretext, checkpointId] as const,
  );

describe('the plan of a study', () => {
  it('is one pretext run, then every arm at every budget', () => {
    const finetune = {
      budgets: [{ perClass: 5 }, 'all' as const],
      arms: ['pretrained' as const, 'baseline' as const],
    };
    expect(plan({ pretext: {}, finetune })).toEqual([
      ['simclr', 'a+b', 'null', false, null],
      ['pretrained', 'b', '{"perClass":5}', true, null],
      ['baseline', 'b', '{"perClass":5}', false, null],
      ['pretrained', 'b', '"all"', true, null],
      ['baseline', 'b', '"all"', false, null],
    ]);
  });

  it('pretrains from a checkpoint where the recipe says so', () => {
    expect(plan({ pretext: { startFrom: 'c1' }, finetune: { arms: ['pretrained'] } })).toEqual([
      ['simclr', 'a+b', 'null', false, 'c1'],
      ['pretrained', 'b', '{"perClass":10}', true, null],
    ]);
  });

  it('from a checkpoint pretrains nothing', () => {
    expect(plan({ fromCheckpoint: 'c1', finetune: { arms: ['frozen', 'baseline'] } })).toEqual([
      ['frozen', 'b', '{"perClass":10}', false, 'c1'],
      ['baseline', 'b', '{"perClass":10}', false, null],
    ]);
  });
});

describe('the status of a study', () => {
  const status = (...statuses: RunStatus[]) =>
    studyStatusOf(
      statuses.map((one, index) => ({ id: String(index), status: one })),
      (id) => (id === '1' ? ['0'] : []),
    );
  it.each<[RunStatus[], string]>([
    [['running', 'queued', 'queued'], 'running'],
    [['done', 'queued', 'done'], 'running'],
    [['interrupted', 'queued', 'done'], 'running'],
    [['paused', 'queued', 'queued'], 'running'],
    [['paused', 'queued', 'done'], 'paused'],
    [['failed', 'failed', 'done'], 'failed'],
    [['cancelled', 'cancelled', 'done'], 'cancelled'],
    [['done', 'done', 'done'], 'done'],
  ])('with runs %j (the second needs the first) is %s', (statuses, expected) => {
    expect(status(...statuses)).toBe(expected);
  });
});

describe('small helpers', () => {
  it('equal documents have one hash, whatever the order of their fields', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: undefined })).toBe('{"b":[{"c":2,"d":1}]}');
    expect(hashOf({ a: 1, b: 2 })).toBe(hashOf({ b: 2, a: 1 }));
    expect(hashOf([1, 2])).not.toBe(hashOf([2, 1]));
  });

  it('the nearest word is found, unless all are far', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('widht', 'width')).toBe(1);
    expect(nearest('bachSize', ['epochs', 'batchSize'])).toBe('batchSize');
    expect(nearest('zebra', ['epochs', 'batchSize'])).toBeNull();
  });
});
