/** What label budgets come to in labels, and the budgets of a curve. */
import { targetWords } from '../data/target.ts';
import type { Dataset } from '../entities.ts';
import { armSchema, finetuneSchema, type Arm, type LabelBudget, type Recipe } from './recipe.ts';

type GroupBudget = Extract<LabelBudget, { groups: number }>;

/** A share of numbers to predict is at least so many: from one number nothing follows. */
export const FEWEST_NUMBERS = 2;

/** How many of `labeled` labels a share is: rounded, at least `fewest`, at most all. */
export function shareCount(share: number, labeled: number, fewest: number): number {
  return Math.min(labeled, Math.max(fewest, Math.round(share * labeled)));
}

/** Labeled training samples: in all, and of each class that has some (empty where the labels are no classes). */
export interface LabelsThere {
  labeled: number;
  perClass: readonly number[];
  /** Groups with training samples; left out: there are none, or they were not counted. */
  groups?: number;
}

/** How many labels a budget takes, about so many where it is of groups; what is not there cannot be taken. */
export function budgetCount(budget: LabelBudget, there: LabelsThere): number {
  const { labeled, perClass } = there;
  if (budget === 'all') return labeled;
  if ('groups' in budget) return groupCount(budget, there);
  if ('perClass' in budget) return budget.perClass * perClass.length;
  if ('total' in budget) return budget.total;
  return shareCount(budget.share, labeled, perClass.length || FEWEST_NUMBERS);
}

function groupCount(budget: GroupBudget, { labeled, perClass, groups }: LabelsThere): number {
  if (budget.perClass !== undefined) return budget.perClass * perClass.length;
  return groups ? Math.round(labeled * Math.min(1, budget.groups / groups)) : labeled;
}

/**
 * The budget that draws the same labels, in one form for all: a share is the budget in all that it comes to,
 * and all that there are is `all`.
 */
export function sameDraw(budget: LabelBudget, there: LabelsThere): LabelBudget {
  if (budget === 'all' || 'perClass' in budget || 'groups' in budget) return budget;
  const total = budgetCount(budget, there);
  return total === there.labeled ? 'all' : { total };
}

const SHARES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];
const PER_CLASS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** Shares of the labels for a curve, without those that come to the same number of labels as the one before. */
export function shareCurve(there: LabelsThere): LabelBudget[] {
  const budgets = SHARES.map((share): LabelBudget => (share === 1 ? 'all' : { share }));
  return budgets.filter(
    (budget, i) => i === 0 || budgetCount(budget, there) > budgetCount(budgets[i - 1]!, there),
  );
}

/** Labels per class for a curve, as far as the rarest class has them. Empty where there are no classes. */
export function perClassCurve({ perClass }: LabelsThere): LabelBudget[] {
  const rarest = Math.min(...perClass);
  return perClass.length > 0
    ? PER_CLASS.filter((count) => count <= rarest).map((count) => ({ perClass: count }))
    : [];
}

/** The labeled training samples of a dataset. */
export function labelsThere({ target, classes, labeledCount, split }: Dataset): LabelsThere {
  const groups = split.trainingGroups === undefined ? {} : { groups: split.trainingGroups };
  if (target !== 'classes')
    return { labeled: split.labeled?.train ?? Math.min(labeledCount, split.train), perClass: [], ...groups };
  const perClass = classes.map(({ train }) => train).filter((count) => count > 0);
  return { labeled: perClass.reduce((sum, count) => sum + count, 0), perClass, ...groups };
}

const FEW_PER_CLASS = 10;
const FEW_IN_ALL = 100;

/** A budget of few labels to begin with, of the kind that the labels of a dataset allow. */
export function proposedBudgets(dataset: Dataset | undefined): LabelBudget[] {
  if (!dataset || dataset.target === 'classes') return [{ perClass: FEW_PER_CLASS }];
  const half = Math.floor(labelsThere(dataset).labeled / 2);
  return [{ total: Math.max(FEWEST_NUMBERS, Math.min(FEW_IN_ALL, half)) }];
}

