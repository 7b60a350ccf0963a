/** Channels that tell nothing, by their mean and deviation over training samples: whatever the unit, tesla or counts. */

/** The share of a number that is lost when it is stored as float32. */
const ROUNDING = 2 ** -24;
/** Below, a deviation has no inverse in float32. */
const LEAST = 1e-37;

/**
 * A channel that never changes, but for the rounding of stored values. The rule is relative: signals of 1e-13 tesla
 * vary as much as the same signals in other units, and an offset of a million does not make 0.5 vanish.
 */
export const isConstantChannel = (mean: number, standardDeviation: number): boolean =>
  !(standardDeviation > Math.max(LEAST, ROUNDING * Math.abs(mean)));
