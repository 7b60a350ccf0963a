/** How long a fine-tuning trains, and where on the way it was best. */
import { asGain, type MetricName } from '../results/metric.ts';
import type { ResultRow } from '../results/result.ts';
import type { FinetuneConfig } from './recipe.ts';

export type Pace = Pick<FinetuneConfig, 'epochs' | 'minimumSteps' | 'batchSize'>;

/** Steps of one training: the epochs asked for, but with few labels at least the least number of steps. */
export function plannedSteps(
  { epochs, minimumSteps }: Omit<Pace, 'batchSize'>,
  labels: number,
  batchSize: number,
): { stepsPerEpoch: number; totalSteps: number } {
  const stepsPerEpoch = Math.max(1, Math.floor(labels / batchSize));
  return { stepsPerEpoch, totalSteps: Math.max(epochs * stepsPerEpoch, minimumSteps) };
}

/** No batch is larger than the labels there are. */
export const batchOfLabels = (batchSize: number, labels: number) => Math.min(batchSize, labels);

/**
 * Share of its planned steps after which the validation score of a seed was best, above 0 and at most 1; the first such
 * moment, as early stopping goes back to. Null where no curve was kept, and where several heads were trained at once
 * by a version that did not note it: the curve of one does not tell.
 *
 * @param heads that were trained at once
 */
export function bestShare(
  {
    curve,
    labels,
    metric,
    bestShare: noted,
  }: Pick<ResultRow, 'curve' | 'labels' | 'bestShare'> & { metric: MetricName },
  pace: Pace,
  heads = 1,
): number | null {
  if (heads > 1) return noted ?? null;
  if (!curve || curve.length === 0) return null;
  const [best] = [...curve].sort(
    (a, b) => asGain(metric, b.validation) - asGain(metric, a.validation) || a.step - b.step,
  );
  const { totalSteps } = plannedSteps(pace, labels, batchOfLabels(pace.batchSize, labels));
  return Math.min(1, best!.step / totalSteps);
}
