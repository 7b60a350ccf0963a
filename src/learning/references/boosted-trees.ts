/**
 * Gradient-boosted trees on histograms, in the style of LightGBM (Ke et al. 2017) and of scikit-learn's
 * HistGradientBoosting: bins, trees grown leaf by leaf, unknown values as a bin that goes where it is best, categories
 * by their mean gradient. Pure numbers, deterministic.
 *
 * The reference that anyone who knows tables asks for. Friedman 2001, Greedy Function Approximation: A Gradient Boosting
 * Machine.
 */
import { weightedMean } from '../evaluation/metrics/metrics.ts';
import { rowWeights } from '../evaluation/probes/linear-probe.ts';
import { softmaxRows } from '../evaluation/probes/logistic-regression.ts';
import type { FeatureMatrix } from '../evaluation/probes/features.ts';
import { binRows, findBins, type BinnedRows, type ColumnBins } from './bins.ts';
import { addTree, growTree, type Tree, type TreeRules } from './trees.ts';

export interface LabeledRows {
  /** Rows [N, D] in stored units, codes of categories among them, NaN where unknown. */
  features: FeatureMatrix;
  /** Class ids, or numbers. */
  targets: ArrayLike<number>;
  /** How much each row counts; left out: all alike. */
  weights?: ArrayLike<number> | undefined;
}

export interface BoostingOptions extends Partial<TreeRules> {
  /** 0 for numbers. */
  classCount: number;
  /** Number of categories of each column, 0 for numbers. */
  categories: readonly number[];
  /** Most rounds of boosting, each a tree (of more than two classes: a tree a class). */
  rounds?: number;
  /** Weight of each class, beside those of rows; default 1. */
  classWeights?: readonly number[] | undefined;
  /** By its loss the number of rounds is chosen; left out: all rounds. */
  validation?: LabeledRows;
  /** Rounds without a better validation loss after which boosting ends. */
  patience?: number;
}

export interface BoostedTrees {
  /** Of each round one tree for each output. */
  rounds: Tree[][];
  /** What is answered before any tree. */
  base: number[];
  bins: readonly ColumnBins[];
  classCount: number;
  /** Mean loss on the validation rows; null without any. */
  validationLoss: number | null;
}

const USUAL = { leaves: 31, leastSamples: 20, penalty: 0, learningRate: 0.1, rounds: 100, patience: 20 };

/** Outputs of a model: one for numbers and for two classes, else one a class. */
const outputsOf = (classCount: number) => (classCount > 2 ? classCount : 1);

export function fitBoostedTrees(labeled: LabeledRows, options: BoostingOptions): BoostedTrees {
  const { features, targets } = labeled;
  const { classCount, categories, classWeights, validation } = options;
  const weights = rowWeights(labeled, classWeights);
  const rules = { ...USUAL, ...options };
  const outputs = outputsOf(classCount);
  const importance = Float64Array.from({ length: features.rows }, (_, row) => weights?.[row] ?? 1);
  const bins = findBins(features, categories);
  const rows = binRows(features, bins);
  const base = baseOf(targets, importance, classCount);
  const model: BoostedTrees = { rounds: [], base, bins, classCount, validationLoss: null };
  const raw = repeated(base, features.rows);
  const held = validation && {
    rows: binRows(validation.features, bins),
    raw: repeated(base, validation.features.rows),
    targets: validation.targets,
    weights: validation.weights,
  };
  let best = { rounds: 0, loss: held ? meanLoss(held, classCount) : Infinity };
  for (let round = 0; round < rules.rounds; round++) {
    const gradients = gradientsOf(raw, targets, importance, classCount);
    const trees = gradients.map((own, output) => {
      const { tree, answers } = growTree(rows, own, rules);
      answers.forEach((value, row) => (raw[row * outputs + output]! += value));
      return tree;
    });
    model.rounds.push(trees);
    if (!held) continue;
    trees.forEach((tree, output) => addTree(tree, held.rows, held.raw, { start: output, stride: outputs }));
    const loss = meanLoss(held, classCount);
    if (loss < best.loss) best = { rounds: round + 1, loss };
    else if (round + 1 - best.rounds >= rules.patience) break;
  }
  return held ? { ...model, rounds: model.rounds.slice(0, best.rounds), validationLoss: best.loss } : model;
}

