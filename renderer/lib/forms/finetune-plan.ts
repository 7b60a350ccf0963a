/** What a fine-tuning study will do, in words and counts. */
import type { Dataset } from '../../../src/contract/entities.ts';
import {
  finetuneSchema,
  type Arm,
  type FinetuneConfig,
  type LabelBudget,
} from '../../../src/contract/recipe.ts';
import { budgetWords, formatCounted } from '../words/format.ts';

export function planWords(arms: readonly Arm[], runs: number, seeds: number): string {
  const first = `${formatCounted(runs, 'run')} × ${formatCounted(seeds, 'seed')}`;
  const second = arms.includes('baseline')
    ? 'the baseline trains the same model from random weights on the same labels'
    : 'without the baseline nothing can be said about what pretraining bought';
  const third = seeds < 2 ? ' One seed gives no interval.' : '';
  return `${first}; ${second}.${third}`;
}

/** The fine-tuning section as the form stands; null while something in it is wrong. */
export function finetuneOf(
  values: Record<string, unknown>,
  budgets: readonly LabelBudget[],
  arms: readonly Arm[],
): FinetuneConfig | null {
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  const { data } = finetuneSchema.safeParse({ ...given, budgets, arms });
  return data ?? null;
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
