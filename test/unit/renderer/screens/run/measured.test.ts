import { expect, it } from 'vitest';
import { measuredBy } from '../../../../../renderer/screens/run/measured.ts';
import type { Run } from '../../../../../src/contract/entities.ts';
import { recipeSchema, type RecipeInput } from '../../../../../src/contract/recipe/recipe.ts';
import type { FinetuneRunConfig, RunConfig } from '../../../../../src/contract/recipe/run-config.ts';
import type { ResultRow } from '../../../../../src/contract/results/result.ts';
import type { PlannedRun } from '../../../../../src/project/index.ts';
import { planRuns } from '../../../../../src/service/recipes/plan.ts';

const planned = (data: RecipeInput['data'], finetune: object, folds: Parameters<typeof planRuns>[1] = []) =>
  planRuns(recipeSchema.parse({ name: 'A', data, pretext: { seeds: 2 }, finetune }), folds).filter(
    ({ kind }) => kind === 'finetune',
  );
const TWO = { pretrain: ['lab', 'clinic'], alsoFinetune: ['clinic'] };
const row = (dataset: string, more: Partial<ResultRow> = {}) =>
  ({ arm: 'baseline', budget: 'all', dataset, seed: 1, test: 0.5, ...more }) as ResultRow;
/** Scores on its datasets, by the datasets. */
const shown = ({ config, ...run }: PlannedRun, results: ResultRow[], known = true) =>
  measuredBy(run as unknown as Run, known ? (config as RunConfig) : null, results).map(
    ({ dataset, rows }) => [dataset, ...rows.map(({ test }) => test)],
  );
const results = [row('lab', { test: 0.7 }), row('clinic', { test: 0.8 })];
const settings = { budgets: ['all'], arms: ['baseline'], seeds: 2 };

it('are those of each dataset whose head it measures', () => {
  const [together] = planned(TWO, { ...settings, heads: 'together' });
  expect(shown(together!, results)).toEqual([
    ['lab', 0.7],
    ['clinic', 0.8],
  ]);
  expect(shown(together!, results.slice(0, 1))).toEqual([['lab', 0.7]]);
  expect(shown(together!, results, false)).toEqual([['lab']]);
  expect(shown(together!, [row('lab', { arm: 'frozen' }), row('clinic', { budget: { total: 8 } })])).toEqual([
    ['lab'],
  ]);
});

it('are of no dataset that another run of the arm measures, whose labels its encoder learned as well', () => {
  const [together] = planned(TWO, { ...settings, heads: 'together' });
  // As an earlier version planned it, which measured every head by a run of its own.
  const { alsoFinetune: _also, ...data } = together!.config.data;
  const earlier = { ...together!, config: { ...together!.config, data } };
  expect(shown(earlier, results)).toEqual([['lab', 0.7]]);
  expect(
    shown(
      {
        ...earlier,
        datasets: ['clinic', 'lab'],
        config: { ...earlier.config, data: { ...data, finetune: 'clinic' } },
      },
      results,
    ),
  ).toEqual([['clinic', 0.8]]);
});

it('are of its own pretraining, fold and settings, where the arm has a run for each', () => {
  const arms = { ...settings, arms: ['pretrained'] };
  const from = (pretraining: number) => row('lab', { arm: 'pretrained', pretraining, test: pretraining });
  expect(planned({ pretrain: ['lab'] }, arms).map((run) => shown(run, [from(1), from(2)]))).toEqual([
    [['lab', 1]],
    [['lab', 2]],
  ]);
  const folds = [1, 2].map((number) => ({ number, of: 2, sha256: '0'.repeat(64) }));
  const within = folds.map(({ number }) => row('lab', { fold: number, test: number }));
  expect(planned({ pretrain: ['lab'] }, settings, folds).map((run) => shown(run, within))).toEqual([
    [['lab', 1]],
    [['lab', 2]],
  ]);
  const tries = planned({ pretrain: ['lab'] }, { ...settings, tune: { learningRates: [0.001, 0.01] } });
  const tuned = row('lab', {
    tuned: {
      learningRate: 0.01,
      weightDecay: (tries[0]!.config as FinetuneRunConfig).try!.settings.weightDecay,
    },
  });
  expect(tries.map((run) => shown(run, [tuned]))).toEqual([[['lab']], [['lab', 0.5]]]);
});
