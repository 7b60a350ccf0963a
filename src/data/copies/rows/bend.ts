/** The scale on which two numbers of a column that may be copies of each other lie equally near, whatever their size. */

/** For columns of which most numbers are the same: below this no two numbers need telling apart by cells. */
const SMALLEST_SCALE = 1e-30;

/**
 * Straight up to the scale of the column, by the logarithm beyond. Numbers that differ by a share of themselves, or of
 * the scale where that is larger, lie at most that share apart (and its square).
 */
export function createBend(scale: number): (value: number) => number {
  const unit = Math.max(scale, SMALLEST_SCALE);
  return (value) => {
    const size = Math.abs(value) / unit;
    if (size <= 1) return value / unit;
    return Math.sign(value) * (1 + Math.log(size));
  };
}
