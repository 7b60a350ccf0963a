import { describe, expect, it } from 'vitest';
import type { RunStatus } from '../../../../src/contract/entities.ts';
import { downstreamOf, recipeSchema, type RecipeInput } from '../../../../src/contract/recipe/recipe.ts';
import { canonicalJson, hashOf } from '../../../../src/service/recipes/canonical.ts';
import { planRuns, studyStatusOf } from '../../../../src/service/recipes/plan.ts';
import { ofFinetuning, pretextOf } from '../../../fixtures/run-configs.ts';

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
      ['simclr', 'a+b', 'null', null, null],
      ['pretrained', 'b', '{"perClass":5}', 0, null],
      ['baseline', 'b', '{"perClass":5}', null, null],
      ['pretrained', 'b', '"all"', 0, null],
      ['baseline', 'b', '"all"', null, null],
    ]);
  });

  it('pretrains from a checkpoint where the recipe says so', () => {
    expect(plan({ pretext: { startFrom: 'c1' }, finetune: { arms: ['pretrained'] } })).toEqual([
      ['simclr', 'a+b', 'null', null, 'c1'],
      ['pretrained', 'b', '{"perClass":10}', 0, null],
    ]);
  });

  it('from a checkpoint pretrains nothing', () => {
    expect(plan({ fromCheckpoint: 'c1', finetune: { arms: ['frozen', 'baseline'] } })).toEqual([
      ['frozen', 'b', '{"perClass":10}', null, 'c1'],
      ['baseline', 'b', '{"perClass":10}', null, null],
    ]);
  });
});

describe('a study with several pretrainings', () => {
  const recipe = (seeds: number, pretrainings: number) =>
    recipeSchema.parse({
      name: 'A',
      data: { pretrain: ['a'] },
      pretext: { seed: 7, seeds: pretrainings },
      finetune: { seeds, arms: ['pretrained', 'baseline'], firstSeed: 3 },
    });

  it('pretrains with different seeds, and deals the seeds of fine-tuning out to them', () => {
    const runs = planRuns(recipe(5, 2));
    const of = (arm: string | null) => runs.filter((run) => run.arm === arm);
    expect(of(null).map(pretextOf)).toMatchObject([{ seed: 7 }, { seed: 8 }]);
    expect(of('pretrained').map((run) => [run.afterPretext, ofFinetuning(run)?.seeds])).toEqual([
      [0, [3, 5, 7]],
      [1, [4, 6]],
    ]);
    // The baseline needs no pretraining: one run trains it with every seed.
    expect(of('baseline').map((run) => ofFinetuning(run)?.seeds)).toEqual([undefined]);
  });

  it('moves no seed to another pretraining when there are more', () => {
    const seedsOf = (seeds: number) =>
      planRuns(recipe(seeds, 3)).flatMap((run) => {
        const own = ofFinetuning(run)?.seeds;
        return own ? [own] : [];
      });
    seedsOf(4).forEach((seeds, place) => expect(seedsOf(9)[place]!.slice(0, seeds.length)).toEqual(seeds));
  });

  it('does it all for each fold, after the pretraining of that fold', () => {
    const folds = [1, 2, 3].map((number) => ({ number, of: 3, sha256: `${number}` }));
    const planned = planRuns(recipe(4, 2), folds);
    const once = planRuns(recipe(4, 2));
    expect(planned).toHaveLength(3 * once.length);
    const pretext = planned.filter(({ kind }) => kind === 'pretext');
    for (const { config, afterPretext } of planned)
      if (afterPretext !== null) expect(pretext[afterPretext]!.config.fold).toEqual(config.fold);
    expect(planned.map(({ config }) => config.fold!.number)).toEqual(
      [1, 2, 3].flatMap((number) => once.map(() => number)),
    );
  });

  it('plans a single pretraining as ever, so that what is finished can be reused', () => {
    const { seeds: _seeds, ...pretext } = recipe(2, 1).pretext!;
    const without = planRuns({ ...recipe(2, 1), pretext });
    expect(planRuns(recipe(2, 1))).toEqual(without);
    expect(without.every(({ config }) => !('seeds' in config) && !('pretraining' in config))).toBe(true);
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
});

describe('a study on several datasets', () => {
  const recipe = recipeSchema.parse({
    name: 'A',
    data: { pretrain: ['a', 'b', 'c'], finetune: 'a', alsoFinetune: ['b'] },
    pretext: { seeds: 2 },
    finetune: { seeds: 2, arms: ['pretrained', 'pretrained-own', 'pretrained-others', 'baseline'] },
  });

  it('pretrains on all, on each alone, and on all but each; every arm starts from its own', () => {
    const runs = planRuns(recipe);
    const pretext = runs.filter(({ kind }) => kind === 'pretext');
    expect(pretext.map(({ datasets }) => datasets.join('+'))).toEqual(
      ['a+b+c', 'a', 'b', 'b+c', 'a+c'].flatMap((one) => [one, one]),
    );
    const from = (dataset: string, arm: string) =>
      runs
        .filter((run) => run.arm === arm && run.datasets[0] === dataset)
        .map(({ afterPretext }) =>
          afterPretext === null ? null : pretext[afterPretext]!.datasets.join('+'),
        );
    expect(from('a', 'pretrained')).toEqual(['a+b+c', 'a+b+c']);
    expect(from('b', 'pretrained')).toEqual(['a+b+c', 'a+b+c']);
    expect(from('b', 'pretrained-own')).toEqual(['b', 'b']);
    expect(from('a', 'pretrained-others')).toEqual(['b+c', 'b+c']);
    expect(from('b', 'baseline')).toEqual([null]);
  });

  it('gives arms whose encoder learns the labels of the others one training for all, where all start alike', () => {
    const finetune = {
      ...recipe.finetune!,
      heads: 'together' as const,
      arms: ['pretrained', 'pretrained-own', 'frozen', 'baseline'],
    };
    const runs = planRuns(recipeSchema.parse({ ...recipe, finetune })).filter(
      ({ kind }) => kind === 'finetune',
    );
    const seen = (wanted: string) =>
      new Set(runs.filter(({ arm }) => arm === wanted).map(({ datasets }) => datasets.join('+')));
    expect(seen('pretrained')).toEqual(new Set(['a+b']));
    expect(seen('baseline')).toEqual(new Set(['a+b']));
    expect(seen('pretrained-own')).toEqual(new Set(['a+b', 'b+a']));
    expect(seen('frozen')).toEqual(new Set(['a', 'b']));
    const measures = (wanted: string) =>
      runs.filter(({ arm }) => arm === wanted).map(({ config }) => downstreamOf(config).join('+'));
    expect(new Set(measures('pretrained'))).toEqual(new Set(['a+b']));
    expect(new Set(measures('pretrained-own'))).toEqual(new Set(['a', 'b']));
  });

  it('tells every run the same form, and for whom it is', () => {
    const { config } = planRuns(recipe).find(
      ({ arm, datasets }) => arm === 'baseline' && datasets[0] === 'b',
    )!;
    expect(config.data).toMatchObject({ finetune: 'b', together: { like: 'a', sources: ['a', 'b', 'c'] } });
    const [all] = planRuns(recipe);
    // Copies of what either holds out are left out of it.
    expect(all!.config.data).toMatchObject({ finetune: 'a', alsoFinetune: ['b'] });
  });
});
