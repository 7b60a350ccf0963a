/** Scores of predictions, as scikit-learn defines them. Pure numbers, no tensors. */
import type { Target } from '../../../contract/data/target.ts';
import {
  areaUnderRoc,
  averagePrecision,
  brierLosses,
  logLosses,
  meanOverClasses,
  requireProbabilities,
  type ProbableAnswers,
  type RankedClass,
} from './probability-scores.ts';
import { metricsFor, needsProbabilities, type MetricName } from '../../../contract/results/metric.ts';

/** Rows: true class, columns: predicted class. */
export type ConfusionMatrix = number[][];

export interface ClassScores {
  support: number;
  precision: number;
  recall: number;
  f1: number;
}

export interface ClassificationScores {
  accuracy: number;
  balancedAccuracy: number;
  macroF1: number;
  confusion: ConfusionMatrix;
  perClass: ClassScores[];
}

export interface RegressionScores {
  rmse: number;
  r2: number;
}

const sum = (values: Iterable<number>) => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};
/** What one sample counts: as much as the others where nothing is said. */
export const weightAt = (weights: ArrayLike<number> | undefined, place: number): number =>
  weights?.[place] ?? 1;

/** What all samples count together. */
export const totalWeight = (count: number, weights: ArrayLike<number> | undefined): number =>
  weights ? sum(Array.from(weights)) : count;

/** Of values of samples. */
export function weightedMean(values: ArrayLike<number>, weights?: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]! * weightAt(weights, i);
  return total / totalWeight(values.length, weights);
}

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

function requireSameLength(expected: number, found: number) {
  if (expected !== found)
    throw new RangeError(`${expected} targets need ${expected} predictions, not ${found}`);
}

/** Counts of (true class, predicted class), or sums of weights; both lists hold class ids from 0 to `classCount` − 1. */
export function confusionMatrix(
  targets: ArrayLike<number>,
  predictions: ArrayLike<number>,
  classCount: number,
  weights?: ArrayLike<number>,
): ConfusionMatrix {
  requireSameLength(targets.length, predictions.length);
  const matrix = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0));
  for (let i = 0; i < targets.length; i++) {
    const row = matrix[targets[i]!];
    const column = predictions[i]!;
    if (row?.[column] === undefined)
      throw new RangeError(`class ids must be from 0 to ${classCount - 1}, not ${targets[i]} and ${column}`);
    row[column] += weightAt(weights, i);
  }
  return matrix;
}

/** Precision, recall and F1 of each class; 0 where a class was never predicted or never there. */
export function classScores(confusion: ConfusionMatrix): ClassScores[] {
  return confusion.map((row, classId) => {
    const hits = row[classId]!;
    const support = sum(row);
    const predicted = sum(confusion.map((other) => other[classId]!));
    return {
      support,
      precision: ratio(hits, predicted),
      recall: ratio(hits, support),
      f1: ratio(2 * hits, support + predicted),
    };
  });
}

/**
 * All scores of a classification. Classes that neither occur nor are predicted are left out of macro F1, and
 * classes that do not occur are left out of balanced accuracy, as scikit-learn does.
 */
export function classificationScores(
  targets: ArrayLike<number>,
  predictions: ArrayLike<number>,
  classCount: number,
  weights?: ArrayLike<number>,
): ClassificationScores {
  const confusion = confusionMatrix(targets, predictions, classCount, weights);
  const perClass = classScores(confusion);
  const present = perClass.filter((scores) => scores.support > 0);
  const seen = perClass.filter(
    (scores, classId) => scores.support > 0 || confusion.some((row) => row[classId]! > 0),
  );
  return {
    accuracy: ratio(
      sum(confusion.map((row, classId) => row[classId]!)),
      totalWeight(targets.length, weights),
    ),
    balancedAccuracy: ratio(sum(present.map((scores) => scores.recall)), present.length),
    macroF1: ratio(sum(seen.map((scores) => scores.f1)), seen.length),
    confusion,
    perClass,
  };
}

/** Root mean squared error and R² (1 − residual variance / variance); R² is 0 for constant targets with errors. */
export function regressionScores(
  targets: ArrayLike<number>,
  predictions: ArrayLike<number>,
  weights?: ArrayLike<number>,
): RegressionScores {
  requireSameLength(targets.length, predictions.length);
  const count = targets.length;
  const mean = weightedMean(targets, weights);
  let residual = 0;
  let total = 0;
  for (let i = 0; i < count; i++) {
    const weight = weightAt(weights, i);
    residual += weight * (targets[i]! - predictions[i]!) ** 2;
    total += weight * (targets[i]! - mean) ** 2;
  }
  const unexplained = total === 0 ? (residual === 0 ? 0 : 1) : residual / total;
  return { rmse: Math.sqrt(residual / totalWeight(count, weights)), r2: 1 - unexplained };
}

