/** Eigenvalues of symmetric matrices. */

/**
 * All eigenvalues of a symmetric matrix, in no particular order: Householder's reduction to three diagonals,
 * then the implicit QL method (Golub and Van Loan, "Matrix Computations", chapter 8).
 *
 * @param matrix row-major [n, n]; left as it is
 */
export function symmetricEigenvalues(matrix: Float64Array, n: number): Float64Array {
  const { diagonal, beside } = tridiagonal(matrix.slice(), n);
  for (let left = 0; left < n; left++) deflate(diagonal, beside, left);
  return diagonal;
}

interface Tridiagonal {
  diagonal: Float64Array;
  /** beside[i] stands between rows i and i + 1; the last is 0. */
  beside: Float64Array;
}

/** Reflects column after column onto its first entry below the diagonal. */
function tridiagonal(a: Float64Array, n: number): Tridiagonal {
  const beside = new Float64Array(n);
  const v = new Float64Array(n);
  const p = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    let length = 0;
    for (let i = k + 1; i < n; i++) length = Math.hypot(length, a[i * n + k]!);
    const first = a[(k + 1) * n + k]!;
    const target = first > 0 ? -length : length;
    beside[k] = target;
    if (length === 0) continue;
    let squares = 0;
    for (let i = k + 1; i < n; i++) {
      v[i] = a[i * n + k]! - (i === k + 1 ? target : 0);
      squares += v[i]! ** 2;
    }
    if (squares === 0) continue;
    reflectBothSides(a, n, k + 1, v, p, 2 / squares);
  }
  if (n > 1) beside[n - 2] = a[(n - 1) * n + n - 2]!;
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!), beside };
}

/** A ← H A H on rows and columns from `from`, with H = 1 − beta v vᵀ. */
function reflectBothSides(
  a: Float64Array,
  n: number,
  from: number,
  v: Float64Array,
  p: Float64Array,
  beta: number,
): void {
  let overlap = 0;
  for (let i = from; i < n; i++) {
    let sum = 0;
    for (let j = from; j < n; j++) sum += a[i * n + j]! * v[j]!;
    p[i] = beta * sum;
    overlap += p[i]! * v[i]!;
  }
  const share = (beta / 2) * overlap;
  for (let i = from; i < n; i++) p[i]! -= share * v[i]!;
  for (let i = from; i < n; i++)
    for (let j = from; j < n; j++) a[i * n + j]! -= v[i]! * p[j]! + p[i]! * v[j]!;
}

/** Turns until the entry beside row `left` vanishes, so that diagonal[left] is an eigenvalue. */
function deflate(diagonal: Float64Array, beside: Float64Array, left: number): void {
  const n = diagonal.length;
  for (let round = 0; round < 100; round++) {
    let right = left;
    while (right < n - 1 && !negligible(diagonal, beside, right)) right++;
    if (right === left) return;
    sweep(diagonal, beside, left, right);
  }
  throw new Error('The eigenvalues of a matrix were not found in 100 rounds.');
}

const negligible = (diagonal: Float64Array, beside: Float64Array, at: number) => {
  const size = Math.abs(diagonal[at]!) + Math.abs(diagonal[at + 1]!);
  return Math.abs(beside[at]!) <= Number.EPSILON * size || beside[at] === 0;
};

/** One implicit QL sweep with Wilkinson's shift over rows left … right. */
function sweep(diagonal: Float64Array, beside: Float64Array, left: number, right: number): void {
  const slope = (diagonal[left + 1]! - diagonal[left]!) / (2 * beside[left]!);
  const root = Math.hypot(slope, 1);
  let bulge = diagonal[right]! - diagonal[left]! + beside[left]! / (slope + (slope < 0 ? -root : root));
  let sine = 1;
  let cosine = 1;
  let moved = 0;
  for (let i = right - 1; i >= left; i--) {
    const lifted = sine * beside[i]!;
    const kept = cosine * beside[i]!;
    const length = Math.hypot(lifted, bulge);
    beside[i + 1] = length;
    if (length === 0) {
      diagonal[i + 1]! -= moved;
      beside[right] = 0;
      return;
    }
    sine = lifted / length;
    cosine = bulge / length;
    const shifted = diagonal[i + 1]! - moved;
    const turn = (diagonal[i]! - shifted) * sine + 2 * cosine * kept;
    moved = sine * turn;
    diagonal[i + 1] = shifted + moved;
    bulge = cosine * turn - kept;
  }
  diagonal[left]! -= moved;
  beside[left] = bulge;
  beside[right] = 0;
}
