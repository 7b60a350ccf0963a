/**
 * What an electrode would have measured, from others on the head: spherical splines (Perrin et al., Electroenceph. clin.
 * Neurophysiol. 72, 1989), with MNE's stiffness, number of Legendre terms and smoothing.
 */
import type { Position } from './electrode-positions.ts';

const STIFFNESS = 4;
const TERMS = 50;
const SMOOTHING = 1e-5;

/**
 * Weights of the measured electrodes for each that is asked for.
 *
 * @param from at least one position; no two are the same
 * @returns row-major [to, from]; each row sums to 1
 */
export function interpolationWeights(from: readonly Position[], to: readonly Position[]): number[][] {
  const [known, asked] = [from.map(onSphere), to.map(onSphere)];
  const count = known.length;
  // Symmetric: the splines among the measured, and that a constant is a constant.
  const system = [...known, null].map((a, row) =>
    [...known, null].map((b, column) =>
      a && b ? spline(dot(a, b)) + (row === column ? SMOOTHING : 0) : a || b ? 1 : 0,
    ),
  );
  const right = asked.map((place) => [...known.map((one) => spline(dot(place, one))), 1]);
  // The system is symmetric, so a row of weights solves it for the row of splines.
  return solve(system, right).map((row) => row.slice(0, count));
}

const onSphere = (position: Position): Position => {
  const length = Math.hypot(...position);
  return [position[0] / length, position[1] / length, position[2] / length];
};
const dot = (a: Position, b: Position) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** The spline g(cos angle): a sum of Legendre polynomials. */
function spline(cosine: number): number {
  const x = Math.max(-1, Math.min(1, cosine));
  let [before, now, sum] = [1, x, 0];
  for (let n = 1; n <= TERMS; n += 1) {
    sum += ((2 * n + 1) / (n ** STIFFNESS * (n + 1) ** STIFFNESS * 4 * Math.PI)) * now;
    [before, now] = [now, ((2 * n + 1) * x * now - n * before) / (n + 1)];
  }
  return sum;
}

/** Gaussian elimination with the largest pivots, for several right sides at once: [sides, unknowns]. */
function solve(matrix: readonly (readonly number[])[], sides: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, at) => Float64Array.from([...row, ...sides.map((side) => side[at]!)]));
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < size; row += 1)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const lead = rows[column]!;
    if (lead[column] === 0) throw new Error('two electrodes lie at the same place');
    for (let row = 0; row < size; row += 1) {
      if (row === column) continue;
      const factor = rows[row]![column]! / lead[column]!;
      if (factor === 0) continue;
      for (let at = column; at < lead.length; at += 1) rows[row]![at]! -= factor * lead[at]!;
    }
  }
  return sides.map((_, side) => rows.map((row, at) => row[size + side]! / row[at]!));
}
