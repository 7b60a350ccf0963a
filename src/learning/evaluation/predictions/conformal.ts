/**
 * Intervals around predicted numbers that hold the truth for a share of samples, whatever the model (split conformal
 * prediction: Lei et al. 2018, Distribution-Free Predictive Inference for Regression).
 */

export interface ConformalInterval {
  /** Share of new samples whose truth lies within. */
  level: number;
  /** On either side of the answer, in its unit. */
  halfWidth: number;
}

/**
 * The half width of a level is the ⌈(n + 1) × level⌉-th smallest distance of answer and truth among n held-out samples.
 * Levels for which there are too few samples are left out.
 */
export function conformalIntervals(
  answers: ArrayLike<number>,
  targets: ArrayLike<number>,
  levels: readonly number[],
): ConformalInterval[] {
  if (answers.length !== targets.length)
    throw new RangeError(`${targets.length} targets need ${targets.length} answers, not ${answers.length}`);
  const distances = Float64Array.from(answers, (answer, i) => Math.abs(answer - targets[i]!)).sort();
  return levels.flatMap((level) => {
    // A level of 0.9 must not become 0.9000000001 of the samples.
    const rank = Math.ceil((distances.length + 1) * level - 1e-9);
    return rank > distances.length || rank < 1 ? [] : [{ level, halfWidth: distances[rank - 1]! }];
  });
}
