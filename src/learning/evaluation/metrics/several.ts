/**
 * Scores of several labels or numbers at once: those of each by itself, on the samples where it is known, and their mean
 * over all of them, as scikit-learn's “macro” and “uniform_average”. Pure numbers.
 */
import { LABEL_THRESHOLD } from '../../../contract/data/target.ts';
import { metricsFor, type MetricName } from '../../../contract/results/metric.ts';
import type { ResultRow } from '../../../contract/results/result.ts';
import { LEAST_PROBABILITY } from './sample-loss.ts';
import { classScores, confusionMatrix, scoreOf, weightedMean, type Answers } from './metrics.ts';
import { areaUnderRoc, averagePrecision, rankedBy, requireProbabilities } from './probability-scores.ts';

/** Both row-major [samples, width]; truths are NaN where they are not known. */
export interface SeveralAnswers {
  target: 'labels' | 'numbers';
  width: number;
  truths: ArrayLike<number>;
  /** Probabilities of labels, or numbers. */
  answers: ArrayLike<number>;
  /** How much each sample counts; left out: all alike. */
  weights?: ArrayLike<number> | undefined;
}

const isThere = (probability: number) => (probability >= LABEL_THRESHOLD ? 1 : 0);

/** What was answered for samples that have one target each, or several. */
export type GivenAnswers = Answers | SeveralAnswers;
export const areSeveral = (answers: GivenAnswers): answers is SeveralAnswers => 'truths' in answers;

/** How many samples were answered. */
export const countOf = (answers: GivenAnswers): number =>
  areSeveral(answers) ? answers.truths.length / answers.width : answers.targets.length;

/** The rows in which one target is known. */
export function rowsKnown(answers: SeveralAnswers, at: number): number[] {
  const rows: number[] = [];
  for (let row = 0; row < countOf(answers); row++)
    if (!Number.isNaN(answers.truths[row * answers.width + at])) rows.push(row);
  return rows;
}

/** One target by itself: a label as class 1 beside class 0. */
function oneOf(several: SeveralAnswers, at: number): { rows: number[]; answers: Answers } {
  const rows = rowsKnown(several, at);
  const taken = (list: ArrayLike<number>) =>
    Float64Array.from(rows, (row) => list[row * several.width + at]!);
  const [targets, given] = [taken(several.truths), taken(several.answers)];
  const weights = weightsOf(several.weights, rows);
  if (several.target === 'numbers')
    return { rows, answers: { targets, predictions: given, classCount: 0, weights } };
  const probabilities = new Float64Array(2 * rows.length);
  given.forEach((chance, i) => probabilities.set([1 - chance, chance], 2 * i));
  return {
    rows,
    answers: { targets, predictions: given.map(isThere), classCount: 2, probabilities, weights },
  };
}

/** Those of some of the rows. */
export const weightsOf = (weights: ArrayLike<number> | undefined, rows: readonly number[]) =>
  weights && Float64Array.from(rows, (row) => weights[row]!);

/** Null where it cannot be told: no sample has the label or all do, or none is known. */
export function scoreOfOne(metric: MetricName, answers: Answers): number | null {
  const { targets, predictions, classCount, weights } = answers;
  if (targets.length === 0) return null;
  if (classCount === 0) return scoreOf(metric, answers);
  if (metric === 'macro-f1') return classScores(confusionMatrix(targets, predictions, 2, weights))[1]!.f1;
  if (metric !== 'auroc' && metric !== 'auprc') return scoreOf(metric, answers);
  const ranked = rankedBy(requireProbabilities(answers), 1);
  if (ranked.positives === 0 || ranked.negatives === 0) return null;
  return metric === 'auroc' ? areaUnderRoc(ranked) : averagePrecision(ranked);
}

/** 0 of none. */
export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean over the targets of which it can be told. */
export function severalScore(metric: MetricName, several: SeveralAnswers): number {
  if (metric === 'all-right') {
    const right = allRight(several);
    if (right.size === 0) return 0;
    return weightedMean([...right.values()], weightsOf(several.weights, [...right.keys()]));
  }
  return mean(eachOf(several).flatMap(({ answers }) => scoreOfOne(metric, answers) ?? []));
}

/** Each target by itself, with the rows in which it is known. */
export const eachOf = (several: SeveralAnswers) =>
  Array.from({ length: several.width }, (_, at) => oneOf(several, at));

/** By row, 1 where all labels that are known are answered rightly; rows of which nothing is known are left out. */
export function allRight({ truths, answers, width }: SeveralAnswers): Map<number, number> {
  const found = new Map<number, number>();
  for (let row = 0; row < truths.length / width; row++) {
    let [known, right] = [0, 1];
    for (let i = row * width; i < (row + 1) * width; i++) {
      if (Number.isNaN(truths[i])) continue;
      known++;
      if (isThere(answers[i]!) !== truths[i]) right = 0;
    }
    if (known > 0) found.set(row, right);
  }
  return found;
}

/** All metrics for labels of this kind, by name. */
export const severalScores = (several: SeveralAnswers): Partial<Record<MetricName, number>> =>
  Object.fromEntries(metricsFor(several.target).map((metric) => [metric, severalScore(metric, several)]));

export function perTarget(
  several: SeveralAnswers,
  names: readonly string[],
): NonNullable<ResultRow['perTarget']> {
  return eachOf(several).map(({ rows, answers }, at) => ({
    name: names[at]!,
    samples: rows.length,
    ...(several.target === 'labels' && {
      positives: Array.from(answers.targets).filter((truth) => truth === 1).length,
    }),
    scores: Object.fromEntries(
      metricsFor(several.target)
        .filter((metric) => metric !== 'all-right')
        .flatMap((metric) => {
          const score = scoreOfOne(metric, answers);
          return score === null ? [] : [[metric, score]];
        }),
    ),
  }));
}

/** Every label of every sample as an answer of its own, as calibration takes answers; null for numbers. */
export function singleAnswers(several: SeveralAnswers) {
  if (several.target === 'numbers') return null;
  const known = Array.from(several.truths, (_, i) => i).filter((i) => !Number.isNaN(several.truths[i]));
  const probabilities = new Float64Array(2 * known.length);
  known.forEach((i, place) => probabilities.set([1 - several.answers[i]!, several.answers[i]!], 2 * place));
  return { targets: Int32Array.from(known, (i) => several.truths[i]!), probabilities, classCount: 2 };
}

/**
 * How wrong the answers on a sample are: of labels the mean cross-entropy in nats, of numbers the mean absolute error in
 * standard deviations of the truths, so that no unit outweighs another; over those that are known.
 */
export function severalLosses(several: SeveralAnswers): (row: number) => number {
  const { target, width, truths, answers } = several;
  const deviations = Array.from({ length: width }, (_, at) => {
    const own = rowsKnown(several, at).map((row) => truths[row * width + at]!);
    const centre = mean(own);
    return Math.sqrt(mean(own.map((value) => (value - centre) ** 2))) || 1;
  });
  const lossAt = (place: number, at: number) => {
    const [truth, answer] = [truths[place]!, answers[place]!];
    if (target === 'numbers') return Math.abs(answer - truth) / deviations[at]!;
    return -Math.log(Math.max(LEAST_PROBABILITY, truth === 1 ? answer : 1 - answer));
  };
  return (row) => {
    const known = Array.from({ length: width }, (_, at) => at).filter(
      (at) => !Number.isNaN(truths[row * width + at]),
    );
    return mean(known.map((at) => lossAt(row * width + at, at)));
  };
}
