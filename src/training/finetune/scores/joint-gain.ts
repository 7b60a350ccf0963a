/** One number for the scores of several heads: by it training stops, and the best moment is kept. */
import { asGain, metricOf, type MetricName } from '../../../contract/results/metric.ts';
import type { TargetScale } from '../../../contract/model/model.ts';

export interface HeadScore {
  metric: MetricName;
  score: number;
  /** Of each number that is predicted, the same for all that is compared; null for others. */
  scales: readonly TargetScale[] | null;
}

/**
 * The mean over the heads; higher is better. Of one head it is its own score. Errors in the unit of numbers are taken
 * in deviations of all labels, whichever a seed drew: no unit decides how much a head counts.
 */
export function jointGain(heads: readonly HeadScore[]): number {
  if (heads.length === 1) return asGain(heads[0]!.metric, heads[0]!.score);
  return heads.reduce((sum, head) => sum + unitless(head), 0) / heads.length;
}

function unitless({ metric, score, scales }: HeadScore): number {
  const gain = asGain(metric, score);
  if (metricOf(metric).unit !== 'target' || !scales) return gain;
  return gain / (scales.reduce((sum, { deviation }) => sum + deviation, 0) / scales.length);
}