export function meanAbsoluteError(
  targets: ArrayLike<number>,
  predictions: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  requireSameLength(targets.length, predictions.length);
  return weightedMean(
    Array.from(targets, (target, i) => Math.abs(target - predictions[i]!)),
    weights,
  );
}

/** Agreement beyond chance (Cohen 1960): 0 where all answers and all truths are of one class. */
export function cohensKappa(
  targets: ArrayLike<number>,
  predictions: ArrayLike<number>,
  classCount: number,
  weights?: ArrayLike<number>,
): number {
  const { agreed, byChance } = agreementOf(confusionMatrix(targets, predictions, classCount, weights));
  return ratio(agreed - byChance, 1 - byChance);
}

/** Shares of all samples: right, right by chance, and by class how often it is there and is answered. */
export function agreementOf(confusion: ConfusionMatrix) {
  const count = sum(confusion.map(sum));
  const truths = confusion.map((row) => sum(row) / count);
  const answers = confusion.map((_, id) => sum(confusion.map((row) => row[id]!)) / count);
  const agreed = sum(confusion.map((row, id) => row[id]!)) / count;
  return { agreed, truths, answers, byChance: sum(truths.map((share, id) => share * answers[id]!)) };
}

/** What a model answered, beside what is true: class ids where there are classes, else numbers. */
export interface Answers {
  targets: ArrayLike<number>;
  predictions: ArrayLike<number>;
  /** 0 for numbers. */
  classCount: number;
  /** Of every class, row-major [samples, classCount]; left out where only the answers are known. */
  probabilities?: ArrayLike<number>;
  /** How much each sample counts, above 0; left out: all alike. */
  weights?: ArrayLike<number> | undefined;
}

const ofClasses = (score: (scores: ClassificationScores) => number) => (answers: Answers) =>
  score(classificationScores(answers.targets, answers.predictions, answers.classCount, answers.weights));
const ofNumbers = (score: (scores: RegressionScores) => number) => (answers: Answers) =>
  score(regressionScores(answers.targets, answers.predictions, answers.weights));

const ofProbabilities = (score: (answers: ProbableAnswers) => number) => (answers: Answers) =>
  score(requireProbabilities(answers));
const rankScore = (score: (ranked: RankedClass) => number) => (answers: ProbableAnswers) =>
  meanOverClasses(answers, score);

/** How each metric of the registry is computed. */
const FUNCTIONS: Record<Exclude<MetricName, 'all-right'>, (answers: Answers) => number> = {
  accuracy: ofClasses(({ accuracy }) => accuracy),
  'balanced-accuracy': ofClasses(({ balancedAccuracy }) => balancedAccuracy),
  'macro-f1': ofClasses(({ macroF1 }) => macroF1),
  r2: ofNumbers(({ r2 }) => r2),
  rmse: ofNumbers(({ rmse }) => rmse),
  mae: ({ targets, predictions, weights }) => meanAbsoluteError(targets, predictions, weights),
  kappa: ({ targets, predictions, classCount, weights }) =>
    cohensKappa(targets, predictions, classCount, weights),
  auroc: ofProbabilities(rankScore((ranked) => areaUnderRoc(ranked))),
  auprc: ofProbabilities(rankScore((ranked) => averagePrecision(ranked))),
  'log-loss': ofProbabilities((answers) => weightedMean(logLosses(answers), answers.weights)),
  brier: ofProbabilities((answers) => weightedMean(brierLosses(answers), answers.weights)),
};

/** A metric of probabilities asks for them: answers without are a mistake in the program. */
export function scoreOf(metric: MetricName, answers: Answers): number {
  if (metric === 'all-right') throw new Error('this metric is of several labels at once');
  return FUNCTIONS[metric](answers);
}

/** All metrics for labels of this kind that the answers tell, by name. */
export function allScores(target: Target, answers: Answers): Partial<Record<MetricName, number>> {
  const told = metricsFor(target).filter((metric) => answers.probabilities || !needsProbabilities(metric));
  return Object.fromEntries(told.map((metric) => [metric, scoreOf(metric, answers)]));
}
