/** Whether two samples are near copies of each other: looked at in full, not by their signatures. */
import type { Plane, SampleForm, Signer } from './signature.ts';

/**
 * Images: least correlation of the grey pictures and of their slopes, at the best move by at most one pixel. Slopes
 * tell two shirts of one cut apart, which look alike as a whole. Signals: least correlation of the windows.
 *
 * Measured on real data (test/bench/cases/copies.ts).
 */
export const LEAST_LIKENESS = { image: 0.99, slope: 0.98, signal: 0.99 } as const;

/** Pixels along a side that are looked at: larger pictures are read at even distances. */
const MOST_POSITIONS = 48;

/** The likeness from 0 to 1 of two samples, or null when they are no copies. */
export function likeness(
  form: SampleForm,
  { shifts }: Pick<Signer, 'shifts'>,
  one: Plane,
  other: Plane,
): number | null {
  if (form.modality === 'signal') {
    const found = correlation(one, other);
    return found >= LEAST_LIKENESS.signal ? found : null;
  }
  let best: number | null = null;
  for (const shift of shifts) {
    const { picture, slope } = imageCorrelation(form.shape, one, other, shift);
    if (picture < LEAST_LIKENESS.image || slope < LEAST_LIKENESS.slope) continue;
    if (best === null || picture > best) best = picture;
  }
  return best;
}

/** Correlation of windows whose channels have mean 0. */
function correlation(one: Plane, other: Plane): number {
  let [own, others, both] = [0, 0, 0];
  for (let at = 0; at < one.length; at++) {
    own += one[at]! ** 2;
    others += other[at]! ** 2;
    both += one[at]! * other[at]!;
  }
  return own > 0 && others > 0 ? both / Math.sqrt(own * others) : 0;
}

function imageCorrelation(
  [height = 0, width = 0]: readonly number[],
  one: Plane,
  other: Plane,
  [down, right]: readonly [number, number],
): { picture: number; slope: number } {
  const step = Math.max(1, Math.ceil(Math.max(height, width) / MOST_POSITIONS));
  const move = down * width + right;
  let [count, sumA, sumB, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
  let [slopeA, slopeB, slopes] = [0, 0, 0];
  for (let y = 1; y < height - 2; y += step)
    for (let x = 1; x < width - 2; x += step) {
      const at = y * width + x;
      // `one` is the moved one, as in its signature.
      const [a, b] = [one[at + move]!, other[at]!];
      count++;
      sumA += a;
      sumB += b;
      aa += a * a;
      bb += b * b;
      ab += a * b;
      const [ax, ay] = [one[at + move + 1]! - a, one[at + move + width]! - a];
      const [bx, by] = [other[at + 1]! - b, other[at + width]! - b];
      slopeA += ax * ax + ay * ay;
      slopeB += bx * bx + by * by;
      slopes += ax * bx + ay * by;
    }
  const [varianceA, varianceB] = [aa - sumA ** 2 / count, bb - sumB ** 2 / count];
  return {
    picture:
      varianceA > 0 && varianceB > 0 ? (ab - (sumA * sumB) / count) / Math.sqrt(varianceA * varianceB) : 0,
    slope: slopeA > 0 && slopeB > 0 ? slopes / Math.sqrt(slopeA * slopeB) : 0,
  };
}
