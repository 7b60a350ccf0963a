/** One number for the scores of several heads: by it training stops, and the best moment is kept. */
import { asGain, type MetricName } from '../../../contract/results/metric.ts';
import type { TargetScale } from '../../../contract/model/model.ts';

export interface HeadScore {
  metric: MetricName;
  score: number;
  /** Of each number that is predicted, the same for all that is compared; null for others. */
  scales: readonly TargetScale[] | null;
}

/**
 * The mean over the heads; higher is better. Of one head it is its own score.
 *
 * Of several each counts by a number from −1 to 1, where 1 is perfect: what has no bound would let one bad head decide
 * alone, and what has a unit would let the unit decide. Scores that head by head are told stay as they are.
 */
export function jointGain(heads: readonly HeadScore[]): number {
  if (heads.length === 1) return asGain(heads[0]!.metric, heads[0]!.score);
  return heads.reduce((sum, head) => sum + comparable(head), 0) / heads.length;
}

/**
 * What the heads gained together at an earlier step, by the scores that they had there.
 *
 * A checkpoint keeps the number as well; of another build's it may have come about otherwise, and the two would not
 * compare. Null where a head was not looked at there.
 *
 * @param curves of each head, in the heads' order
 */
export function gainAt(
  heads: readonly Omit<HeadScore, 'score'>[],
  curves: readonly (readonly { step: number; validation: number }[])[],
  step: number,
): number | null {
  const scores = heads.flatMap((head, at) => {
    const moment = curves[at]?.find((one) => one.step === step);
    return moment ? [{ ...head, score: moment.validation }] : [];
  });
  return scores.length === heads.length ? jointGain(scores) : null;
}

/** From −1 to 1, and never less where the score is better. */
function comparable({ metric, score, scales }: HeadScore): number {
  switch (metric) {
    case 'r2':
      return bounded(score);
    case 'rmse':
      // As R² is: the share of the variance of all labels that is explained.
      return bounded(1 - inDeviations(score, scales) ** 2);
    case 'mae':
      return bounded(1 - inDeviations(score, scales));
    case 'log-loss':
      // The probability that the truth is given, as a geometric mean.
      return Math.exp(-score);
    case 'brier':
      // From 0, perfect, to 2.
      return 1 - score;
    case 'accuracy':
    case 'all-right':
    case 'balanced-accuracy':
    case 'macro-f1':
    case 'kappa':
    case 'auroc':
    case 'auprc':
      return score;
  }
}

/**
 * As it is from 0, which is no better than the mean of the labels, to 1; below, where there is no end, ever slower
 * towards −1: −1 becomes −1/2, −40 becomes −40/41.
 */
const bounded = (score: number): number => (score >= 0 ? score : score / (1 - score));

/** In deviations of all labels, whichever a seed drew; of several numbers in their mean. */
function inDeviations(error: number, scales: readonly TargetScale[] | null): number {
  if (!scales || scales.length === 0) return error;
  return error / (scales.reduce((sum, { deviation }) => sum + deviation, 0) / scales.length);
}
