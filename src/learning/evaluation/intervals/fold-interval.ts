/**
 * How sure a mean over folds is, each of which tests groups that it has not trained on.
 *
 * Folds, not samples, are what is independent: samples of one subject tell less than as many of several. But any two
 * folds train on nearly the same groups, so their scores spread less than those of other studies would, and Student's t
 * over folds holds the truth too seldom (86 to 94 times in a hundred with a linear classifier on made-up subjects; there
 * is no unbiased estimate of that variance, Bengio and Grandvalet 2004, JMLR 5, 1089–1105). The variance is therefore
 * raised by what training groups share, after Nadeau and Bengio (2003, Machine Learning 52, 239–281):
 *
 *     S² (1 / F + held out / trained on),    held out / trained on = 1 / (F − 1)
 *
 * With it the same studies held the truth 96 to 99 times.
 */
import tQuantile from '@stdlib/stats-base-dists-t-quantile';

/** Variance of a mean over folds, in variances of one fold's score. */
export const foldVariance = (folds: number): number => 1 / folds + 1 / (folds - 1);

/** @param scores of each fold, the mean over its seeds; null with fewer than two folds */
export function foldInterval(
  scores: readonly number[],
  confidence = 0.95,
): { mean: number; low: number; high: number } | null {
  const folds = scores.length;
  if (folds < 2) return null;
  const mean = scores.reduce((sum, score) => sum + score, 0) / folds;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (folds - 1);
  const half = tQuantile(0.5 + confidence / 2, folds - 1) * Math.sqrt(variance * foldVariance(folds));
  return { mean, low: mean - half, high: mean + half };
}
