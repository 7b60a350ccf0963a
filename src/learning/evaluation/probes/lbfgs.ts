/** Minimises a smooth function of many numbers: L-BFGS (Liu and Nocedal 1989) with a backtracking search. */

export interface Evaluation {
  value: number;
  gradient: Float64Array;
}

export interface LbfgsOptions {
  maximumIterations?: number;
  /** Stops where no entry of the gradient is larger. */
  gradientTolerance?: number;
  /** Pairs of steps that the curvature is estimated from. */
  memory?: number;
}

interface Pair {
  step: Float64Array;
  change: Float64Array;
  product: number;
}

const dot = (a: Float64Array, b: Float64Array) => {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
};
const largest = (a: Float64Array) => a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const moved = (from: Float64Array, direction: Float64Array, length: number) =>
  from.map((value, i) => value + length * direction[i]!);

/** Returns the point found; `start` is left as it is. Deterministic. */
export function minimize(
  evaluate: (point: Float64Array) => Evaluation,
  start: Float64Array,
  options: LbfgsOptions = {},
): Float64Array {
  const { maximumIterations = 200, gradientTolerance = 1e-4, memory = 10 } = options;
  let point: Float64Array = start.slice();
  let current = evaluate(point);
  const pairs: Pair[] = [];
  for (let iteration = 0; iteration < maximumIterations; iteration++) {
    if (largest(current.gradient) <= gradientTolerance) break;
    let direction = descentDirection(current.gradient, pairs);
    if (dot(direction, current.gradient) >= 0) {
      pairs.length = 0;
      direction = current.gradient.map((value) => -value);
    }
    const firstLength = pairs.length > 0 ? 1 : Math.min(1, 1 / (largest(direction) || 1));
    const next = search(evaluate, point, current, direction, firstLength);
    if (!next) break;
    remember(pairs, memory, point, current, next);
    ({ point, evaluation: current } = next);
  }
  return point;
}

interface Found {
  point: Float64Array;
  evaluation: Evaluation;
}

/** Halves the step until the value falls enough (Armijo); null where rounding leaves nothing to gain. */
function search(
  evaluate: (point: Float64Array) => Evaluation,
  from: Float64Array,
  current: Evaluation,
  direction: Float64Array,
  firstLength: number,
): Found | null {
  const slope = dot(direction, current.gradient);
  for (let length = firstLength; length > 1e-10; length /= 2) {
    const point = moved(from, direction, length);
    const evaluation = evaluate(point);
    if (evaluation.value <= current.value + 1e-4 * length * slope) return { point, evaluation };
  }
  return null;
}

function remember(pairs: Pair[], memory: number, from: Float64Array, before: Evaluation, next: Found): void {
  const step = next.point.map((value, i) => value - from[i]!);
  const change = next.evaluation.gradient.map((value, i) => value - before.gradient[i]!);
  const product = dot(step, change);
  // Without positive curvature the pair would spoil the estimate.
  if (product <= 1e-12 * dot(change, change)) return;
  pairs.push({ step, change, product });
  if (pairs.length > memory) pairs.shift();
}

/** Minus the inverse Hessian's estimate times the gradient (the two-loop recursion). */
function descentDirection(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  let direction = gradient.map((value) => -value);
  const weights: number[] = [];
  for (const pair of pairs.toReversed()) {
    const weight = dot(pair.step, direction) / pair.product;
    weights.push(weight);
    direction = moved(direction, pair.change, -weight);
  }
  const last = pairs.at(-1);
  if (last) {
    const scale = last.product / dot(last.change, last.change);
    direction = direction.map((value) => value * scale);
  }
  for (const pair of pairs) {
    const weight = weights.pop()! - dot(pair.change, direction) / pair.product;
    direction = moved(direction, pair.step, weight);
  }
  return direction;
}
