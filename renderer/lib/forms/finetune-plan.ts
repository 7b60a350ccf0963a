/** What a fine-tuning study will do, in words and counts. */
import {
  finetuneSchema,
  type Arm,
  type FinetuneConfig,
  type LabelBudget,
} from '../../../src/contract/recipe/recipe.ts';
import { formatCounted } from '../words/format.ts';

export { sameBudget } from '../../../src/contract/recipe/label-budget.ts';

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