/** Why a budget cannot be drawn from the training split, in a sentence; null where it can. */
export function budgetProblem(budget: LabelBudget, dataset: Dataset): string | null {
  if (budget === 'all' || 'share' in budget) return null;
  if ('groups' in budget)
    return (
      groupProblem(budget.groups, dataset) ??
      (budget.perClass === undefined ? null : perClassProblem(budget.perClass, dataset))
    );
  if ('perClass' in budget) return perClassProblem(budget.perClass, dataset);
  const { labeled } = labelsThere(dataset);
  return budget.total > labeled
    ? `A budget of ${budget.total} labels cannot be drawn: the training split of “${dataset.name}” holds ${labeled}.`
    : null;
}

function perClassProblem(wanted: number, dataset: Dataset): string | null {
  const { perClass } = labelsThere(dataset);
  if (dataset.target !== 'classes')
    return `A budget of ${wanted} labels per class needs classes, and the labels of “${dataset.name}” are ${targetWords(dataset.target)}. Say how many in all (total).`;
  const fewest = Math.min(...perClass);
  if (perClass.length === 0 || fewest >= wanted) return null;
  const rarest = dataset.classes.find(({ train }) => train === fewest)!;
  return `A budget of ${wanted} labels per class cannot be drawn: “${rarest.name}” of “${dataset.name}” has ${fewest} labeled training ${fewest === 1 ? 'sample' : 'samples'}.`;
}

function groupProblem(wanted: number, { name, split }: Dataset): string | null {
  const counted = `${wanted} ${wanted === 1 ? 'group' : 'groups'}`;
  if (split.groups === 0)
    return `A budget of ${counted} cannot be drawn: the samples of “${name}” belong to no groups.`;
  const { trainingGroups = split.groups } = split;
  return wanted > trainingGroups
    ? `A budget of ${counted} cannot be drawn: the training split of “${name}” holds ${trainingGroups}.`
    : null;
}

/** Whole groups for a curve, as far as there are. */
export function groupCurve({ groups = 0 }: LabelsThere): LabelBudget[] {
  return PER_CLASS.filter((count) => count <= groups).map((count) => ({ groups: count }));
}

export type CurveKind = 'shares' | 'per-class';

const CURVE_NAME = ', budget curve';
const CURVE_ARMS: readonly Arm[] = ['pretrained', 'baseline', 'frozen'];

/**
 * The recipe of a study with a budget curve: its own budgets among those of the curve, from few labels to many;
 * pretrained, frozen and baseline, with whatever else it compares. What the study has finished is reused.
 */
export function withBudgetCurve(recipe: Recipe, dataset: Dataset, kind: CurveKind, seeds?: number): Recipe {
  const there = labelsThere(dataset);
  const finetune = recipe.finetune ?? finetuneSchema.parse({});
  const curve = kind === 'shares' ? shareCurve(there) : perClassCurve(there);
  const countOf = (budget: LabelBudget) => budgetCount(budget, there);
  const own = finetune.budgets.filter((budget) => countOf(budget) <= there.labeled);
  const added = curve.filter((budget) => !own.some((one) => countOf(one) === countOf(budget)));
  const arms = armSchema.options.filter((arm) => CURVE_ARMS.includes(arm) || finetune.arms.includes(arm));
  return {
    ...recipe,
    name: recipe.name.endsWith(CURVE_NAME)
      ? recipe.name
      : recipe.name.slice(0, 80 - CURVE_NAME.length) + CURVE_NAME,
    finetune: {
      ...finetune,
      ...(seeds !== undefined && { seeds }),
      budgets: [...own, ...added].sort((a, b) => countOf(a) - countOf(b)),
      arms,
    },
  };
}

type MaybeBudget = LabelBudget | null | undefined;
/** Two that are both unknown count as the same. */
export const sameBudget = (a: MaybeBudget, b: MaybeBudget) =>
  JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
