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
 * moment, as early stopping goes back to. Null where no curve was kept.
 */
export function bestShare(
  { curve, labels, metric }: Pick<ResultRow, 'curve' | 'labels'> & { metric: MetricName },
  pace: Pace,
): number | null {
  if (!curve || curve.length === 0) return null;
  const [best] = [...curve].sort(
    (a, b) => asGain(metric, b.validation) - asGain(metric, a.validation) || a.step - b.step,
  );
  const { totalSteps } = plannedSteps(pace, labels, batchOfLabels(pace.batchSize, labels));
  return Math.min(1, best!.step / totalSteps);
}
