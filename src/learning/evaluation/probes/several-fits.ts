/** Several labels or numbers by models that answer one: each gets a fit of its own, to the rows where it is known. */
import { selectRows, type FeatureMatrix } from './features.ts';

/** Class probabilities, row-major [rows, classes], or numbers. */
export type RowAnswer = (rows: FeatureMatrix) => ArrayLike<number>;

/** Rows with their class ids or numbers. */
export interface LabeledRows {
  features: FeatureMatrix;
  targets: Float64Array;
  /** How much each row counts; left out: all alike. */
  weights?: Float64Array | undefined;
}

/**
 * Learns from the labeled rows; those for validation only choose among settings.
 *
 * @param classCount 0 for numbers
 */
export type FitOne = (labeled: LabeledRows, validation: LabeledRows, classCount: number) => RowAnswer;

/**
 * By target, the rows in which it is known.
 *
 * @param targets row-major [rows, width], NaN where one is not known
 */
export function knownRows(
  features: FeatureMatrix,
  targets: ArrayLike<number>,
  width: number,
  weights?: Float64Array,
): LabeledRows[] {
  return Array.from({ length: width }, (_, at) => {
    const own = Float64Array.from({ length: features.rows }, (_value, row) => targets[row * width + at]!);
    const rows = [...own.keys()].filter((row) => !Number.isNaN(own[row]));
    return {
      features: selectRows(features, rows),
      targets: Float64Array.from(rows, (row) => own[row]!),
      ...(weights && { weights: Float64Array.from(rows, (row) => weights[row]!) }),
    };
  });
}

/**
 * @param labeled by target; so is what chooses among settings
 * @returns row-major [rows, targets]: probabilities of labels, or numbers
 */
export function fitEach(
  labeled: readonly LabeledRows[],
  validation: readonly LabeledRows[],
  target: 'labels' | 'numbers',
  fit: FitOne,
): RowAnswer {
  const width = labeled.length;
  const answers = labeled.map((own, at) => {
    // Where no validation sample is known, nothing else can choose.
    const choosing = validation[at]!.targets.length > 0 ? validation[at]! : own;
    return target === 'labels' ? fitLabel(own, choosing, fit) : fitNumber(own, choosing, fit);
  });
  return (rows) => {
    const found = new Float64Array(rows.rows * width);
    answers.forEach((answer, at) => {
      const own = answer(rows);
      for (let row = 0; row < rows.rows; row++) found[row * width + at] = own[row]!;
    });
    return found;
  };
}

const always =
  (value: number): RowAnswer =>
  (rows: FeatureMatrix) =>
    new Float64Array(rows.rows).fill(value);

/** The probability that a row has the label. From rows that all have it, or none, follows no more than how many. */
function fitLabel(own: LabeledRows, choosing: LabeledRows, fit: FitOne): RowAnswer {
  const having = own.targets.filter((value) => value === 1).length;
  const count = own.targets.length;
  // Laplace's rule: no label is impossible for not having been seen.
  if (having === 0 || having === count) return always((having + 1) / (count + 2));
  const answer = fit(own, choosing, 2);
  return (rows) => {
    const probabilities = answer(rows);
    return Float64Array.from({ length: rows.rows }, (_, row) => probabilities[2 * row + 1]!);
  };
}

function fitNumber(own: LabeledRows, choosing: LabeledRows, fit: FitOne): RowAnswer {
  return own.targets.length === 0 ? always(0) : fit(own, choosing, 0);
}
