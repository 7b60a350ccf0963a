import type { Dataset } from '../../../../src/contract/entities.ts';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import { describe, expect, it } from 'vitest';
import type { SummaryRow } from '../../../../src/contract/results/result.ts';
import { budgetTitle, budgetWords } from '../../../../src/contract/words.ts';
import {
  budgetCount,
  budgetProblem,
  groupCurve,
  perClassCurve,
  proposedBudgets,
  sameDraw,
  shareCount,
  shareCurve,
  withBudgetCurve,
} from '../../../../src/contract/recipe/label-budget.ts';

const there = { labeled: 140, perClass: [100, 30, 10] };

describe('a share of the labels', () => {
  it('is rounded, at least one of each class, at most all', () => {
    expect([0.01, 0.1, 0.5, 1].map((share) => shareCount(share, 140, 3))).toEqual([3, 14, 70, 140]);
    expect(shareCount(1, 2, 3)).toBe(2);
  });

  it('comes to a number of labels like every budget', () => {
    const budgets = [{ share: 0.1 }, { total: 20 }, { perClass: 5 }, 'all'] as const;
    expect(budgets.map((budget) => budgetCount(budget, there))).toEqual([14, 20, 15, 140]);
    expect(budgetCount({ share: 0.001 }, { labeled: 500, perClass: [] })).toBe(2);
  });

  it('draws what the budget in all draws that it comes to', () => {
    expect(sameDraw({ share: 0.1 }, there)).toEqual({ total: 14 });
    expect([{ share: 1 }, { total: 140 }, 'all' as const].map((budget) => sameDraw(budget, there))).toEqual([
      'all',
      'all',
      'all',
    ]);
    expect(sameDraw({ perClass: 10 }, there)).toEqual({ perClass: 10 });
  });
});

it('a study begins with few labels, of the kind that there are', () => {
  const of = (target: Dataset['target'], train: number) =>
    ({
      target,
      classes: [],
      labeledCount: train,
      split: { train, labeled: { train } },
    }) as unknown as Dataset;
  expect(proposedBudgets(of('classes', 500))).toEqual([{ perClass: 10 }]);
  expect(proposedBudgets(of('number', 500))).toEqual([{ total: 100 }]);
  expect(proposedBudgets(of('labels', 60))).toEqual([{ total: 30 }]);
  expect(proposedBudgets(undefined)).toEqual([{ perClass: 10 }]);
});

describe('a budget of groups', () => {
  const grouped = { ...there, groups: 7 };

  it('comes to about its share of the labels, to all where groups were not counted', () => {
    expect(budgetCount({ groups: 2 }, grouped)).toBe(40);
    expect(budgetCount({ groups: 9 }, grouped)).toBe(140);
    expect(budgetCount({ groups: 2 }, there)).toBe(140);
    expect(sameDraw({ groups: 7 }, grouped)).toEqual({ groups: 7 });
    expect(groupCurve(grouped)).toEqual([{ groups: 1 }, { groups: 2 }, { groups: 5 }]);
    expect(groupCurve(there)).toEqual([]);
  });

  it('needs so many groups in the training split', () => {
    const dataset = (split: object) =>
      ({ name: 'gait', target: 'classes', classes: [{ name: 'a', train: 9 }], split }) as unknown as Dataset;
    const told = (split: object) => budgetProblem({ groups: 5 }, dataset(split));
    expect(told({ groups: 9, trainingGroups: 5 })).toBeNull();
    expect(told({ groups: 9, trainingGroups: 4 })).toBe(
      'A budget of 5 groups cannot be drawn: the training split of “gait” holds 4.',
    );
    expect(told({ groups: 0 })).toContain('the samples of “gait” belong to no groups');
    expect(budgetProblem({ groups: 1 }, dataset({ groups: 0 }))).toContain('A budget of 1 group cannot');
    // Imported before training groups were counted.
    expect(told({ groups: 9 })).toBeNull();
  });

  it('of so many of each class needs as many of the rarest, and is exact', () => {
    expect(budgetCount({ groups: 2, perClass: 5 }, grouped)).toBe(5 * grouped.perClass.length);
    expect(sameDraw({ groups: 2, perClass: 5 }, grouped)).toEqual({ groups: 2, perClass: 5 });
    const dataset = {
      name: 'gait',
      target: 'classes',
      classes: [{ name: 'a', train: 9 }],
      split: { groups: 9, trainingGroups: 5 },
    } as unknown as Dataset;
    expect(budgetProblem({ groups: 2, perClass: 9 }, dataset)).toBeNull();
    expect(budgetProblem({ groups: 2, perClass: 10 }, dataset)).toContain('“a” of “gait” has 9 labeled');
    expect(budgetProblem({ groups: 6, perClass: 9 }, dataset)).toContain('holds 5');
    expect(budgetWords({ groups: 2, perClass: 5 })).toBe('5 labels per class from 2 groups');
    const row = { labels: 10, labelsPerClass: 5, budget: { groups: 2, perClass: 5 } } as SummaryRow;
    expect(budgetTitle(row)).toBe('5 per class from 2 groups');
  });
});

describe('a budget curve', () => {
  it('by shares names no number of labels twice', () => {
    // 1 % and 2 % of 140 are both three labels, one for each class.
    expect(shareCurve(there)).toEqual([
      { share: 0.01 },
      { share: 0.05 },
      { share: 0.1 },
      { share: 0.2 },
      { share: 0.5 },
      'all',
    ]);
  });

  it('per class ends where the rarest class does', () => {
    expect(perClassCurve(there)).toEqual([1, 2, 5, 10].map((perClass) => ({ perClass })));
    expect(perClassCurve({ labeled: 50, perClass: [] })).toEqual([]);
  });
});

describe('a recipe with a budget curve', () => {
  const dataset = {
    target: 'classes',
    labeledCount: 300,
    classes: [100, 30, 10].map((train, i) => ({ name: `c${i}`, train, validation: 0, test: 0 })),
    split: { train: 200 },
  } as unknown as Dataset;
  const recipe = recipeSchema.parse({
    name: 'Cells',
    data: { pretrain: ['cells'] },
    pretext: {},
    finetune: { budgets: [{ perClass: 5 }], arms: ['baseline', 'pretrained', 'knn-probe'], seeds: 3 },
  });

  it('keeps its own budgets among those of the curve, and compares frozen as well', () => {
    const { name, finetune, pretext } = withBudgetCurve(recipe, dataset, 'shares');
    expect(name).toBe('Cells, budget curve');
    expect(finetune!.budgets).toEqual([
      { share: 0.01 },
      { share: 0.05 },
      { share: 0.1 },
      { perClass: 5 },
      { share: 0.2 },
      { share: 0.5 },
      'all',
    ]);
    expect(finetune!.arms).toEqual(['pretrained', 'baseline', 'frozen', 'knn-probe']);
    expect([finetune!.seeds, pretext]).toEqual([3, recipe.pretext]);
    expect(recipeSchema.safeParse(withBudgetCurve(recipe, dataset, 'shares')).success).toBe(true);
  });

  it('per class adds what is not there, and is the same when asked for again', () => {
    const once = withBudgetCurve(recipe, dataset, 'per-class', 8);
    expect(once.finetune!.budgets).toEqual([1, 2, 5, 10].map((perClass) => ({ perClass })));
    expect(once.finetune!.seeds).toBe(8);
    expect(withBudgetCurve(once, dataset, 'per-class')).toEqual(once);
  });
});
