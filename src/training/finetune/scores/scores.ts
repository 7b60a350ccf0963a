/** Answers of a downstream model to the scores of a result row. */
import { isSeveral } from '../../../contract/data/target.ts';
import type { MetricName } from '../../../contract/results/metric.ts';
import type { Calibration, ResultRow } from '../../../contract/results/result.ts';
import type { SPLIT_CODE } from '../../../contract/data/splits/split.ts';
import type { DatasetSelection } from '../../../contract/messages/dataset-selection.ts';
import type { FinetuneInputs } from '../../inputs.ts';
import {
  fitTemperature,
  reliability,
  withTemperature,
  type Predictions,
} from '../../../learning/evaluation/predictions/calibration.ts';
import { largestClass } from '../../../learning/evaluation/probes/logistic-regression.ts';
import {
  allScores,
  classScores,
  confusionMatrix,
  scoreOf,
} from '../../../learning/evaluation/metrics/metrics.ts';
import {
  perTarget,
  severalScore,
  severalScores,
  singleAnswers,
  type GivenAnswers,
} from '../../../learning/evaluation/metrics/several.ts';
import { sampleWeights, targetsAtAll } from '../../samples/selection.ts';

export interface SplitScores {
  /** The metric that the study reports. */
  score: number;
  metrics: Record<string, number>;
  confusion?: number[][];
  perClass?: NonNullable<ResultRow['perClass']>;
  answers: GivenAnswers;
  perTarget?: NonNullable<ResultRow['perTarget']>;
  /** What calibration is measured on; absent for numbers. */
  predictions?: Predictions;
}

/**
 * Scores of what a model answered for samples.
 *
 * @param values row-major: probabilities of classes or labels, or numbers in their own unit
 */
export function scoresOf(
  { target, dataset, metric }: Pick<FinetuneInputs, 'target' | 'dataset' | 'metric'>,
  indices: Int32Array,
  values: ArrayLike<number>,
): SplitScores {
  if (isSeveral(target)) return severalScoresOf(target, dataset, indices, values, metric);
  return target === 'classes'
    ? classScoresOf(dataset, indices, values, metric)
    : numberScoresOf(dataset, indices, values, metric);
}

function severalScoresOf(
  target: 'labels' | 'numbers',
  dataset: DatasetSelection,
  indices: Int32Array,
  values: ArrayLike<number>,
  metric: MetricName,
): SplitScores {
  const truths = targetsAtAll(dataset, indices);
  const weights = sampleWeights(dataset, indices);
  const answers = { target, width: dataset.classNames.length, truths, answers: values, weights };
  const predictions = singleAnswers(answers);
  return {
    score: severalScore(metric, answers),
    metrics: severalScores(answers),
    answers,
    perTarget: perTarget(answers, dataset.classNames),
    ...(predictions && { predictions }),
  };
}

/** Scores of class probabilities, row-major [samples, classes], against the labels of the same samples. */
function classScoresOf(
  dataset: DatasetSelection,
  indices: Int32Array,
  probabilities: ArrayLike<number>,
  metric: MetricName,
): SplitScores {
  const classCount = dataset.classNames.length;
  const targets = indices.map((index) => dataset.classIds[index]!);
  const answers = {
    targets,
    predictions: largestClass(probabilities, classCount),
    classCount,
    probabilities,
    weights: sampleWeights(dataset, indices),
  };
  const confusion = confusionMatrix(targets, answers.predictions, classCount);
  const counted = confusionMatrix(targets, answers.predictions, classCount, answers.weights);
  return {
    score: scoreOf(metric, answers),
    metrics: allScores('classes', answers),
    answers,
    confusion,
    perClass: classScores(counted).map((row, id) => ({
      name: dataset.classNames[id]!,
      ...row,
      support: confusion[id]!.reduce((sum, count) => sum + count, 0),
    })),
    predictions: { probabilities, targets, classCount },
  };
}

/** Scores of predicted numbers. */
function numberScoresOf(
  dataset: DatasetSelection,
  indices: Int32Array,
  predictions: ArrayLike<number>,
  metric: MetricName,
): SplitScores {
  const targets = Float64Array.from(indices, (index) => dataset.numbers[index]!);
  const answers = { targets, predictions, classCount: 0, weights: sampleWeights(dataset, indices) };
  return { score: scoreOf(metric, answers), metrics: allScores('number', answers), answers };
}

/** Calibration on test data, with the temperature that validation data ask for; null where nothing has classes. */
function calibrationOf(
  arm: FinetuneInputs['arm'],
  validation: SplitScores,
  test: SplitScores,
): Calibration | null {
  if (!validation.predictions || !test.predictions) return null;
  const before = reliability(test.predictions);
  // Votes of neighbours are shares, not a softmax: there are no logits to divide.
  if (arm === 'knn-probe') return { before, temperature: null, after: null };
  const temperature = fitTemperature(validation.predictions);
  const { probabilities, classCount } = test.predictions;
  const after = reliability({
    ...test.predictions,
    probabilities: withTemperature(probabilities, classCount, temperature),
  });
  return { before, temperature, after };
}

/** A result row from the scores of the three splits. */
export function resultRow(
  job: FinetuneInputs,
  seed: number,
  labels: number,
  scores: Record<keyof typeof SPLIT_CODE, SplitScores>,
  curve?: ResultRow['curve'],
): ResultRow {
  const { budget } = job;
  const calibration = calibrationOf(job.arm, scores.validation, scores.test);
  return {
    arm: job.arm,
    dataset: job.dataset.name,
    labels,
    labelsPerClass: typeof budget === 'object' && 'perClass' in budget ? (budget.perClass ?? null) : null,
    seed,
    metric: job.metric,
    test: scores.test.score,
    validation: scores.validation.score,
    train: scores.train.score,
    testMetrics: scores.test.metrics,
    ...(scores.test.confusion && { confusion: scores.test.confusion }),
    ...(scores.test.perClass && { perClass: scores.test.perClass }),
    ...(scores.test.perTarget && { perTarget: scores.test.perTarget }),
    ...(curve && { curve }),
    ...(calibration && { calibration }),
  };
}
