/** Learning rates by step. */

export interface CosineSchedule {
  /** Highest learning rate, reached after the warm-up. */
  peak: number;
  warmupSteps: number;
  totalSteps: number;
}

/**
 * Linear warm-up from zero to `peak`, then half a cosine down to zero (Loshchilov and Hutter 2017, SGDR,
 * without restarts). `step` counts from 0; the first step of a warm-up already learns a little.
 */
export function cosineLearningRate({ peak, warmupSteps, totalSteps }: CosineSchedule, step: number): number {
  if (step < warmupSteps) return (peak * (step + 1)) / warmupSteps;
  const progress = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
  return (peak * (1 + Math.cos(Math.PI * progress))) / 2;
}
