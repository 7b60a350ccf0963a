/** Numbers as a head answers them, and in their own units. */
import type { Model, TargetScale } from '../../contract/model/model.ts';

/** Of each number that a member answers; null where it answers none. */
export const scalesOf = ({ scale, scales }: Model['members'][number]): TargetScale[] | null =>
  scales ?? (scale && [scale]);

/** @param answers row-major [samples, scales] */
export function restored(answers: Float32Array, scales: readonly TargetScale[] | null): Float32Array {
  if (!scales) return answers;
  return answers.map((value, i) => {
    const { mean, deviation } = scales[i % scales.length]!;
    return value * deviation + mean;
  });
}
