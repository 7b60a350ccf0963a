/** What a fine-tuning study will do, in words and counts. */
import type { Dataset } from '../../src/contract/entities.ts';
import type { Arm, LabelBudget } from '../../src/contract/recipe.ts';
import { budgetWords, formatCounted } from './format.ts';

export function planWords(arms: readonly Arm[], budgets: readonly LabelBudget[], seeds: number): string {
  const runs = arms.length * budgets.length;
  const first = `${formatCounted(runs, 'run')} × ${formatCounted(seeds, 'seed')}`;
  const second = arms.includes('baseline')
    ? 'the baseline trains the same model from random weights on the same labels'
    : 'without the baseline nothing can be said about what pretraining bought';
  const third = seeds < 2 ? ' One seed gives no interval.' : '';
  return `${first}; ${second}.${third}`;
}

/** A budget that the training split cannot give, in a sentence, or null. */
export function budgetProblem(budget: LabelBudget, dataset: Dataset | undefined): string | null {
  if (!dataset || budget === 'all' || (typeof budget === 'object' && 'share' in budget)) return null;
  if ('perClass' in budget) {
    const rarest = [...dataset.classes].sort((a, b) => a.train - b.train)[0];
    if (rarest && rarest.train < budget.perClass)
      return `${rarest.name} has only ${formatCounted(rarest.train, 'labeled training sample')}: ${budgetWords(budget)} cannot be drawn.`;
    return null;
  }
  const labeled = dataset.classes.reduce((sum, one) => sum + one.train, 0);
  return dataset.classes.length > 0 && labeled < budget.total
    ? `The training split holds ${formatCounted(labeled, 'label')} in all.`
    : null;
}

type MaybeBudget = LabelBudget | null | undefined;
/** Two that are both unknown count as the same. */
export const sameBudget = (a: MaybeBudget, b: MaybeBudget) =>
  JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
