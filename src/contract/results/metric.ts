/**
 * What scores mean: each metric with its name, its unit, which way is better and what labels it is for.
 *
 * Everything that compares, chooses or words scores takes it from here. How they are computed stands in
 * `learning/evaluation/metrics/metrics.ts`, by the same names.
 */
import { z } from 'zod';
import type { Target } from '../data/target.ts';

export interface Metric {
  title: string;
  /** The title within a sentence. */
  word: string;
  /** A sentence. */
  explanation: string;
  /** `share`: 0 to 1, written in percent; `target`: the unit of the numbers to predict; `none`: a plain number. */
  unit: 'share' | 'target' | 'none';
  better: 'higher' | 'lower';
  /** The least and the most that it can be. */
  range: readonly [number, number];
  /** Labels that it is for. */
  of: readonly Target[];
  /** A sentence for several labels or numbers at once, where it is another. */
  ofSeveral?: string;
  /** It is computed from the probabilities of all classes or labels, not from the answer alone. */
  needs?: 'probabilities';
}

const SHARE = [0, 1] as const;

const METRICS = {
  accuracy: {
    title: 'Accuracy',
    word: 'accuracy',
    explanation: 'Share of test samples with the right class.',
    unit: 'share',
    better: 'higher',
    range: SHARE,
    of: ['classes', 'labels'],
    ofSeveral: 'Share of all answers, yes or no for each label of each test sample, that are right.',
  },
  'all-right': {
    title: 'All labels right',
    word: 'share of samples with all labels right',
    explanation: 'Share of test samples of which every label is answered rightly.',
    unit: 'share',
    better: 'higher',
    range: SHARE,
    of: ['labels'],
  },
  'balanced-accuracy': {
    title: 'Balanced accuracy',
    word: 'balanced accuracy',
    explanation: 'The mean over classes of the share found; rare classes count as much as frequent ones.',
    unit: 'share',
    better: 'higher',
    range: SHARE,
    of: ['classes'],
  },
  'macro-f1': {
    title: 'Macro F1',
    word: 'macro F1',
    explanation: 'The mean over classes of F1, which joins precision and recall.',
    unit: 'share',
    better: 'higher',
    range: SHARE,
    of: ['classes', 'labels'],
    ofSeveral: 'The mean over labels of F1 of those that have it, which joins precision and recall.',
  },
  kappa: {
    title: 'Cohen’s κ',
    word: 'Cohen’s κ',
    explanation:
      'How much more often the answer is right than by chance, given how often each class is there and is answered; 1 is perfect, 0 is chance.',
    unit: 'none',
    better: 'higher',
    range: [-1, 1],
    of: ['classes'],
  },
  auroc: {
    title: 'AUROC',
    word: 'AUROC',
    explanation:
      'How often a sample of a class gets a higher probability of it than one of another class, the mean over classes; 1 is perfect, 0.5 is chance, however rare the class is.',
    unit: 'none',
    better: 'higher',
    range: SHARE,
    of: ['classes', 'labels'],
    ofSeveral:
      'How often a sample with a label gets a higher probability of it than one without, the mean over labels; 1 is perfect, 0.5 is chance, however rare the label is.',
    needs: 'probabilities',
  },
  auprc: {
    title: 'AUPRC',
    word: 'AUPRC',
    explanation:
      'Average precision: the area under precision by recall, the mean over classes; chance is the share of the class, so it tells most of rare ones.',
    unit: 'none',
    better: 'higher',
    range: SHARE,
    of: ['classes', 'labels'],
    ofSeveral:
      'Average precision: the area under precision by recall, the mean over labels; chance is the share of samples with the label.',
    needs: 'probabilities',
  },
  'log-loss': {
    title: 'Log loss',
    word: 'log loss',
    explanation: 'Mean negative logarithm of the probability of the right class; lower is better.',
    unit: 'none',
    better: 'lower',
    range: [0, Infinity],
    of: ['classes', 'labels'],
    ofSeveral:
      'Mean negative logarithm of the probability of the truth, the mean over labels; lower is better.',
    needs: 'probabilities',
  },
  brier: {
    title: 'Brier score',
    word: 'Brier score',
    explanation:
      'Mean squared distance of the probabilities from the truth (of two classes: of one of them); lower is better.',
    unit: 'none',
    better: 'lower',
    range: [0, 2],
    of: ['classes', 'labels'],
    ofSeveral:
      'Mean squared distance of the probability from the truth, the mean over labels; lower is better.',
    needs: 'probabilities',
  },
  r2: {
    title: 'R²',
    word: 'R²',
    explanation:
      'Share of the variance of the test targets that is explained; 1 is perfect, 0 is no better than the mean.',
    unit: 'none',
    better: 'higher',
    range: [-Infinity, 1],
    of: ['number', 'numbers'],
    ofSeveral:
      'Share of the variance of the test targets that is explained, the mean over targets; 1 is perfect, 0 is no better than the mean.',
  },
  rmse: {
    title: 'RMSE',
    word: 'RMSE',
    explanation: 'Root of the mean squared error, in units of the target; lower is better.',
    unit: 'target',
    better: 'lower',
    range: [0, Infinity],
    of: ['number', 'numbers'],
    ofSeveral:
      'Root of the mean squared error, the mean over targets, each in its own unit; lower is better.',
  },
  mae: {
    title: 'MAE',
    word: 'MAE',
    explanation: 'Mean absolute error, in units of the target; lower is better.',
    unit: 'target',
    better: 'lower',
    range: [0, Infinity],
    of: ['number', 'numbers'],
    ofSeveral: 'Mean absolute error, the mean over targets, each in its own unit; lower is better.',
  },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;
const names = Object.keys(METRICS) as MetricName[];
export const metricNameSchema = z.enum(names);

export const metricOf = (name: MetricName): Metric => METRICS[name];

const FIRST = {
  classes: 'balanced-accuracy',
  number: 'r2',
  labels: 'auroc',
  numbers: 'r2',
} as const satisfies Record<Target, MetricName>;

/** Metrics for labels of a kind. */
export const metricsFor = (target: Target): MetricName[] =>
  names.filter((name) => metricOf(name).of.includes(target));

/** What scores mean where nobody says otherwise. */
export const defaultMetric = (target: Target): MetricName => FIRST[target];

/** What it says, in a sentence, of one label a sample or of several. */
export function explanationOf(name: MetricName, several: boolean | undefined): string {
  const { explanation, ofSeveral } = metricOf(name);
  return several ? (ofSeveral ?? explanation) : explanation;
}

const signOf = (name: MetricName) => (metricOf(name).better === 'higher' ? 1 : -1);

/** A score turned so that higher is better, to compare and choose by; the same function turns it back. */
export const asGain = (name: MetricName, score: number): number => signOf(name) * score;

/** How much better the first score is than the second: positive is better, whatever the metric. */
export const advantage = (name: MetricName, first: number, second: number): number =>
  signOf(name) * (first - second);

/** How much better a model is on what it has seen: larger is worse, whatever the metric. */
export const overfitGapOf = (name: MetricName, { train, test }: { train: number; test: number }): number =>
  advantage(name, train, test);

/** Whether it can only be computed where the probabilities of all classes are known. */
export const needsProbabilities = (name: MetricName): boolean => metricOf(name).needs === 'probabilities';

/** Scores that are shares are written in percent; the others as they are. */
export const isShare = (name: MetricName): boolean => metricOf(name).unit === 'share';

/** An interval without what no score can be: few seeds give wide ones. */
export function withinRange(name: MetricName, { low, high }: { low: number; high: number }) {
  const [least, most] = metricOf(name).range;
  return { low: Math.max(least, low), high: Math.min(most, high) };
}

/** The same for the difference of two scores. */
export function differenceWithinRange<Interval extends { low: number; high: number }>(
  name: MetricName,
  interval: Interval,
): Interval {
  const [least, most] = metricOf(name).range;
  const widest = most - least;
  return { ...interval, low: Math.max(-widest, interval.low), high: Math.min(widest, interval.high) };
}
