/** Whether probabilities can be believed: reliability by bins, and the temperature that mends them. Pure numbers. */
import { TEMPERATURE_RANGE } from '../../../contract/results/temperature.ts';
import { LEAST_PROBABILITY } from '../metrics/sample-loss.ts';

/** Bins of equal width from 0 to 1, as Guo et al. 2017 use them. */
const CALIBRATION_BINS = 15;

/** Least float32 above 0: what a softmax rounded to 0 counts as when its logit is looked for. */
const LEAST_FLOAT = 2 ** -149;
const BISECTIONS = 60;

/** Class probabilities, row-major [rows, classCount], and the true class of each row. */
export interface Predictions {
  probabilities: ArrayLike<number>;
  targets: ArrayLike<number>;
  classCount: number;
}

export interface ReliabilityBin {
  count: number;
  /** Mean of the highest probabilities in the bin, and the share of them that are right; 0 in an empty bin. */
  confidence: number;
  accuracy: number;
}

export interface Reliability {
  /** Bin m holds the samples whose highest probability lies above m / bins and is at most (m + 1) / bins. */
  bins: ReliabilityBin[];
  /** Mean over samples of |accuracy − confidence| of their bin (Naeini et al. 2015), from 0 to 1. */
  expectedCalibrationError: number;
  /** Mean negative log probability of the true class, in nats. */
  logLoss: number;
}

/** Reliability of predictions (Guo et al. 2017, On Calibration of Modern Neural Networks). */
export function reliability(predictions: Predictions, binCount = CALIBRATION_BINS): Reliability {
  const { probabilities, targets, classCount } = predictions;
  requireRows(predictions);
  const sums = Array.from({ length: binCount }, () => ({ count: 0, confidence: 0, right: 0 }));
  let loss = 0;
  for (let row = 0; row < targets.length; row++) {
    const best = largestAt(probabilities, row * classCount, classCount);
    const confidence = probabilities[row * classCount + best]!;
    const bin = sums[Math.min(binCount - 1, Math.max(0, Math.ceil(confidence * binCount) - 1))]!;
    bin.count++;
    bin.confidence += confidence;
    bin.right += best === targets[row] ? 1 : 0;
    loss -= Math.log(Math.max(LEAST_PROBABILITY, probabilities[row * classCount + targets[row]!]!));
  }
  const gap = sums.reduce((sum, { confidence, right }) => sum + Math.abs(right - confidence), 0);
  return {
    bins: sums.map(({ count, confidence, right }) => ({
      count,
      confidence: count === 0 ? 0 : confidence / count,
      accuracy: count === 0 ? 0 : right / count,
    })),
    expectedCalibrationError: gap / targets.length,
    logLoss: loss / targets.length,
  };
}

/** Probabilities after dividing the logits by a temperature; the order of the classes stays. */
export function withTemperature(
  probabilities: ArrayLike<number>,
  classCount: number,
  temperature: number,
): Float64Array {
  const changed = new Float64Array(probabilities.length);
  for (let start = 0; start < changed.length; start += classCount) {
    const highest = logOf(probabilities[start + largestAt(probabilities, start, classCount)]!);
    let sum = 0;
    for (let i = start; i < start + classCount; i++) {
      changed[i] = Math.exp((logOf(probabilities[i]!) - highest) / temperature);
      sum += changed[i]!;
    }
    for (let i = start; i < start + classCount; i++) changed[i]! /= sum;
  }
  return changed;
}

/**
 * The temperature with the least log loss on these predictions, within `TEMPERATURE_RANGE`.
 *
 * In the inverse temperature the loss is convex, so the place where its slope changes sign is found by bisection.
 */
export function fitTemperature(predictions: Predictions): number {
  requireRows(predictions);
  const [coldest, hottest] = TEMPERATURE_RANGE;
  let low = Math.log(1 / hottest);
  let high = Math.log(1 / coldest);
  if (slope(predictions, Math.exp(low)) >= 0) return hottest;
  if (slope(predictions, Math.exp(high)) <= 0) return coldest;
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (slope(predictions, Math.exp(middle)) < 0) low = middle;
    else high = middle;
  }
  return Math.exp(-(low + high) / 2);
}

/** Derivative of the summed log loss by the inverse temperature: expected logit minus the true class's. */
function slope({ probabilities, targets, classCount }: Predictions, inverse: number): number {
  let total = 0;
  for (let row = 0; row < targets.length; row++) {
    const start = row * classCount;
    const highest = logOf(probabilities[start + largestAt(probabilities, start, classCount)]!);
    let weights = 0;
    let weighted = 0;
    for (let k = 0; k < classCount; k++) {
      const logit = logOf(probabilities[start + k]!) - highest;
      const weight = Math.exp(inverse * logit);
      weights += weight;
      weighted += weight * logit;
    }
    total += weighted / weights - (logOf(probabilities[start + targets[row]!]!) - highest);
  }
  return total;
}

const logOf = (probability: number) => Math.log(Math.max(LEAST_FLOAT, probability));

/** Place of the largest value within the row that begins at `start`; the first of equals. */
function largestAt(values: ArrayLike<number>, start: number, length: number): number {
  let best = 0;
  for (let i = 1; i < length; i++) if (values[start + i]! > values[start + best]!) best = i;
  return best;
}

function requireRows({ probabilities, targets, classCount }: Predictions): void {
  if (targets.length === 0) throw new RangeError('calibration needs at least one prediction');
  if (probabilities.length !== targets.length * classCount)
    throw new RangeError(
      `${targets.length} targets of ${classCount} classes need ${targets.length * classCount} probabilities, not ${probabilities.length}`,
    );
}
