/**
 * Linear probe: how much of the answer a linear model finds in fixed features.
 *
 * Features are standardised by the training features; the strength of the penalty is the one with the best
 * score on validation data (the strongest of equals). Deterministic.
 */
import type { FeatureMatrix } from './features.ts';
import { fitStandardizer, ofMeanOne, standardize } from './features.ts';
import {
  applyLinearModel,
  fitLogisticRegression,
  largestClass,
  type LinearModel,
} from './logistic-regression.ts';
import { classificationScores, regressionScores } from '../metrics/metrics.ts';
import { fitRidge } from './ridge.ts';

export interface LabeledFeatures {
  features: FeatureMatrix;
  /** Class ids, or numbers. */
  targets: ArrayLike<number>;
  /** How much each counts; left out: all alike. */
  weights?: ArrayLike<number> | undefined;
}

export interface ProbeOptions {
  /** Strengths to try (1 / C of scikit-learn for classes, alpha for numbers), strongest first. */
  strengths?: readonly number[];
  /** Weight of each class in training; default 1. */
  classWeights?: readonly number[];
}

export interface LinearProbe {
  /** The chosen strength. */
  strength: number;
  /** Balanced accuracy or R² on the validation data, by which it was chosen. */
  validation: number;
  /** Class ids, or numbers. */
  predict(features: FeatureMatrix): Float64Array;
  /** Logits of the classes, row-major [rows, classes], or numbers. */
  answer(features: FeatureMatrix): Float32Array;
}

const STRENGTHS = [1000, 100, 10, 1, 0.1, 0.01];

/** Trains with every strength on `train`, keeps the one that is best on `validation`. */
export function fitClassProbe(
  train: LabeledFeatures,
  validation: LabeledFeatures,
  classCount: number,
  { strengths = STRENGTHS, classWeights }: ProbeOptions = {},
): LinearProbe {
  const weights = rowWeights(train, classWeights);
  let start: LinearModel | undefined;
  return fitBest(train, validation, strengths, {
    fit(features, strength) {
      start = fitLogisticRegression(features, train.targets, {
        classCount,
        inverseStrength: 1 / strength,
        weights,
        start,
      });
      return start;
    },
    read: (answers) => Float64Array.from(largestClass(answers, classCount)),
    score: ({ targets, weights: counted }, predictions) =>
      classificationScores(targets, predictions, classCount, counted).balancedAccuracy,
  });
}

/** What each row counts in training: its own weight times that of its class; undefined where all count alike. */
export function rowWeights(
  { targets, weights }: Pick<LabeledFeatures, 'targets' | 'weights'>,
  classWeights: readonly number[] | undefined,
): Float64Array | undefined {
  if (!weights && !classWeights) return undefined;
  const own = weights ? ofMeanOne(weights) : new Float64Array(targets.length).fill(1);
  return own.map((weight, row) => weight * (classWeights?.[targets[row]!] ?? 1));
}

/** The same for numbers, by ridge regression and R². */
export function fitNumberProbe(
  train: LabeledFeatures,
  validation: LabeledFeatures,
  { strengths = STRENGTHS }: ProbeOptions = {},
): LinearProbe {
  const weights = rowWeights(train, undefined);
  return fitBest(train, validation, strengths, {
    fit: (features, strength) => fitRidge(features, train.targets, strength, weights),
    read: (answers) => Float64Array.from(answers),
    score: ({ targets, weights: counted }, predictions) => regressionScores(targets, predictions, counted).r2,
  });
}

interface ProbeKind {
  fit(features: FeatureMatrix, strength: number): LinearModel;
  read(answers: Float32Array): Float64Array;
  score(validation: LabeledFeatures, predictions: Float64Array): number;
}

function fitBest(
  train: LabeledFeatures,
  validation: LabeledFeatures,
  strengths: readonly number[],
  kind: ProbeKind,
): LinearProbe {
  const standardizer = fitStandardizer(train.features);
  const features = standardize(train.features, standardizer);
  const held = standardize(validation.features, standardizer);
  let best: { model: LinearModel; strength: number; score: number } | undefined;
  for (const strength of strengths) {
    const model = kind.fit(features, strength);
    const score = kind.score(validation, kind.read(applyLinearModel(model, held)));
    if (!best || score > best.score) best = { model, strength, score };
  }
  if (!best) throw new RangeError('a linear probe needs at least one strength');
  const { model, strength, score } = best;
  const answer = (rows: FeatureMatrix) => applyLinearModel(model, standardize(rows, standardizer));
  return { strength, validation: score, answer, predict: (rows) => kind.read(answer(rows)) };
}
