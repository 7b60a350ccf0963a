/**
 * What scores mean: each metric with its name, its unit, which way is better and what labels it is for.
 *
 * Everything that compares, chooses or words scores takes it from here. How they are computed stands in
 * `learning/evaluation/metrics.ts`, by the same names.
 */
import { z } from 'zod';

export interface Metric {
  title: string;
  /** The title within a sentence. */
  word: string;
  /** A sentence. */
  explanation: string;
  /** `share`: 0 to 1, written in percent; `target`: the unit of the numbers to predict; `none`: a plain number. */
  unit: 'share' | 'target' | 'none';
  better: 'higher' | 'lower';
  /** Labels that it is for. */
  of: 'classes' | 'number';
}

const METRICS = {
  accuracy: {
    title: 'Accuracy',
    word: 'accuracy',
    explanation: 'Share of test samples with the right class.',
    unit: 'share',
    better: 'higher',
    of: 'classes',
  },
  'balanced-accuracy': {
    title: 'Balanced accuracy',
    word: 'balanced accuracy',
    explanation: 'The mean over classes of the share found; rare classes count as much as frequent ones.',
    unit: 'share',
    better: 'higher',
    of: 'classes',
  },
  'macro-f1': {
    title: 'Macro F1',
    word: 'macro F1',
    explanation: 'The mean over classes of F1, which joins precision and recall.',
    unit: 'share',
    better: 'higher',
    of: 'classes',
  },
  r2: {
    title: 'R²',
    word: 'R²',
    explanation:
      'Share of the variance of the test targets that is explained; 1 is perfect, 0 is no better than the mean.',
    unit: 'none',
    better: 'higher',
    of: 'number',
  },
  rmse: {
    title: 'RMSE',
    word: 'RMSE',
    explanation: 'Root of the mean squared error, in units of the target; lower is better.',
    unit: 'target',
    better: 'lower',
    of: 'number',
  },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;
const names = Object.keys(METRICS) as MetricName[];
export const metricNameSchema = z.enum(names);

export const metricOf = (name: MetricName): Metric => METRICS[name];

const FIRST = { classes: 'balanced-accuracy', number: 'r2' } as const;

/** Metrics for labels of a kind. */
export const metricsFor = (target: Metric['of']): MetricName[] =>
  names.filter((name) => METRICS[name].of === target);

/** What scores mean where nobody says otherwise. */
export const defaultMetric = (target: Metric['of']): MetricName => FIRST[target];

const signOf = (name: MetricName) => (metricOf(name).better === 'higher' ? 1 : -1);

/** A score turned so that higher is better, to compare and choose by; the same function turns it back. */
export const asGain = (name: MetricName, score: number): number => signOf(name) * score;

/** How much better the first score is than the second: positive is better, whatever the metric. */
export const advantage = (name: MetricName, first: number, second: number): number =>
  signOf(name) * (first - second);

/** How much better a model is on what it has seen: larger is worse, whatever the metric. */
export const overfitGapOf = (name: MetricName, { train, test }: { train: number; test: number }): number =>
  advantage(name, train, test);

/** Scores that are shares are written in percent; the others as they are. */
export const isShare = (name: MetricName): boolean => metricOf(name).unit === 'share';
