import { expect, it } from 'vitest';
import type { Run, Study } from '../../../../src/contract/entities.ts';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import type { ResultRow } from '../../../../src/contract/results/result.ts';
import type { StoredRun } from '../../../../src/project/index.ts';
import { tuningOf } from '../../../../src/service/results/tuning.ts';
import { finetuneConfig } from '../../../fixtures/run-configs.ts';

const RATES = [0.001, 0.01, 0.1];
const recipe = recipeSchema.parse({
  name: 'A',
  data: { pretrain: ['small'] },
  pretext: {},
  finetune: {
    arms: ['pretrained', 'baseline', 'knn-probe'],
    budgets: ['all'],
    weightDecay: 0,
    tune: { learningRates: RATES },
  },
});
const study = { id: 's', recipe } as Study;

/** A try of an arm with a learning rate, and the validation scores of its seeds. */
function tried(arm: 'pretrained' | 'baseline', rate: number, scores: number[], more: Partial<Run> = {}) {
  const run = {
    id: `${arm} ${rate}`,
    arm,
    budget: 'all',
    status: 'done',
    failure: null,
    ...more,
  } as unknown as Run;
  const config = finetuneConfig({ arm, try: { settings: { learningRate: rate, weightDecay: 0 } } });
  return { stored: { run, config } as StoredRun, scores };
}
const all = (arm: 'pretrained' | 'baseline', scores: (number[] | Partial<Run>)[]) =>
  RATES.map((rate, at) => {
    const own = scores[at]!;
    return Array.isArray(own) ? tried(arm, rate, own) : tried(arm, rate, [], own);
  });

function tuned(tries: ReturnType<typeof tried>[], metric = 'accuracy') {
  const rowsOf = ({ id }: Run) =>
    tries
      .find(({ stored }) => stored.run.id === id)!
      .scores.map((validation) => ({ metric, validation, test: 1 - validation }) as ResultRow);
  return tuningOf(
    study,
    tries.map(({ stored }) => stored),
    rowsOf,
  );
}
const baseline = () => all('baseline', [[0.5], [0.6], [0.4]]);

it('chooses for each arm the settings of the best mean over seeds on validation data', () => {
  const { result, chosen } = tuned([
    ...all('pretrained', [
      [0.9, 0.1],
      [0.6, 0.6],
      [0.5, 0.5],
    ]),
    ...baseline(),
  ])!;
  expect(result.choices.map(({ arm, chosen: place }) => [arm, place])).toEqual([
    ['pretrained', 1],
    ['baseline', 1],
  ]);
  expect(result.choices[0]!.tries.map(({ outcome }) => outcome)).toEqual(['lost', 'chosen', 'lost']);
  expect(chosen.get('pretrained 0.01')).toEqual({ learningRate: 0.01, weightDecay: 0 });
  expect(result.triesPerArm).toBe(3);
});

it('takes the smallest error, and among equals the one that the recipe names first', () => {
  const errors = tuned([...all('pretrained', [[3], [2], [4]]), ...all('baseline', [[2], [2], [2]])], 'rmse')!;
  expect(errors.result.choices.map(({ chosen }) => chosen)).toEqual([1, 0]);
});

it('says where the best lies at the edge of what was tried', () => {
  const { result } = tuned([...all('pretrained', [[0.5], [0.6], [0.9]]), ...baseline()])!;
  expect(result.choices.map(({ atEdge }) => atEdge)).toEqual([true, false]);
});

it('counts a setting that was cancelled for one arm for none: all keep as many chances', () => {
  const { result } = tuned([...all('pretrained', [[0.5], { status: 'cancelled' }, [0.4]]), ...baseline()])!;
  expect(result.triesPerArm).toBe(2);
  expect(result.choices[1]!.tries.map(({ outcome }) => outcome)).toEqual(['chosen', 'left-out', 'lost']);
});

it('takes a learning rate that was too high for an answer', () => {
  const failure = { code: 'training.diverged', message: 'So.' };
  const { result } = tuned([
    ...all('pretrained', [[0.5], [0.4], { status: 'failed', failure }]),
    ...baseline(),
  ])!;
  expect(result.choices[0]!.tries.map(({ outcome }) => outcome)).toEqual(['chosen', 'lost', 'diverged']);
});

it('chooses nothing while a try is open', () => {
  const { result, chosen } = tuned([
    ...all('pretrained', [[0.5], { status: 'running' }, [0.4]]),
    ...baseline(),
  ])!;
  expect(result.choices[0]!.chosen).toBeNull();
  expect(chosen.get('baseline 0.01')).toBeDefined();
});

it('finds a bug where arms were not tried alike', () => {
  expect(() => tuned([...all('pretrained', [[0.5], [0.4], [0.3]]), baseline()[0]!])).toThrow(
    'arms were not tried alike',
  );
  expect(tuned([])).toBeNull();
});
