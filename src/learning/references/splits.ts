/** The best way to part the rows of a leaf, from sums of gradients by bin. */
import { knownBins, UNKNOWN_BIN, type BinnedRows, type ColumnBins } from './bins.ts';

const BINS = UNKNOWN_BIN + 1;

/** Sums over the rows of a leaf, bin after bin of each column. */
export interface Histogram {
  gradients: Float64Array;
  hessians: Float64Array;
  counts: Int32Array;
}

export interface Gradients {
  first: Float64Array;
  second: Float64Array;
}

export interface Sums {
  gradient: number;
  hessian: number;
  count: number;
}

export interface SplitRules {
  /** Fewest rows of a leaf. */
  leastSamples: number;
  /** L2 penalty of leaf values. */
  penalty: number;
}

export interface Split {
  column: number;
  gain: number;
  /** Which bins go left; unknown values are the last of the 256. */
  left: Uint8Array;
  leftSums: Sums;
}

/** Least sum of second derivatives of a leaf. */
const LEAST_HESSIAN = 1e-3;
/** Categories of fewer effective rows are not told apart. */
const LEAST_SUPPORT = 10;

export function buildHistogram(
  { columns }: BinnedRows,
  { first, second }: Gradients,
  members: Int32Array,
): Histogram {
  const size = columns.length * BINS;
  const found: Histogram = {
    gradients: new Float64Array(size),
    hessians: new Float64Array(size),
    counts: new Int32Array(size),
  };
  const { gradients, hessians, counts } = found;
  columns.forEach((bins, column) => {
    const start = column * BINS;
    for (let i = 0; i < members.length; i++) {
      const row = members[i]!;
      const at = start + bins[row]!;
      gradients[at]! += first[row]!;
      hessians[at]! += second[row]!;
      counts[at]!++;
    }
  });
  return found;
}

/** The histogram of one half of a leaf from that of the leaf and of the other half. */
export function subtract(whole: Histogram, half: Histogram): Histogram {
  return {
    gradients: whole.gradients.map((value, at) => value - half.gradients[at]!),
    hessians: whole.hessians.map((value, at) => value - half.hessians[at]!),
    counts: whole.counts.map((value, at) => value - half.counts[at]!),
  };
}

const scoreOf = ({ gradient, hessian }: Sums, penalty: number) => gradient ** 2 / (hessian + penalty + 1e-12);

/** The split of a leaf with the largest gain; null where none gains anything, or leaves would be too small. */
export function bestSplit(
  histogram: Histogram,
  bins: readonly ColumnBins[],
  sums: Sums,
  rules: SplitRules,
): Split | null {
  let best: Split | null = null;
  const before = scoreOf(sums, rules.penalty);
  bins.forEach((own, column) => {
    for (const order of ordersOf(histogram, own, column, sums)) {
      const left: Sums = { gradient: 0, hessian: 0, count: 0 };
      for (let place = 0; place < order.bins.length; place++) {
        addBin(left, histogram, column * BINS + order.bins[place]!);
        if (place < order.from) continue;
        const right = {
          gradient: sums.gradient - left.gradient,
          hessian: sums.hessian - left.hessian,
          count: sums.count - left.count,
        };
        if (left.count < rules.leastSamples || left.hessian < LEAST_HESSIAN) continue;
        if (right.count < rules.leastSamples || right.hessian < LEAST_HESSIAN) break;
        const gain = scoreOf(left, rules.penalty) + scoreOf(right, rules.penalty) - before;
        if (gain <= (best?.gain ?? 1e-7)) continue;
        const side = new Uint8Array(BINS);
        for (const bin of order.bins.slice(0, place + 1)) side[bin] = 1;
        best = { column, gain, left: side, leftSums: { ...left } };
      }
    }
  });
  return best;
}

function addBin(sums: Sums, { gradients, hessians, counts }: Histogram, at: number): void {
  sums.gradient += gradients[at]!;
  sums.hessian += hessians[at]!;
  sums.count += counts[at]!;
}

/** The bins of known values, made once for each column: leaves are many. */
const orders = new WeakMap<ColumnBins, number[]>();
function inOrder(own: ColumnBins): number[] {
  const found = orders.get(own) ?? Array.from({ length: knownBins(own) }, (_, bin) => bin);
  orders.set(own, found);
  return found;
}

/** In which order bins may go left, one more at a time; the first `from` of them only together with the next. */
interface Order {
  bins: number[];
  from: number;
}

/**
 * Numbers from the lowest up, with the unknown on the right, and where there are some once more with them on the left.
 * Categories by their mean gradient (Fisher 1958), the unknown among them; those of little support always go right.
 */
function ordersOf(histogram: Histogram, own: ColumnBins, column: number, sums: Sums): Order[] {
  const start = column * BINS;
  const known = inOrder(own);
  const unknown = histogram.counts[start + UNKNOWN_BIN]! > 0;
  if (own.kind === 'number')
    return [{ bins: known, from: 0 }, ...(unknown ? [{ bins: [UNKNOWN_BIN, ...known], from: 1 }] : [])];
  const support = sums.count / Math.max(sums.hessian, 1e-12);
  const told = [...known, UNKNOWN_BIN].filter(
    (bin) => histogram.hessians[start + bin]! * support >= LEAST_SUPPORT,
  );
  if (told.length < 2) return [];
  const meanOf = (bin: number) =>
    histogram.gradients[start + bin]! / (histogram.hessians[start + bin]! + LEAST_SUPPORT);
  const rising = told.toSorted((a, b) => meanOf(a) - meanOf(b));
  // The smaller half goes left, from either end: the others, with all that is not told apart, go right.
  const middle = (rising.length + 1) >> 1;
  return [
    { bins: rising.slice(0, middle), from: 0 },
    { bins: rising.toReversed().slice(0, middle), from: 0 },
  ];
}
