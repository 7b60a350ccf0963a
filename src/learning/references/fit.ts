/**
 * Outside references for table rows: a linear model and boosted trees, fitted to the same labels as the arms of a study,
 * and chosen among few settings by the same validation samples.
 */
import { isCategory, type StoredColumn } from '../../contract/data/columns.ts';
import type { FeatureMatrix } from '../evaluation/probes/features.ts';
import { fitClassProbe, fitNumberProbe } from '../evaluation/probes/linear-probe.ts';
import { softmaxRows } from '../evaluation/probes/logistic-regression.ts';
import { answerBoostedTrees, fitBoostedTrees, type LabeledRows } from './boosted-trees.ts';

export interface ReferenceRequest {
  train: LabeledRows;
  /** Chooses among settings; is never learned from. */
  validation: LabeledRows;
  columns: readonly StoredColumn[];
  /** 0 for numbers. */
  classCount: number;
  /** Weight of each class; default 1. */
  classWeights?: readonly number[];
}

/** Class probabilities, row-major [rows, classes], or numbers. */
export type ReferenceAnswer = (rows: FeatureMatrix) => ArrayLike<number>;

/** Logistic regression for classes, ridge regression for numbers; the penalty is chosen on validation data. */
export function fitLinearReference(request: ReferenceRequest): ReferenceAnswer {
  const { train, validation, columns, classCount, classWeights } = request;
  const widen = (rows: FeatureMatrix) => indicatorColumns(rows, columns);
  const [fitting, choosing] = [train, validation].map((labeled) => ({
    ...labeled,
    features: widen(labeled.features),
  })) as [LabeledRows, LabeledRows];
  if (classCount === 0) {
    const probe = fitNumberProbe(fitting, choosing);
    return (rows) => probe.predict(widen(rows));
  }
  const probe = fitClassProbe(fitting, choosing, classCount, classWeights ? { classWeights } : {});
  return (rows) => softmaxRows(probe.answer(widen(rows)), classCount);
}

/** Sizes of trees that are tried: large ones for many rows, small ones for few. */
const TREE_SETTINGS = [
  { leaves: 31, leastSamples: 20 },
  { leaves: 7, leastSamples: 20 },
  { leaves: 7, leastSamples: 5 },
];
const MOST_ROUNDS = 500;

/** Boosted trees; their size and the number of rounds are chosen by the loss on validation data. */
export function fitTreesReference(request: ReferenceRequest): ReferenceAnswer {
  const { train, validation, columns, classCount, classWeights } = request;
  const categories = columns.map((column) => (isCategory(column) ? column.categories.length : 0));
  const fitted = TREE_SETTINGS.map((settings) =>
    fitBoostedTrees(train, {
      ...settings,
      classCount,
      categories,
      validation,
      rounds: MOST_ROUNDS,
      classWeights,
    }),
  );
  const best = fitted.reduce((one, other) => (other.validationLoss! < one.validationLoss! ? other : one));
  return (rows) => answerBoostedTrees(best, rows);
}

/** Numbers with their mean where unknown, and 1 where they are; of each category 1 where a row is of it. */
export function indicatorColumns(
  { values, rows, columns: width }: FeatureMatrix,
  columns: readonly StoredColumn[],
): FeatureMatrix {
  const starts: number[] = [];
  let size = 0;
  for (const column of columns) {
    starts.push(size);
    size += isCategory(column) ? column.categories.length : 2;
  }
  const wide = new Float32Array(rows * size);
  for (let row = 0; row < rows; row++)
    columns.forEach((column, place) => {
      const value = values[row * width + place]!;
      const at = row * size + starts[place]!;
      if (!isCategory(column)) {
        wide[at] = Number.isNaN(value) ? column.mean : value;
        wide[at + 1] = Number.isNaN(value) ? 1 : 0;
      } else if (value >= 0 && value < column.categories.length) wide[at + Math.round(value)] = 1;
    });
  return { values: wide, rows, columns: size };
}