/** Probabilities of the classes, row-major [rows, classes], or numbers. */
export function answerBoostedTrees(model: BoostedTrees, features: FeatureMatrix): Float64Array {
  const rows: BinnedRows = binRows(features, model.bins);
  const outputs = outputsOf(model.classCount);
  const raw = repeated(model.base, rows.rows);
  for (const trees of model.rounds)
    trees.forEach((tree, output) => addTree(tree, rows, raw, { start: output, stride: outputs }));
  if (model.classCount === 0) return raw;
  if (outputs > 1) return softmaxRows(raw, model.classCount);
  return Float64Array.from({ length: 2 * rows.rows }, (_, at) => {
    const second = sigmoid(raw[at >> 1]!);
    return at % 2 === 1 ? second : 1 - second;
  });
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

const repeated = (base: readonly number[], rows: number) =>
  Float64Array.from({ length: rows * base.length }, (_, at) => base[at % base.length]!);

/** Mean of numbers, log-odds of two classes, logarithms of the shares of several; weighted. */
function baseOf(targets: ArrayLike<number>, weights: Float64Array, classCount: number): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (of: (target: number) => number) =>
    weights.reduce((sum, weight, row) => sum + weight * of(targets[row]!), 0) / total;
  if (classCount === 0) return [mean((target) => target)];
  const shares = Array.from({ length: classCount }, (_, id) =>
    Math.min(
      1 - LEAST_SHARE,
      Math.max(
        LEAST_SHARE,
        mean((target) => (target === id ? 1 : 0)),
      ),
    ),
  );
  if (classCount === 2) return [Math.log(shares[1]! / (1 - shares[1]!))];
  return shares.map(Math.log);
}
/** A class that no row is of has no share of 0, whose logarithm would be no number. */
const LEAST_SHARE = 1e-7;

/** First and second derivatives of the loss by each output: squared error / 2, or cross entropy. */
function gradientsOf(
  raw: Float64Array,
  targets: ArrayLike<number>,
  weights: Float64Array,
  classCount: number,
): { first: Float64Array; second: Float64Array }[] {
  const rows = weights.length;
  if (classCount === 0)
    return [{ first: weights.map((weight, row) => weight * (raw[row]! - targets[row]!)), second: weights }];
  const outputs = outputsOf(classCount);
  const shares = outputs > 1 ? softmaxRows(raw, classCount) : raw.map(sigmoid);
  return Array.from({ length: outputs }, (_, output) => {
    const own = outputs > 1 ? output : 1;
    const [first, second] = [new Float64Array(rows), new Float64Array(rows)];
    for (let row = 0; row < rows; row++) {
      const share = shares[row * outputs + output]!;
      first[row] = weights[row]! * (share - (targets[row] === own ? 1 : 0));
      second[row] = weights[row]! * share * (1 - share);
    }
    return { first, second };
  });
}

function meanLoss(
  { raw, targets, weights }: Pick<LabeledRows, 'targets' | 'weights'> & { raw: Float64Array },
  classCount: number,
): number {
  const rows = targets.length;
  const losses = new Float64Array(rows);
  const outputs = outputsOf(classCount);
  const shares = classCount > 2 ? softmaxRows(raw, classCount) : raw;
  for (let row = 0; row < rows; row++) {
    if (classCount === 0) losses[row] = (raw[row]! - targets[row]!) ** 2 / 2;
    else if (outputs === 1) losses[row] = Math.log1p(Math.exp(targets[row] === 1 ? -raw[row]! : raw[row]!));
    else losses[row] = -Math.log(Math.max(LEAST_SHARE, shares[row * outputs + targets[row]!]!));
  }
  return weightedMean(losses, weights);
}
