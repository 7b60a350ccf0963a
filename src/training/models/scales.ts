/** Numbers as a head answers them, and in their own units. */
import type { TargetScale } from '../../contract/model/model.ts';

/** @param answers row-major [samples, scales] */
export function restored(answers: Float32Array, scales: readonly TargetScale[] | null): Float32Array {
  if (!scales) return answers;
  return answers.map((value, i) => {
    const { mean, deviation } = scales[i % scales.length]!;
    return value * deviation + mean;
  });
}
