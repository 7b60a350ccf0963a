/** How sure a score within one group of test samples (a subject, a site) is. Pure numbers. */
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { meanInterval, type Unit } from './uncertainty.ts';

export interface GroupInterval {
  mean: number;
  low: number;
  high: number;
}

/**
 * The 95 % interval of the mean over models, with what the test samples of the group leave open. One model alone has an
 * interval too: that of the samples. Null where there are fewer than two samples.
 */
export function groupInterval(units: readonly Unit[], confidence = 0.95): GroupInterval | null {
  const [only] = units;
  if (!only?.influences || only.influences.length < 2) return null;
  if (units.length > 1) return meanInterval(units, confidence);
  const blocks = only.influences.length;
  const variance =
    (blocks / (blocks - 1)) * Array.from(only.influences).reduce((sum, one) => sum + one ** 2, 0);
  const half = tQuantile(0.5 + confidence / 2, blocks - 1) * Math.sqrt(variance);
  return { mean: only.value, low: only.value - half, high: only.value + half };
}

/**
 * Where all of `count` answers are right (or all wrong) nothing varies, and nothing is certain for all that: how low the
 * true share may still be, by the exact interval of Clopper and Pearson (Biometrika 26, 1934, 404–413).
 */
export function unanimousBound(count: number, confidence = 0.95): number {
  return ((1 - confidence) / 2) ** (1 / count);
}

/** As how many samples of one weight weighted ones count: (Σ w)² / Σ w² (Kish, Survey Sampling, 1965). */
export function effectiveCount(weights: readonly number[]): number {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return sum ** 2 / weights.reduce((total, weight) => total + weight ** 2, 0);
}
