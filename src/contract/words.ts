/** Numbers, times and names as the window, the reports and whatever else a person reads write them. */
import type { Target } from './data/target.ts';
import type { Arm, LabelBudget } from './recipe/recipe.ts';
import { isShare, type MetricName } from './results/metric.ts';
import type { SummaryRow } from './results/result.ts';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export function formatCount(value: number): string {
  return whole.format(value);
}

/** "1 sample", "4,708 samples". */
export function formatCounted(value: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(value)} ${value === 1 ? singular : plural}`;
}

/** Three significant digits, without trailing zeros; exponent only where digits would hide the value. */
export function formatNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 0.0001 || size >= 1e7) return value.toExponential(1).replace('e+', 'e');
  if (size >= 1000) return whole.format(value);
  return String(Number(value.toPrecision(3)));
}

export function formatDuration(seconds: number): string {
  if (seconds < 1) return 'under 1 s';
  if (Math.round(seconds) < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return seconds < 600 && seconds % 60 >= 1 ? minutesAndSeconds(seconds) : `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

function minutesAndSeconds(seconds: number): string {
  const total = Math.round(seconds);
  const rest = total % 60;
  return rest === 0 ? `${total / 60} min` : `${Math.floor(total / 60)} min ${rest} s`;
}

export function formatExact(iso: string): string {
  return new Date(iso).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'medium' });
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = -1;
  do {
    value /= 1000;
    unit += 1;
  } while (value >= 999.5 && unit < units.length - 1);
  return `${value >= 10 ? value.toFixed(0) : value.toFixed(1)} ${units[unit]}`;
}

export function formatScore(metric: MetricName, value: number): string {
  return isShare(metric) ? `${(value * 100).toFixed(1)} %` : value.toFixed(3).replace('-', '−');
}

export const ARM_TITLES: Record<Arm, string> = {
  pretrained: 'Pretrained',
  baseline: 'Baseline',
  frozen: 'Frozen encoder',
  'linear-probe': 'Linear probe',
  'knn-probe': 'kNN probe',
  'reference-linear': 'Linear reference',
  'reference-trees': 'Boosted trees',
  'pretrained-own': 'Own data alone',
  'pretrained-others': 'All but own data',
};

export const ARM_EXPLANATIONS: Record<Arm, string> = {
  pretrained: 'The model starts from the pretrained encoder and all of it is fine-tuned.',
  baseline: 'The same model, trained alike on the same labels, but started from random weights.',
  frozen: 'The pretrained encoder stays as it is; only the head on top of it learns.',
  'linear-probe':
    'A linear classifier on the features of the pretrained encoder: what they hold as they are.',
  'knn-probe': 'Each test sample gets the label of its nearest labeled neighbours among the features.',
  'reference-linear':
    'No network: logistic or ridge regression on the columns themselves, fitted to the same labels.',
  'reference-trees':
    'No network: gradient-boosted trees on the columns themselves, fitted to the same labels.',
  'pretrained-own':
    'As the pretrained one, but that pretraining saw this dataset alone: what the other datasets add shows beside it.',
  'pretrained-others':
    'As the pretrained one, but that pretraining saw all datasets but this one: what its own samples add shows beside it.',
};

export function budgetWords(budget: LabelBudget): string {
  if (budget === 'all') return 'all labels';
  if ('groups' in budget) {
    const groups = formatCounted(budget.groups, 'group');
    return budget.perClass === undefined
      ? `all labels of ${groups}`
      : `${formatCounted(budget.perClass, 'label')} per class from ${groups}`;
  }
  if ('perClass' in budget) return `${formatCounted(budget.perClass, 'label')} per class`;
  if ('share' in budget) return `${formatNumber(budget.share * 100)} % of the labels`;
  return `${formatCounted(budget.total, 'label')} in all`;
}

/** The budget of a row of results in few words, for a choice among several: "10 per class", "5 % (187)". */
export function budgetTitle({ labels, labelsPerClass, budget }: SummaryRow): string {
  if (budget === 'all') return `all ${formatCount(labels)}`;
  if (budget && typeof budget === 'object' && 'share' in budget)
    return `${formatNumber(budget.share * 100)} % (${formatCount(labels)})`;
  if (budget && typeof budget === 'object' && 'groups' in budget)
    return budget.perClass === undefined
      ? `${formatCounted(budget.groups, 'group')} (about ${formatCounted(labels, 'label')})`
      : `${formatCount(budget.perClass)} per class from ${formatCounted(budget.groups, 'group')}`;
  return labelsPerClass == null ? formatCounted(labels, 'label') : `${formatCount(labelsPerClass)} per class`;
}

/** The budget of a row of results, which knows its counts. */
export function labelsWords({
  labels,
  labelsPerClass,
  budget,
}: Pick<SummaryRow, 'labels' | 'labelsPerClass' | 'budget'>): string {
  if (typeof budget === 'object' && 'groups' in budget) return budgetWords(budget);
  return labelsPerClass == null
    ? formatCounted(labels, 'label')
    : `${formatCounted(labelsPerClass, 'label')} per class`;
}

/** "3 classes", "numbers", "5 labels at once", "2 numbers each". */
export function labelKinds({ target, classes }: { target: Target; classes: readonly unknown[] }): string {
  switch (target) {
    case 'classes':
      return formatCounted(classes.length, 'class', 'classes');
    case 'number':
      return 'numbers';
    case 'labels':
      return `${formatCounted(classes.length, 'label')} at once`;
    case 'numbers':
      return `${formatCounted(classes.length, 'number')} each`;
  }
}
