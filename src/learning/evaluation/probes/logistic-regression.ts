/** Multinomial logistic regression on features, with an L2 penalty, to the optimum. */
import { tf } from '../../../tensor/index.ts';
import type { FeatureMatrix } from './features.ts';
import { minimize, type Evaluation } from './lbfgs.ts';

/** A linear map: raw answers are features · kernel + bias. */
export interface LinearModel {
  /** Row-major [columns, outputs]. */
  kernel: Float64Array;
  bias: Float64Array;
  outputs: number;
}

export interface LogisticOptions {
  classCount: number;
  /** Inverse of the penalty's strength, `C` of scikit-learn: the objective is C · Σ cross entropy + ½ ‖kernel‖². */
  inverseStrength: number;
  /** Weight of each sample; default 1. */
  weights?: ArrayLike<number>;
  /** Where to begin; the optimum does not depend on it. */
  start?: LinearModel;
}

/**
 * Fits by full-batch L-BFGS. The bias is not penalised. The optimum is that of scikit-learn's
 * LogisticRegression, which for two classes penalises the difference of both kernels.
 */
export function fitLogisticRegression(
  features: FeatureMatrix,
  classIds: ArrayLike<number>,
  options: LogisticOptions,
): LinearModel {
  const { rows, columns, values } = features;
  const { classCount, inverseStrength } = options;
  const size = columns * classCount;
  const weights = Float32Array.from({ length: rows }, (_, i) => options.weights?.[i] ?? 1);
  const penalty = (classCount === 2 ? 2 : 1) / (inverseStrength * rows);
  const x = tf.tensor2d(values, [rows, columns]);
  const targets = tf.tidy(() =>
    tf.cast(tf.oneHot(tf.tensor1d(Int32Array.from(classIds), 'int32'), classCount), 'float32'),
  );
  const importance = tf.tensor2d(weights, [rows, 1]);
  // Mean loss instead of C · sum: the same optimum on a scale that does not grow with the samples.
  const evaluate = (point: Float64Array): Evaluation => {
    const kernel = point.subarray(0, size);
    const gradient = new Float64Array(point.length);
    const [losses, slopes, sums] = dataTerms(x, targets, importance, point, classCount);
    let value = 0;
    for (const loss of losses) value += loss / rows;
    for (let i = 0; i < size; i++) {
      value += (penalty / 2) * kernel[i]! ** 2;
      gradient[i] = slopes[i]! / rows + penalty * kernel[i]!;
    }
    for (let k = 0; k < classCount; k++) gradient[size + k] = sums[k]! / rows;
    return { value, gradient };
  };
  const start = new Float64Array(size + classCount);
  if (options.start) {
    start.set(options.start.kernel);
    start.set(options.start.bias, size);
  }
  const found = minimize(evaluate, start, { gradientTolerance: 1e-6, maximumIterations: 300 });
  tf.dispose([x, targets, importance]);
  return { kernel: found.slice(0, size), bias: found.slice(size), outputs: classCount };
}

/** Weighted cross entropy of each row, and the sums of its gradients by kernel and by bias. */
function dataTerms(
  x: ReturnType<typeof tf.tensor2d>,
  targets: ReturnType<typeof tf.cast>,
  importance: ReturnType<typeof tf.tensor2d>,
  point: Float64Array,
  classCount: number,
): [Float32Array, Float32Array, Float32Array] {
  const size = x.shape[1] * classCount;
  const results = tf.tidy(() => {
    const kernel = tf.tensor2d(Float32Array.from(point.subarray(0, size)), [x.shape[1], classCount]);
    const bias = tf.tensor1d(Float32Array.from(point.subarray(size)));
    const logProbabilities = tf.logSoftmax(tf.add(tf.matMul(x, kernel), bias));
    const losses = tf.neg(tf.mul(importance, tf.mul(targets, logProbabilities)));
    const slope = tf.mul(importance, tf.sub(tf.exp(logProbabilities), targets));
    return [tf.sum(losses, 1), tf.matMul(x, slope as never, true), tf.sum(slope, 0)];
  });
  const arrays = results.map((tensor) => tensor.dataSync() as Float32Array);
  tf.dispose(results);
  return arrays as [Float32Array, Float32Array, Float32Array];
}

/** Raw answers, row-major [rows, outputs]: log-odds of classes, or numbers. */
export function applyLinearModel(model: LinearModel, features: FeatureMatrix): Float32Array {
  const answers = tf.tidy(() => {
    const x = tf.tensor2d(features.values, [features.rows, features.columns]);
    const kernel = tf.tensor2d(Float32Array.from(model.kernel), [features.columns, model.outputs]);
    return tf.add(tf.matMul(x, kernel), tf.tensor1d(Float32Array.from(model.bias)));
  });
  const values = answers.dataSync() as Float32Array;
  answers.dispose();
  return values;
}

/** The class with the largest value in each row of [rows, classCount]; the first of equals. */
export function largestClass(values: ArrayLike<number>, classCount: number): Int32Array {
  return Int32Array.from({ length: values.length / classCount }, (_, row) => {
    let best = 0;
    for (let k = 1; k < classCount; k++)
      if (values[row * classCount + k]! > values[row * classCount + best]!) best = k;
    return best;
  });
}

/** Probabilities of the classes from their logits, row-major [rows, classCount]. */
export function softmaxRows(logits: ArrayLike<number>, classCount: number): Float64Array {
  const shares = Float64Array.from(logits);
  for (let start = 0; start < shares.length; start += classCount) {
    const row = shares.subarray(start, start + classCount);
    const highest = Math.max(...row);
    let sum = 0;
    row.forEach((logit, k) => (sum += row[k] = Math.exp(logit - highest)));
    row.forEach((weight, k) => (row[k] = weight / sum));
  }
  return shares;
}
