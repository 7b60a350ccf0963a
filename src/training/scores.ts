/** Answers of a downstream model to the scores of a result row. */
import type { MetricName } from '../contract/recipe.ts';
import type { ResultRow } from '../contract/result.ts';
import type { SPLIT_CODE, DatasetSelection, FinetuneJob } from '../contract/trainer.ts';
import { classificationScores, regressionScores } from '../learning/evaluation/metrics.ts';

export interface SplitScores {
  /** The metric that the study reports. */
  score: number;
  metrics: Record<string, number>;
  confusion?: number[][];
  perClass?: NonNullable<ResultRow['perClass']>;
}

/** Class with the highest probability in each row; the first of equals. */
export function predictedClasses(probabilities: Float32Array, classCount: number): Int32Array {
  const predictions = new Int32Array(probabilities.length / classCount);
  for (let row = 0; row < predictions.length; row++) {
    let best = 0;
    for (let id = 1; id < classCount; id++)
      if (probabilities[row * classCount + id]! > probabilities[row * classCount + best]!) best = id;
    predictions[row] = best;
  }
  return predictions;
}

/** Scores of class predictions against the labels of the same samples. */
export function classScoresOf(
  dataset: DatasetSelection,
  indices: Int32Array,
  predictions: ArrayLike<number>,
  metric: MetricName,
): SplitScores {
  const targets = indices.map((index) => dataset.classIds[index]!);
  const scores = classificationScores(targets, predictions, dataset.classNames.length);
  const metrics = {
    accuracy: scores.accuracy,
    'balanced-accuracy': scores.balancedAccuracy,
    'macro-f1': scores.macroF1,
  };
  return {
    score: metricOf(metrics, metric),
    metrics,
    confusion: scores.confusion,
    perClass: scores.perClass.map((row, id) => ({ name: dataset.classNames[id]!, ...row })),
  };
}

/** Scores of predicted numbers. */
export function numberScoresOf(
  dataset: DatasetSelection,
  indices: Int32Array,
  predictions: ArrayLike<number>,
  metric: MetricName,
): SplitScores {
  const targets = Float64Array.from(indices, (index) => dataset.numbers[index]!);
  const { rmse, r2 } = regressionScores(targets, predictions);
  return { score: metricOf({ rmse, r2 }, metric), metrics: { rmse, r2 } };
}

function metricOf(metrics: Record<string, number>, metric: MetricName): number {
  const value = metrics[metric];
  if (value === undefined)
    throw new RangeError(`${metric} cannot be computed here: there are ${Object.keys(metrics).join(', ')}`);
  return value;
}

/** Higher is better, for choosing by validation data: errors are turned round. */
export const asGain = (metric: MetricName, score: number): number => (metric === 'rmse' ? -score : score);

/** A result row from the scores of the three splits. */
export function resultRow(
  job: FinetuneJob,
  seed: number,
  labels: number,
  scores: Record<keyof typeof SPLIT_CODE, SplitScores>,
  curve?: ResultRow['curve'],
): ResultRow {
  const { budget } = job;
  return {
    arm: job.arm,
    dataset: job.dataset.name,
    labels,
    labelsPerClass: typeof budget === 'object' && 'perClass' in budget ? budget.perClass : null,
    seed,
    metric: job.metric,
    test: scores.test.score,
    validation: scores.validation.score,
    train: scores.train.score,
    testMetrics: scores.test.metrics,
    ...(scores.test.confusion && { confusion: scores.test.confusion }),
    ...(scores.test.perClass && { perClass: scores.test.perClass }),
    ...(curve && { curve }),
  };
}
